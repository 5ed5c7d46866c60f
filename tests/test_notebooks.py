"""Building notebooks from their sources, on a toy course with two chapters."""

import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from coursekit import authoring, exercises
from coursekit.cli import main
from coursekit.errors import CourseError
from coursekit.reading import read_notebook

TOY = Path(__file__).parent / "toy_course"


def course():
    sys.path.insert(0, str(TOY / "solutions"))
    try:
        import toy
    finally:
        sys.path.pop(0)
    return toy.COURSE


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """Return a copy of the toy course that the commands take for the course."""
    shutil.copytree(TOY, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(exercises, "chapters", course)
    return tmp_path


@pytest.fixture(scope="module")
def built_once(tmp_path_factory):
    """Return a toy course that was built by the command, and what that printed."""
    folder = tmp_path_factory.mktemp("built") / "toy"
    shutil.copytree(TOY, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(exercises, "chapters", course)
        done = CliRunner().invoke(main, ["build"])
    assert done.exit_code == 0, done.output
    return folder, done


@pytest.fixture
def built(built_once, tmp_path, monkeypatch):
    """Return a copy of the built toy course of one's own."""
    shutil.copytree(built_once[0], tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(exercises, "chapters", course)
    return tmp_path


def coursekit(*args):
    return CliRunner().invoke(main, list(args))


def source_of(folder, slug="01_double"):
    return folder / "solutions" / f"{slug}.md"


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def bytes_of(folder):
    return {p.relative_to(folder): p.read_bytes() for p in sorted(folder.rglob("*.ipynb"))}


def test_a_build_names_what_it_wrote(built_once):
    _, done = built_once
    lines = done.stdout.splitlines()
    assert lines[0] == f"built {Path('solutions/01_double.ipynb')} and " + str(
        Path("chapters/01_double.ipynb")
    )
    assert len(lines) == 2
    assert done.stderr == ""


def test_building_twice_gives_the_same_bytes(built):
    before = bytes_of(built)
    assert coursekit("build", "01_double").exit_code == 0
    assert bytes_of(built) == before


def test_notebooks_are_valid_and_name_their_kernel(built_once):
    for path in built_once[0].rglob("*.ipynb"):
        notebook = nbformat.read(path, 4)
        nbformat.validate(notebook)
        assert notebook.metadata.kernelspec.name == "python3"
        assert b"\r" not in path.read_bytes()


def test_every_code_cell_of_a_solution_was_run(built_once):
    for path in (built_once[0] / "solutions").glob("*.ipynb"):
        code = [c for c in nbformat.read(path, 4).cells if c.cell_type == "code"]
        assert [c.execution_count for c in code] == list(range(1, len(code) + 1))


def test_what_belongs_to_this_machine_is_run_and_not_saved(built_once):
    notebook = nbformat.read(built_once[0] / "solutions" / "02_quiz.ipynb", 4)
    timed, moved = [
        c for c in notebook.cells if "perf_counter" in c.source or "interact" in c.source
    ]
    for cell in (timed, moved):
        assert cell.execution_count is not None
        assert cell.outputs == []
    assert "widgets" not in notebook.metadata


def test_a_chapter_has_no_outputs_and_no_answers(built_once):
    text = (built_once[0] / "chapters" / "01_double.ipynb").read_text("utf-8")
    notebook = nbformat.reads(text, 4)
    code = [c for c in notebook.cells if c.cell_type == "code"]
    assert all(c.outputs == [] and c.execution_count is None for c in code)
    for answer in ("x + x", "6 * 7", "the answer", "worked out", "import math"):
        assert answer not in text


def test_an_exercise_is_asked_answered_and_checked(built_once):
    cells = nbformat.read(built_once[0] / "chapters" / "01_double.ipynb", 4).cells
    at = next(i for i, c in enumerate(cells) if c.id == "ask-double")
    ask, answer, check = cells[at : at + 3]
    assert ask.source.startswith("### Exercise · `double` · 2 points\n\nReturn $2x$.")
    assert answer.source.startswith('def double(x):\n    """Return 2x.\n\n    Shapes: any.\n')
    assert answer.source.endswith('    """\n    return ...  # your code')
    assert (check.source, check.metadata.tags) == ("check(double)", ["check"])
    assert "exercise" in answer.metadata.tags
    assert any(c.source == "check(answer=answer)" for c in cells)
    assert any(c.source == "answer = ...  # your answer" for c in cells)


def test_a_quiz_lists_its_options(built_once):
    cells = nbformat.read(built_once[0] / "chapters" / "02_quiz.ipynb", 4).cells
    (asked,) = [c.source for c in cells if c.id == "ask-bigger"]
    assert "- **A** · one\n- **B** · two" in asked
    assert "1 point\n" in asked


def test_a_new_chapter_is_untouched_until_a_source_changes(built_once, tmp_path):
    path = built_once[0] / "chapters" / "01_double.ipynb"
    assert read_notebook(path).untouched
    notebook = nbformat.read(path, 4)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="ran")]
    nbformat.write(notebook, tmp_path / "ran.ipynb")
    assert read_notebook(tmp_path / "ran.ipynb").untouched
    notebook.cells[1].source += "\n1"
    nbformat.write(notebook, tmp_path / "changed.ipynb")
    assert not read_notebook(tmp_path / "changed.ipynb").untouched


def test_ids_stay_when_a_cell_is_inserted(toy):
    def ids():
        cells = authoring.build(source_of(toy), course()).chapter.cells
        return {c.source: c.id for c in cells}

    before = ids()
    edit(source_of(toy), "Between two exercises.", "New.\n\n+++\n\nBetween two exercises.")
    after = ids()
    assert len(after) == len(before) + 1
    assert before.items() <= after.items()


def test_ids_are_unique_where_cells_are_equal(toy):
    source = source_of(toy)
    source.write_text(
        source.read_text("utf-8") + "\n```{code-cell} ipython3\nsteps\n```\n", "utf-8"
    )
    ids = [c.id for c in authoring.build(source, course()).chapter.cells]
    assert len(set(ids)) == len(ids)


def test_nothing_is_stale_after_a_build(built):
    assert not [p for one in (1, 2) for p in authoring.stale(rebuilt(built, one), run=False)]
    done = coursekit("build", "--check", "02_quiz")  # runs the cells as well
    assert (done.exit_code, done.output) == (0, "")


def rebuilt(folder, number):
    slug = list(course())[number - 1]
    return authoring.build(source_of(folder, slug), course())


@pytest.mark.parametrize(
    ("old", "new", "late"),
    [
        ("return x + x", "return 2 * x", ["solutions"]),
        ("Between two", "Amid two", ["chapters", "solutions"]),
        ("Return 2x.", "Return the double.", ["chapters", "solutions"]),
        ("steps = [1", "steps = [0", ["chapters", "solutions"]),
    ],
)
def test_an_edit_of_a_source_is_named_with_the_command_that_mends_it(built, old, new, late):
    edit(source_of(built), old, new)
    before = bytes_of(built)
    done = coursekit("build", "--check")
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        f"{Path(folder) / '01_double.ipynb'} is stale: run `coursekit build 01_double`."
        for folder in late
    ]
    assert bytes_of(built) == before


