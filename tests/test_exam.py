"""A teacher's own exam: built in variants, graded as what it was built as, and read by nobody."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import submissions as hand
from click.testing import CliRunner

from coursekit import exercises
from coursekit.cli import main
from coursekit.exercise import Exercise, Mistake
from coursekit.exercises import exam
from coursekit.exercises.draw import number, shuffled
from coursekit.grading.classroom import Settings
from coursekit.grading.results import Submission
from coursekit.grading.store import Store, course_identity

GUIDE = (hand.ROOT / "docs" / "teaching.md").read_text("utf-8")
DECLARED, SOURCE = "exercises/_21_exam.py", "solutions/21_exam.md"
SLUGS = ("21_exam_v7", "21_exam_v8")


def coursekit(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


def the_guides(language):
    """Return the longest example of a language in the teacher's guide."""
    blocks = re.findall(rf"(?ms)^(`{{3,4}}){language}\n(.*?)^\1$", GUIDE)
    return max((text for _, text in blocks), key=len)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return the guide's exam, built by the guide's command; it is copied for every test."""
    folder = tmp_path_factory.mktemp("built")
    for name, language in ((DECLARED, "python"), (SOURCE, "markdown")):
        (folder / "midterm" / name).parent.mkdir(parents=True)
        (folder / "midterm" / name).write_text(the_guides(language), "utf-8")
    (words,) = re.findall(r"^coursekit (exam .*)$", GUIDE, re.M)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        done = coursekit(*words.split())
    assert (done.exit_code, done.stderr) == (0, "")
    return folder / "midterm"


@pytest.fixture
def here(built, tmp_path, monkeypatch):
    """Stand in a folder with the exam in it; what a command says about it ends with the test."""
    monkeypatch.setenv(exam.VARIABLE, "")
    monkeypatch.chdir(tmp_path)
    shutil.copytree(built, "midterm")
    return tmp_path


def notebook(slug, changes=None, kind="solutions"):
    """Return a built notebook with other answers, by the exercises' names."""
    found = json.loads(Path("midterm", kind, f"{slug}.ipynb").read_text("utf-8"))
    for cell in found["cells"]:
        cell["source"] = "".join(cell["source"])
    for name, source in (changes or {}).items():
        hand.answer(found, name)["source"] = source
    return found


def sources(slug, kind="chapters"):
    return [cell["source"] for cell in notebook(slug, kind=kind)["cells"]]


def grade(*options):
    """Grade as the guide says, in one process unless told otherwise."""
    (words,) = re.findall(r"^coursekit (grade .* --exam .*)$", GUIDE, re.M)
    words = words.replace("submissions", "in").replace("grades", "out")
    return coursekit(*words.split(), "--jobs", 1, *options)


def rows():
    with Path("out", "gradebook.csv").open(encoding="utf-8", newline="") as file:
        return {row.pop("student"): row for row in csv.DictReader(file)}


def submissions():
    text = Path("out", "gradebook.json").read_text("utf-8")
    return {one["student"]: one for one in json.loads(text)["submissions"]}


def messages(student):
    return "\n".join(one["message"] for one in submissions()[student]["exercises"])


@pytest.mark.usefixtures("here")
def test_a_student_gets_the_questions_and_nothing_that_answers_them():
    for slug in SLUGS:
        cells = notebook(slug, kind="chapters")["cells"]
        text = json.dumps(cells)
        assert not any(word in text for word in ("check(", "hint(", "exp(", "np.log", "tangent at"))
        assert [c["source"] for c in hand.code(notebook(slug, kind="chapters"))][2:] == [
            'def decay(t):\n    """What is left after the times t, a number or an array."""\n'
            "    return ...  # your code",
            "half_life = ...  # your answer",
            "never = ...  # your answer",
        ]


@pytest.mark.usefixtures("here")
def test_variants_differ_and_a_seed_always_makes_the_same():
    seven, eight = map(sources, SLUGS)
    assert len(seven) == len(eight)
    assert sum(a != b for a, b in zip(seven, eight, strict=True)) == 3  # parameters, two prompts
    before = Path("midterm/chapters/21_exam_v7.ipynb").read_bytes()
    assert coursekit("exam", "midterm", "--seed", 7).exit_code == 0
    assert Path("midterm/chapters/21_exam_v7.ipynb").read_bytes() == before


