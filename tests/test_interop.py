"""The assignments for nbgrader and otter: what is in them, and what their test cells say.

`make interop` gives them to the real tools.
"""

import json
import re
import signal

import declared
import nbformat
import pytest
import submissions as hand
import yaml
from click.testing import CliRunner

from coursekit import cli, exercises
from coursekit.errors import CourseError
from coursekit.grading.classroom import hidden_inputs
from coursekit.grading.secret import hidden_seeds
from coursekit.grading.session import Limits
from coursekit.interop import WrongAnswerError, earned, nbgrader, otter, require, tests
from coursekit.interop.export import export
from coursekit.interop.source import read_sources
from coursekit.judge import inputs_for

COURSE = exercises.chapters()
SECRET = b"a secret of the tests, long enough"
SEEDS = {name: hidden_seeds(SECRET, name) for name in exercises.every(COURSE)}
SOURCES = {source.slug: source for source in read_sources(hand.ROOT)}
every_chapter = pytest.mark.parametrize("slug", COURSE)


def chapter(slug):
    """Return the sources of a chapter's cells as the course hands it out."""
    notebook = json.loads((hand.ROOT / "chapters" / f"{slug}.ipynb").read_text("utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"]]


def without(text, word):
    """Return a text without the regions that tools take out."""
    return re.sub(rf"^#+ BEGIN {word}\b.*?^#+ END {word}\n?", "", text, flags=re.M | re.S).strip()


def is_test(cell):
    return cell.metadata.get("nbgrader", {}).get("grade", False)


def in_otter(slug):
    """Return the cells of an otter assignment: the chapter's, and those between the marks."""
    ours, raw, cases, inside = [], [], [], None
    for cell in otter.assignment(SOURCES[slug], SEEDS).cells:
        if cell.cell_type == "raw":
            raw.append(cell.source)
            inside = cell.source.partition("\n")[0]
        elif inside == "# BEGIN TESTS":
            cases.append(cell.source)
        else:
            ours.append(cell)
    return ours, raw, cases


@every_chapter
def test_nbgrader_is_left_with_the_chapter_and_the_public_tests(slug):
    cells = nbgrader.assignment(SOURCES[slug], SEEDS).cells
    ours = [without(cell.source, "SOLUTION") for cell in cells if not is_test(cell)]
    assert ours == [text.strip() for text in chapter(slug)]
    public = [without(cell.source, "HIDDEN TESTS") for cell in cells if is_test(cell)]
    asked = [re.fullmatch(r'from .*\n\n\w+\("(\w+)", globals\(\)\)', text)[1] for text in public]
    assert asked == [e.name for e in sorted(COURSE[slug], key=lambda e: asked.index(e.name))]


@every_chapter
def test_otter_is_left_with_the_chapter_and_the_public_tests(slug):
    ours, raw, cases = in_otter(slug)
    assert [without(cell.source, "SOLUTION") for cell in ours] == [
        text.strip() for text in chapter(slug)
    ]
    assert not any("seeds" in case for case in cases if "hidden: false" in case)
    assert len(raw) == 1 + 6 * len(COURSE[slug])


@every_chapter
def test_nbgrader_gets_exactly_the_metadata_that_its_schema_knows(slug):
    notebook = nbgrader.assignment(SOURCES[slug], SEEDS)
    nbformat.validate(notebook)
    marked = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]
    keys = {"schema_version", "grade", "grade_id", "locked", "solution", "task"}
    for one in marked:
        assert set(one) == (keys | {"points"} if one.grade else keys)
        assert (one.schema_version, one.task, one.grade) == (3, False, not one.solution)
        assert one.locked == one.grade
    assert len({one.grade_id for one in marked}) == len(marked) == 2 * len(COURSE[slug])
    points = {one.grade_id: one.points for one in marked if one.grade}
    assert points == {f"test-{e.name}": e.points for e in COURSE[slug]}


@every_chapter
def test_otters_questions_carry_our_points_and_hide_what_is_drawn(slug):
    nbformat.validate(otter.assignment(SOURCES[slug], SEEDS))
    _, raw, _ = in_otter(slug)
    asked = [yaml.safe_load(text.partition("\n")[2]) for text in raw if "BEGIN QUESTION" in text]
    assert {q["name"]: q["points"] for q in asked} == {e.name: e.points for e in COURSE[slug]}
    assert yaml.safe_load(raw[0].partition("\n")[2])["tests"] == {"ok_format": False}
    for exercise in COURSE[slug]:
        cases = list(otter.tests(exercise, SEEDS[exercise.name]))
        configs = [yaml.safe_load(case.split('"""')[1].partition("\n")[2]) for case in cases]
        assert sum(config["points"] for config in configs) == exercise.points
        assert len(set(re.findall(r"^def (\w+)", "\n".join(cases), re.M))) == len(cases)
        assert [c["hidden"] for c in configs if c["points"]].count(True) == (
            exercise.kind == "function"
        )


def test_the_hidden_tests_draw_what_coursekit_grade_draws():
    exercise = exercises.find("logit")
    [drawn] = re.findall(r"seeds=(\[.*\])", nbgrader.test_code(exercise, SEEDS["logit"]))
    inputs = [args for seed in json.loads(drawn) for args in inputs_for(exercise, seed)]
    assert repr(inputs) == repr(hidden_inputs(SECRET, exercise))


