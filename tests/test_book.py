"""The book: what a page hides and keeps, how other pages lead to it, what is refused."""

import doctest
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from book import chapters, docstrings, finish, offline, pages
from coursekit import exercises
from coursekit.stub import stub

ROOT = Path(__file__).parents[1]
COURSE = exercises.chapters()


def read(slug):
    return nbformat.read(ROOT / "solutions" / f"{slug}.ipynb", as_version=4)


@pytest.fixture(scope="module", params=list(COURSE))
def chapter(request):
    slug = request.param
    return slug, read(slug), chapters.in_book(read(slug), exercises.every())


def outside_folds(notebook):
    """Everything that a reader sees before unfolding anything."""
    shown = []
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        shown += [cell.source] if not {"hide-cell", "hide-input"} & set(tags) else []
        if "hide-cell" not in tags:
            shown += [str(output) for output in cell.get("outputs", [])]
    return "\n".join(shown)


def test_every_solution_is_folded_and_its_stub_is_not(chapter):
    _, solved, page = chapter
    shown = outside_folds(page)
    answers = [cell for cell in solved.cells if cell.id.startswith("answer-")]
    assert answers
    for answer in answers:
        assert answer.source not in shown
        assert f"```python\n{stub(answer.source)}\n" in shown
    assert "of-points" not in shown
    assert "✓" not in shown


def test_every_solution_is_there_with_its_verdict(chapter):
    slug, solved, page = chapter
    folded = {c.id: c for c in page.cells if "hide-cell" in c.metadata.get("tags", [])}
    assert set(folded) == {c.id for c in solved.cells if c.id.startswith("answer-")}
    assert len(folded) == len(COURSE[slug])
    for cell in folded.values():
        assert "check(" in cell.source
        assert "✓" in str(cell.outputs)
        assert cell.metadata["mystnb"]["code_prompt_show"] == "Show a solution"


def test_every_exercise_is_asked_with_all_its_hints_folded_one_by_one(chapter):
    slug, _, page = chapter
    asked = {cell.id: cell.source for cell in page.cells if cell.id.startswith("ask-")}
    for exercise in COURSE[slug]:
        source = asked.pop(f"ask-{exercise.name.replace('_', '-')}")
        task, *folded = source.split('<details class="hint">')
        assert exercise.prompt.strip() in task
        assert "Run `hint(" not in source
        for hint, fold in zip(exercise.hints, folded, strict=True):
            assert fold.count(hint) == fold.count("</details>") == 1
    assert not asked


def test_nothing_else_is_lost(chapter):
    _, solved, page = chapter
    text = "\n".join(cell.source for cell in page.cells)
    for cell in solved.cells:
        if not cell.id.startswith("ask-"):
            assert all(line in text for line in cell.source.splitlines())
    figures = sum(
        "image/png" in o.get("data", {}) for c in solved.cells for o in c.get("outputs", [])
    )
    assert figures == str(page.cells).count("'image/png'")


def test_making_a_page_leaves_the_notebook_alone():
    solved = read("01_definition")
    chapters.in_book(solved, exercises.every())
    assert solved == read("01_definition")


def test_a_section_and_an_exercise_can_be_linked_to():
    page = chapters.in_book(read("03_precision"), exercises.every())
    text = "\n".join(cell.source for cell in page.cells)
    assert "(sec-3-1)=\n## 3.1 Where σ arrives" in text
    assert "(exercise-stable_sigmoid)=\n### Exercise · `stable_sigmoid`" in text
    assert (
        pages.in_docs(r"[3.1 At \| last](../solutions/03_x.ipynb)") == r"[3.1 At \| last](#sec-3-1)"
    )


def test_the_front_page_lists_every_chapter_in_order():
    front = pages.front("# Course\n[why](docs/adr)\n", list(COURSE))
    assert front.startswith("# Course\n[why](docs/adr/index.md)\n")
    places = [front.index(f"chapters/{slug}\n") for slug in COURSE]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("written", "set_"),
    [
        ("2^−52 of it", r"2\ :sup:`−52`\  of it"),
        ("α(e^min(x, 0) − 1)", r"α(e\ :sup:`min(x, 0)`\  − 1)"),
        ("e^−2|x|, |y|", "e\\ :sup:`−2|x|`\\ , \\|y\\|"),
        ("ε^(1/3)", r"ε\ :sup:`1/3`\ "),
        ("`f(x)` and ``y^2`` *", r"``f(x)`` and ``y^2`` \*"),
    ],
)
def test_formulas_in_docstrings_are_set(written, set_):
    assert docstrings.marked_up([written]) == [set_]


def test_examples_in_docstrings_stay_as_they_are():
    lines = [">>> x ** 2 | y", "array([2^3 | 1])", ""]
    assert docstrings.marked_up([*lines, "a | b"]) == [*lines, r"a \| b"]


def parsed(html):
    return BeautifulSoup(html, "html.parser")


def found_on(folder, body):
    page = f"<html><body id='top'>{body}</body></html>"
    (folder / "a.html").write_text(page, "utf-8")
    return list(offline.problems(folder, {folder / "a.html": parsed(page)}))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<script src='https://x.org/a.js'></script>", "loads https://x.org/a.js from elsewhere"),
        ("<link rel='stylesheet' href='//x.org/a.css'>", "loads //x.org/a.css from elsewhere"),
        ("<img src='https://x.org/a.png' alt='a'>", "loads https://x.org/a.png from elsewhere"),
        (
            "<style>@import 'https://x.org/a.css'</style>",
            "loads https://x.org/a.css from elsewhere",
        ),
        ("<img src='a.html'>", "the picture a.html has no alt text"),
        ("<img src='a.html' alt=' '>", "the picture a.html has no alt text"),
        ("<a href='b.html'>b</a>", "the link b.html leads to no file"),
        ("<a href='a.html#there'>b</a>", "the link a.html#there leads to no place"),
        ("<a href='#there'>b</a>", "the link #there leads to no place"),
    ],
)
def test_a_built_page_is_refused(tmp_path, body, problem):
    [sentence] = found_on(tmp_path, body)
    assert sentence.startswith(f"a.html: {problem}")


def test_a_sound_page_is_not_refused(tmp_path):
    links = "<a href='https://x.org'>x</a><a href='a.html#top'>a</a><a href='#top'>b</a>"
    assert found_on(tmp_path, f"{links}<img src='data:image/png;base64,' alt='A curve.'>") == []


def test_a_finished_page_has_a_title_and_no_empty_header():
    page = parsed("<article id='furo-main-content'><table><tr><th> </th><th>a</th></tr></table>")
    finish.finish(page)
    once = str(page)
    assert "<h1>Search</h1>" in once
    assert (once.count("<th>"), once.count("<td>")) == (1, 1)
    finish.finish(page)
    assert str(page) == once


@pytest.mark.parametrize("module", [docstrings, finish, pages])
def test_the_examples_of_a_module_hold(module):
    assert doctest.testmod(module).failed == 0
