"""What every chapter keeps to: its length, its claims, its numbers, its notebooks."""

import itertools
import re
import tomllib
from pathlib import Path

import nbformat
import pytest

from coursekit import exercises
from coursekit.stub import definition, stub

ROOT = Path(__file__).parents[1]
SLUGS = sorted(path.stem for path in (ROOT / "solutions").glob("*.md"))
CLAIMS = tomllib.loads((ROOT / "docs" / "claims.toml").read_text("utf-8"))


def solution(slug):
    return nbformat.read(ROOT / "solutions" / f"{slug}.ipynb", as_version=4)


def chapter(slug):
    return nbformat.read(ROOT / "chapters" / f"{slug}.ipynb", as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    """The text that a reader reads, without code, mathematics, headings and exercises."""
    cells = [c for c in notebook.cells if c.cell_type == "markdown" and not c.id.startswith("ask-")]
    text = "\n".join(cell.source for cell in cells)
    text = re.sub(r"(?ms)^## Further reading.*", "", text)
    return re.sub(r"(?m)^#+ .*$|`[^`]*`", " ", text)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_chapter_has_every_declared_exercise_once_and_in_order(slug):
    tagged = [c for c in code_cells(solution(slug)) if "exercise" in c.metadata.get("tags", [])]
    names = [definition(cell.source)[0] for cell in tagged]
    assert names == [exercise.name for exercise in exercises.chapters()[slug]]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_cell_of_a_solution_was_executed_in_order(slug):
    counts = [cell.execution_count for cell in code_cells(solution(slug))]
    assert counts == list(range(1, len(counts) + 1))


@pytest.mark.parametrize("slug", SLUGS)
def test_a_chapter_is_its_solution_without_answers_and_outputs(slug):
    solved, handed_out = solution(slug).cells, chapter(slug).cells
    assert [cell.id for cell in solved] == [cell.id for cell in handed_out]
    for full, bare in zip(solved, handed_out, strict=True):
        is_answer = "exercise" in full.metadata.get("tags", [])
        assert bare.source == (stub(full.source) if is_answer else full.source)
        assert not bare.get("outputs")
        assert bare.get("execution_count") is None


@pytest.mark.parametrize("slug", SLUGS)
def test_a_chapter_meets_the_claims_assigned_to_it(slug):
    cells = code_cells(solution(slug))
    met = {claim for cell in cells for claim in cell.metadata.get("claims", [])}
    assert met == {name for name, claim in CLAIMS.items() if slug in claim["chapters"]}


def test_every_claim_is_met_in_some_chapter():
    assert [name for name, claim in CLAIMS.items() if not claim["chapters"]] == []
    assert {slug for claim in CLAIMS.values() for slug in claim["chapters"]} <= set(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_cell_that_settles_a_claim_asserts_something(slug):
    for cell in code_cells(solution(slug)):
        if "claims" in cell.metadata:
            assert re.search(r"(?m)^\s*assert ", cell.source), cell.source


@pytest.mark.parametrize("slug", SLUGS)
def test_every_number_in_the_prose_is_in_a_cell_that_asserts(slug):
    asserted = "\n".join(c.source for c in code_cells(solution(slug)) if "assert " in c.source)
    known = {float(n) for n in re.findall(r"\d+(?:\.\d+)?(?:e-?\d+)?", asserted)}
    quoted = re.findall(r"(?<![\w.])\d+\.\d+(?:e-?\d+)?(?![\w.]*\d)", prose(solution(slug)))
    missing = {number for number in quoted if float(number) not in known}
    assert not missing


@pytest.mark.parametrize("slug", SLUGS)
def test_every_figure_has_alt_text(slug):
    for cell in code_cells(solution(slug)):
        if any("image/png" in output.get("data", {}) for output in cell.outputs):
            assert len(cell.metadata.mystnb.image.alt) > 40


@pytest.mark.parametrize("slug", SLUGS)
def test_a_chapter_keeps_to_its_length(slug):
    cells = solution(slug).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    lines = [line for cell in code for line in cell.source.splitlines() if line.strip()]
    words = sum(len(cell.source.split()) for cell in cells if cell.cell_type == "markdown")
    assert len(cells) <= 60
    assert words <= 2500
    assert len(lines) <= 250
    assert max(len(cell.source.splitlines()) for cell in code) <= 20
    assert (ROOT / "solutions" / f"{slug}.ipynb").stat().st_size <= 1_000_000


@pytest.mark.parametrize("slug", SLUGS)
def test_text_stands_between_any_two_code_cells(slug):
    cells = solution(slug).cells
    for first, second in itertools.pairwise(cells):
        if first.cell_type == second.cell_type == "code":
            assert first.id.startswith("answer-"), second.source
            assert second.id.startswith("check-"), second.source


@pytest.mark.parametrize("slug", SLUGS)
def test_a_chapter_has_a_title_objectives_predictions_recap_and_reading(slug):
    text = "\n".join(c.source for c in solution(slug).cells if c.cell_type == "markdown")
    number = int(slug[:2])
    assert text.startswith(f"# {number} · ")
    assert "After this chapter you can" in text
    assert text.count("> **Predict.**") >= 5
    assert "## Recap" in text
    assert text.index("## Recap") < text.index("## Further reading")