def outcome(exercise, answer):
    """Return what nbgrader's test cell says to an answer's cell; None where it passes."""
    space = {}
    exec(f"{declared.IMPORTS}\n{answer}", space)
    try:
        exec(nbgrader.test_code(exercise, SEEDS[exercise.name]), space)
    except WrongAnswerError as error:
        return str(error)
    return None


@pytest.mark.parametrize("exercise", COURSE["01_definition"], ids=lambda exercise: exercise.name)
def test_the_right_answer_passes_and_every_mistake_is_told(exercise):
    assert outcome(exercise, SOURCES["01_definition"].solved[exercise.name]) is None
    told = {mistake.id: mistake.feedback for mistake in exercise.mistakes}
    for key, source in declared.recognised_mistakes("01_definition", exercise.name).items():
        assert told[key] in outcome(exercise, source)


def test_hidden_inputs_are_not_told():
    with pytest.raises(WrongAnswerError) as public:
        require("logit", {"logit": lambda p: p})
    with pytest.raises(WrongAnswerError) as hidden:
        require("logit", {"logit": lambda p: p}, seeds=SEEDS["logit"])
    assert "call     logit(" in str(public.value)
    assert str(hidden.value).splitlines() == [
        "✗ logit: 0 of 2 points, on other inputs",
        "  Some results are not the expected ones.",
    ]


def test_what_an_answer_prints_or_warns_is_swallowed(capfd):
    answer = declared.IMPORTS + (
        "\nimport sys, warnings\ndef logit(p):\n    print('here', file=sys.stderr)\n"
        "    print('and here')\n    warnings.warn('mine')\n    return np.log(p / (1 - p))"
    )
    assert outcome(exercises.find("logit"), answer) is None
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("", "✗ logit: 0 of 2 points\n  got      nothing: no cell defines `logit`"),
        ("logit = ...", "· logit: not attempted"),
        ("def logit(p):\n    raise NotImplementedError()", "· logit: not attempted"),
        ("def logit(p):\n    raise SystemExit", "got      SystemExit"),
    ],
)
def test_an_answer_that_is_not_there_is_told(answer, told):
    assert told in outcome(exercises.find("logit"), answer)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs timers")
def test_an_answer_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(tests, "Limits", lambda: Limits(answer=0.2))
    answer = "def logit(p):\n    while True:\n        pass"
    before = signal.getsignal(signal.SIGALRM)
    try:
        assert "it took longer than" in outcome(exercises.find("logit"), answer)
    finally:
        signal.signal(signal.SIGALRM, before)


def test_entries_earn_their_share_in_both_tools(capsys):
    right = exercises.find("verdicts").reference
    answer = dict.fromkeys(right, "true")  # a third of them is
    assert earned("verdicts", {"verdicts": right}) == 12
    assert capsys.readouterr().out == ""
    assert earned("verdicts", {"verdicts": answer}) == 4
    assert "4 of 12 right" in capsys.readouterr().out
    with pytest.raises(WrongAnswerError, match="not attempted"):
        earned("verdicts", {"verdicts": dict.fromkeys(right, ...)})
    require("verdicts", {"verdicts": answer}, points=4)
    with pytest.raises(WrongAnswerError):
        require("verdicts", {"verdicts": answer}, points=5)


@pytest.mark.parametrize("tool", ["nbgrader", "otter"])
def test_an_export_writes_the_same_again_and_nothing_over_a_change(tool, tmp_path):
    [notebook, *_] = export(tool, hand.ROOT, tmp_path, ["01_definition"])
    before = notebook.read_bytes()
    export(tool, hand.ROOT, tmp_path, ["01_definition"])
    assert notebook.read_bytes() == before
    notebook.write_text("{}", "utf-8")
    with pytest.raises(CourseError, match="move it away"):
        export(tool, hand.ROOT, tmp_path)
    assert [p.name for p in tmp_path.rglob("*.ipynb")] == ["01_definition.ipynb"]
    assert notebook.read_text("utf-8") == "{}"


def test_an_nbgrader_config_that_is_there_stays(tmp_path):
    config = tmp_path / "nbgrader_config.py"
    config.write_text("# mine", "utf-8")
    assert config not in export("nbgrader", hand.ROOT, tmp_path, ["01_definition"])
    assert config.read_text("utf-8") == "# mine"


def test_the_command_says_what_it_wrote_and_what_is_missing(tmp_path, monkeypatch):
    def ran(*arguments):
        return CliRunner().invoke(cli.main, ["export", *map(str, arguments)])

    monkeypatch.chdir(hand.ROOT)
    done = ran("otter", tmp_path / "out", "01_definition", "--secret", tmp_path / "key")
    assert done.output == f"wrote {tmp_path / 'out' / '01_definition' / '01_definition.ipynb'}\n"
    assert (tmp_path / "key").exists()
    assert "Did you mean 01_definition?" in ran("otter", tmp_path / "out", "01_definitoin").output
    (tmp_path / "file").touch()
    assert "is a file" in ran("nbgrader", tmp_path / "file").output
    monkeypatch.chdir(tmp_path)
    assert "run this in a course checkout" in ran("nbgrader", tmp_path / "more").output