@pytest.mark.usefixtures("here")
def test_neighbours_are_graded_as_the_variants_that_they_got(here):
    hand.hand_in(here / "in", "ann", notebook("21_exam_v7"), "21_exam_v7")
    hand.hand_in(here / "in", "bob", notebook("21_exam_v8"), "21_exam_v8")
    copied = {"half_life": "half_life = np.log(2) / 1.44", "never": 'never = "D"'}  # of variant 7
    hand.hand_in(here / "in", "eve", notebook("21_exam_v8", copied), "21_exam_v8")
    wrong = {"decay": "def decay(t):\n    return np.exp(rate * t)"}
    hand.hand_in(here / "in", "joe", notebook("21_exam_v7", wrong), "21_exam_v7")
    hand.hand_in(here / "in", "sue", notebook("21_exam_v7", kind="chapters"), "21_exam_v7")
    hand.hand_in(here / "in", "tom", notebook("21_exam_v7"), "21_exam_v8")  # an exchanged name
    assert grade().exit_code == 0
    table = rows()
    assert {name: row["total"] for name, row in table.items()} == {
        **{"ann": "4", "bob": "4", "eve": "2", "joe": "2", "sue": "0", "tom": "0"}
    }
    assert list(table["ann"]) == ["decay", "half_life", "never", "total", "out of", "note"]
    assert {row["out of"] for row in table.values()} == {"4"}
    assert [table[name]["note"] for name in ("ann", "eve")] == list(SLUGS)
    mistakes = [one["mistake"] for one in submissions()["joe"]["exercises"]]
    assert mistakes == ["growth", None, None]


@pytest.mark.usefixtures("here")
def test_reports_and_exports_take_the_variants_for_one_exam(here):
    hand.hand_in(here / "in", "ann", notebook("21_exam_v7", {"never": "never = 'A'"}), SLUGS[0])
    hand.hand_in(here / "in", "bob", notebook("21_exam_v8"), SLUGS[1])
    assert grade("--jobs", 2).exit_code == 0
    canvas = Path("out/exports/canvas.csv").read_text("utf-8").splitlines()
    assert canvas[0].endswith(",21_exam")
    assert [line.rpartition(",")[2] for line in canvas[1:]] == ["4", "3", "4"]
    page = Path("out/feedback/ann.html").read_text("utf-8")
    assert "3 of 4 points" in page
    assert "Then 1/e is left." in page
    assert not any(word in page for word in ("hint(", "<code>check", "_v8", "Not handed in"))
    report = Path("out/report.html").read_text("utf-8")
    assert "2 of 2" in report
    assert report.count("21 · Midterm") == 2  # in the table and above its exercises


def test_a_result_is_used_again_for_the_same_variant_and_declarations_only(here, monkeypatch):
    monkeypatch.setenv(exam.VARIABLE, str(here / "midterm"))

    def key(slug):
        store = Store(here / "out", Settings(b"a secret of the tests, long enough"))
        return store.key(Submission("ann", slug, Path(f"{slug}.ipynb")), b"{}")

    before = key("21_exam_v7")
    assert key("21_exam_v7") == before != key("21_exam_v8")
    spoil(DECLARED, [("points=2,", "points=2,  # for now")])
    assert key("21_exam_v7") != before


@pytest.mark.usefixtures("here")
def test_the_exam_belongs_to_what_dask_workers_must_share(here, monkeypatch):
    alone = course_identity()
    monkeypatch.setenv(exam.VARIABLE, str(here / "midterm"))
    there = course_identity()
    shutil.copytree("midterm", "elsewhere")
    monkeypatch.setenv(exam.VARIABLE, "elsewhere")
    assert alone != there == course_identity()