@pytest.mark.parametrize("damage", ["", "{", "<<<<<<< HEAD\n{}", '{"nbformat": 3}', "\xff"])
@pytest.mark.parametrize("folder", ["chapters", "solutions"])
def test_a_damaged_notebook_is_stale(built, folder, damage):
    path = built / folder / "02_quiz.ipynb"
    path.write_bytes(damage.encode("latin-1"))
    done = coursekit("build", "--check", "02_quiz")
    assert done.exit_code == 1
    assert done.stderr.count(" is stale: ") == 1


def test_a_deleted_notebook_is_stale(built):
    (built / "chapters" / "02_quiz.ipynb").unlink()
    assert coursekit("build", "--check", "02_quiz").exit_code == 1


def solved(folder):
    return nbformat.read(folder / "solutions" / "01_double.ipynb", 4)


def code_of(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_a_run_agrees_with_itself(built_once):
    assert authoring.same_outputs(solved(built_once[0]), solved(built_once[0]))


def test_an_output_that_is_no_longer_true_is_seen(built_once):
    other = solved(built_once[0])
    code_of(other)[-1].outputs[0].data["text/plain"] = "[1, 2, 5]"
    assert not authoring.same_outputs(solved(built_once[0]), other)


def test_a_lost_output_is_seen(built_once):
    other = solved(built_once[0])
    code_of(other)[-1].outputs = []
    assert not authoring.same_outputs(solved(built_once[0]), other)


def test_a_cell_that_was_not_run_is_seen(built_once):
    other = solved(built_once[0])
    code_of(other)[0].execution_count = None
    assert not authoring.same_outputs(solved(built_once[0]), other)


def test_another_figure_is_seen(built_once):
    other = solved(built_once[0])
    (data,) = [
        o.data for c in code_of(other) for o in c.outputs if "image/png" in o.get("data", {})
    ]
    before = data["image/png"]
    assert authoring.same_picture(before, before)
    assert not authoring.same_picture(before, None)
    data["image/png"] = flipped(before)
    assert not authoring.same_outputs(solved(built_once[0]), other)


def flipped(png):
    import base64
    import io

    from matplotlib.image import imread, imsave

    picture = imread(io.BytesIO(base64.b64decode(png)), format="png")
    file = io.BytesIO()
    imsave(file, picture[::-1].copy(order="C"), format="png")
    return base64.b64encode(file.getvalue()).decode()


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("[][9]", "raised IndexError: list index out of range"),
        ("import warnings; warnings.warn('old')", "UserWarning: old"),
        ("import os; os._exit(1)", "the kernel died"),
    ],
    ids=["raises", "warns", "dies"],
)
def test_a_cell_that_fails_stops_the_build_and_nothing_is_written(toy, statement, sentence):
    edit(source_of(toy, "02_quiz"), "from toy import check", f"from toy import check\n{statement}")
    done = coursekit("build", "02_quiz")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"coursekit: {Path('solutions/02_quiz.md')}: ")
    assert sentence in done.stderr
    assert "Traceback" not in done.output
    assert not list(toy.rglob("*.ipynb"))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("def double(x):", "def twice(x):", "'twice' is not declared"),
        ("def double(x):", "def doubel(x):", "Did you mean double?"),
        ("answer = 6 * 7", "answer, b = 6 * 7, 1", "must end in one definition or assignment"),
        ("answer = 6 * 7", "answer =", "is not Python"),
        (":tags: [exercise]\n\n# worked out", ":tags: []", "no cell answers the declared exercise"),
        (":tags: [setup]", ":tags: [setup", "is not MyST Markdown"),
        ("answer = 6 * 7", "def double(x):\n    return x", "answered twice"),
    ],
)
def test_a_source_that_does_not_fit_its_declarations_is_refused(toy, old, new, sentence):
    edit(source_of(toy), old, new)
    done = coursekit("build")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"coursekit: {Path('solutions/01_double.md')}: ")
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not list(toy.rglob("*.ipynb"))


def test_a_source_without_declarations_is_refused(toy):
    shutil.copy(source_of(toy), source_of(toy, "03_more"))
    with pytest.raises(CourseError, match="no exercises are declared for '03_more'"):
        authoring.build(source_of(toy, "03_more"), course())


def test_a_source_that_is_no_text_is_refused(toy):
    source_of(toy).write_bytes(b"\xff\xfe")
    with pytest.raises(CourseError, match="cannot be read"):
        authoring.build(source_of(toy), course())


def test_an_unknown_chapter_is_met_with_the_nearest(toy):
    done = coursekit("build", "01_doble")
    assert done.exit_code == 2
    assert done.stderr == (
        "coursekit: There is no chapter '01_doble' in solutions. Did you mean 01_double?\n"
    )


def test_a_folder_without_sources_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = coursekit("build", "--check")
    assert done.exit_code == 2
    assert done.stderr == (
        "coursekit: solutions holds no sources; run this in a course checkout.\n"
    )