SPY = """
import os
told = [os.environ.get("COURSEKIT_EXAM", "nothing")]
for action in (lambda: open(FILE).read(), lambda: os.listdir(FOLDER), lambda: os.scandir(FOLDER),
               lambda: __import__("coursekit.exercises.exam"),
               lambda: open("/proc/%d/environ" % os.getppid()).read()):
    try:
        told.append("REACHED " + str(action()))
    except (OSError, ImportError) as error:
        told.append("refused")
half_life = " ".join(told)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
def test_a_notebook_cannot_read_the_exam(here):
    spy = SPY.replace("FILE", repr(str(here / "midterm/exercises/_21_exam.py")))
    spy = spy.replace("FOLDER", repr(str(here / "midterm/solutions")))
    hand.hand_in(here / "in", "eve", notebook("21_exam_v7", {"half_life": spy}), "21_exam_v7")
    assert grade().exit_code == 0
    assert "nothing refused refused refused refused refused" in messages("eve")


@pytest.mark.usefixtures("here")
def test_without_the_exam_a_student_hears_that_there_is_none():
    said = coursekit("check", "midterm/chapters/21_exam_v7.ipynb")
    assert said.exit_code == 2
    assert "is no chapter of this course" in said.stderr
    words = "from coursekit import check; check(half_life=1)"
    done = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, env={**os.environ}
    )
    assert "No exercise is called 'half_life'." in done.stderr


@pytest.mark.usefixtures("here")
def test_a_teacher_may_check_a_notebook_as_a_chapters():
    good = coursekit("check", "--exam", "midterm", "midterm/solutions/21_exam_v7.ipynb")
    assert (good.exit_code, good.stdout.count("✓")) == (0, 3)


def test_an_exam_without_variants_has_one_notebook(here):
    fixed = "\nimport numpy\n_, EXERCISES = variant(numpy.random.default_rng(1))\ndel variant\n"
    rate = number(np.random.default_rng(1), 0.5, 2.0)
    text = (here / "midterm" / DECLARED).read_text("utf-8")
    (here / "midterm" / DECLARED).write_text(text + fixed, "utf-8")
    spoil(SOURCE, [(":tags: [parameters]", ""), ("rate = 1.0", f"rate = {rate}")])
    shutil.rmtree("midterm/chapters")
    done = coursekit("exam", "midterm")
    assert (done.exit_code, done.stderr) == (0, "")
    assert [path.name for path in Path("midterm/chapters").iterdir()] == ["21_exam.ipynb"]
    hand.hand_in(here / "in", "ann", notebook("21_exam"), "21_exam")
    assert grade().exit_code == 0
    assert rows()["ann"]["total"] == "4"


BROKEN = {
    "nothing there": (None, None, "holds no source such as solutions/21_exam.md; name your exam."),
    "no declarations": (DECLARED, None, "21_exam_v9 is declared nowhere; its declarations belong"),
    "no Python": (DECLARED, [("def variant", "def def")], "cannot be used: SyntaxError: "),
    "an error": (DECLARED, [("NEVER = ", "NEVER = 1 / 0  # ")], "cannot be used: "),
    "no exercise": (DECLARED, [("(decay, half", "(3, half")], "must be a tuple of Exercise."),
    "twice": (DECLARED, [('name="half_life"', 'name="decay"')], "is declared twice among decay"),
    "a name of the course's": (
        DECLARED,
        [('name="decay"', 'name="logit"')],
        "21_exam_v9 asks 'logit', and so does 01_definition; rename it.",
    ),
    "other points": (
        DECLARED,
        [("points=2", "points=int(10 * rate)")],
        "do not ask exercises of the same names for the same points; let all variants do so.",
    ),
    "an odd parameter": (
        DECLARED,
        [('{"rate": rate}', '{"rate": print}')],
        "cannot be used: ValueError: ",
    ),
    "a right mistake": (
        DECLARED,
        [("0.5 / rate", "math.log(2) / rate")],
        "21_exam_v9 is not built: the mistake 'tangent' of 'half_life' is right on some inputs.",
    ),
    "a mistake like another": (
        DECLARED,
        [("1 - rate * t", "math.e ** (rate * t)")],
        "21_exam_v9 is not built: the mistake 'line' of 'decay' is not recognised.",
    ),
    "a wrong solution": (SOURCE, [("np.log(2)", "np.log(3)")], "✗ half_life: 0 of 1 point"),
    "no place for the parameters": (
        SOURCE,
        [(":tags: [parameters]", "")],
        "one cell tagged `parameters` holds what variant(rng) draws: 0 found, 1 parameters drawn.",
    ),
    "an unanswered exercise": (SOURCE, [("half_life =", "halflife =")], "'halflife' is not"),
}


def spoil(file, changes):
    """Edit a file of the exam, or remove it, or the whole exam."""
    if file is None:
        shutil.rmtree("midterm")
    elif changes is None:
        Path("midterm", file).unlink()
    else:
        text = Path("midterm", file).read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        Path("midterm", file).write_text(text, "utf-8")


def one_sentence(done):
    assert (done.exit_code, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("coursekit: ")
    return line


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("flaw", BROKEN)
def test_a_broken_exam_is_not_built_and_one_sentence_says_why(flaw):
    file, changes, said = BROKEN[flaw]
    spoil(file, changes)
    assert said in one_sentence(coursekit("exam", "midterm", "--seed", 9, "--seed", 10))
    assert not Path("midterm/chapters/21_exam_v9.ipynb").exists()


def test_a_chapters_name_is_taken(here):
    (here / DECLARED).parent.mkdir()
    shutil.copy("midterm/exercises/_21_exam.py", "midterm/exercises/_01_definition.py")
    shutil.move("midterm/solutions/21_exam.md", "midterm/solutions/01_definition.md")
    line = one_sentence(coursekit("exam", "midterm", "--seed", 1))
    assert line.endswith("01_definition is a chapter of the course; give the exam another name.")


def test_a_seed_needs_something_to_draw(here):
    line = one_sentence(coursekit("exam", "midterm"))
    assert "declares variant(rng); build it with a seed, such as --seed 7." in line
    (here / "midterm" / DECLARED).write_text("EXERCISES = ()\n", "utf-8")
    line = one_sentence(coursekit("exam", "midterm", "--seed", 7))
    assert line.endswith("so that a seed changes nothing; leave out --seed.")


UNGRADABLE = {
    "no folder": (None, None, "holds no built exam such as chapters/21_exam.ipynb;"),
    "no declarations": (DECLARED, None, "21_exam_v7 is declared nowhere;"),
    "no Python": (DECLARED, [("def variant", "def def")], "cannot be used: SyntaxError: "),
    "other draws": (
        DECLARED,
        [("rng, 0.5, 2.0", "rng, 0.5, 2.5")],
        "21_exam_v7 was built from other declarations, so that its answers are not known;",
    ),
    "another prompt": (DECLARED, [("half of it left", "half left")], "from other declarations,"),
}


@pytest.mark.parametrize("flaw", UNGRADABLE)
def test_an_exam_that_is_not_the_built_one_is_not_graded(here, flaw):
    file, changes, said = UNGRADABLE[flaw]
    hand.hand_in(here / "in", "ann", notebook("21_exam_v7"), "21_exam_v7")
    spoil(file, changes)
    assert said in one_sentence(grade())
    assert not Path("out").exists()


def test_an_exam_where_notebooks_may_read_is_not_graded(here, monkeypatch):
    hand.hand_in(here / "in", "ann", notebook("21_exam_v7"), "21_exam_v7")
    monkeypatch.setattr("coursekit.grading.exam.paths.readable", lambda: [here.resolve()])
    assert one_sentence(grade()).endswith("where notebooks may read; move it away.")


def test_whoever_hands_in_two_variants_stops_the_run(here):
    for slug in SLUGS:
        hand.hand_in(here / "in", "ann", notebook(slug), slug)
    assert "ann handed in 21_exam twice: " in one_sentence(grade())


def test_a_shuffled_quiz_is_the_same_quiz():
    quiz = Exercise(
        name="which",
        points=1,
        prompt="Which?",
        reference="B",
        options={"A": "a", "B": "b", "C": "c"},
        mistakes=(Mistake("a", "A", "No."), Mistake("c", "C", "No."), Mistake("none", None, "?")),
        hints=("b",),
    )
    orders = set()
    for seed in range(20):
        other = shuffled(np.random.default_rng(seed), quiz)
        assert list(other.options) == ["A", "B", "C"]
        assert other.options[other.reference] == "b"
        assert [other.options.get(m.answer) for m in other.mistakes] == ["a", "c", None]
        orders.add("".join(other.options.values()))
    assert len(orders) == 6


def test_no_exam_is_no_trouble(monkeypatch):
    monkeypatch.setenv(exam.VARIABLE, "")
    assert exercises.chapters() is exercises.course()
