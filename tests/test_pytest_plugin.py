"""The pytest plugin, run as a student's repository runs it."""

import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest
import submissions as hand

from coursekit import exercises
from coursekit.grading.grade import Grade
from coursekit.grading.sandbox.policy import Policy
from coursekit.judge import Questions

pytest_plugins = ["pytester"]

ONE = "01_definition"
CHAPTER = exercises.chapters()[ONE]
LOG = "def logit(p):\n    return np.log(p)"
LEAK = "def logit(p):\n    raise ValueError(f'leaked {p}')"
TITLE = "This is log p. The odds p / (1 − p) go into the logarithm."


@pytest.fixture
def work(pytester):
    """Return a folder with one chapter: one answer wrong, one missing, four right."""
    nothing = "def sigmoid(x):\n    return ..."
    hand.hand_in(pytester.path, "work", hand.answered({"logit": LOG, "sigmoid": nothing}))
    return pytester.path / "work"


def lines(result):
    return result.stdout.str().splitlines()


def test_a_test_for_every_exercise_fails_with_its_mistake_and_no_traceback(pytester, work):
    result = pytester.runpytest("--coursekit", "work", "--junitxml", "out.xml")
    result.assert_outcomes(passed=4, failed=2)
    said = lines(result)
    at = said.index("✗ logit: 0 of 2 points")
    assert said[at + 1].startswith("  call     logit(")
    assert said[at + 4] == f"  {TITLE}"
    assert "· sigmoid: not attempted" in said
    assert not [line for line in said if ".py" in line]
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_the_xml_has_every_exercises_points(pytester, work):
    pytester.runpytest("--coursekit", f"work/{ONE}.ipynb", "--junitxml", "out.xml")
    earned, possible, messages = {}, {}, {}
    for case in ET.parse(pytester.path / "out.xml").iter("testcase"):
        properties = {p.get("name"): p.get("value") for p in case.iter("property")}
        earned[case.get("name")] = int(properties["points"])
        possible[case.get("name")] = int(properties["out of"])
        messages[case.get("name")] = [failure.get("message") for failure in case.iter("failure")]
    assert possible == {exercise.name: exercise.points for exercise in CHAPTER}
    wrong = {name for name, points in earned.items() if points != possible[name]}
    assert wrong == {"logit", "sigmoid"}
    assert {name for name, found in messages.items() if found} == wrong
    assert TITLE in messages["logit"][0]


def test_hidden_inputs_are_judged_and_not_told(pytester, work, monkeypatch):
    def weak(*args):  # not every machine that runs the tests has a sandbox
        return here(*args, policy=Policy(weak=True))

    from coursekit import workspace

    here = workspace.grade
    monkeypatch.setattr(workspace, "grade", weak)
    hand.hand_in(pytester.path, "work", hand.answered({"logit": LEAK}))
    (pytester.path / "secret").write_text("a secret of the tests, long enough", "utf-8")
    result = pytester.runpytest("--coursekit", "work", "--coursekit-secret", "secret")
    result.assert_outcomes(passed=5, failed=1)
    assert "  It stops with `ValueError`." in lines(result)
    assert "leaked" not in result.stdout.str()
    assert "call " not in result.stdout.str()


def test_hidden_inputs_are_drawn_from_the_secret_and_need_the_sandbox(work, monkeypatch):
    from coursekit import workspace

    asked = []

    def spy(notebook, chapter, chosen, draw, limits=None, policy=None):
        asked.append((draw(chosen[0]), policy))
        return Grade((), None, "")

    monkeypatch.setattr(workspace, "grade", spy)
    for secret in (b"one secret of two", b"one secret of two", b"another of the two"):
        workspace.grade_notebook(work / f"{ONE}.ipynb", secret)
    (one, policy), (again, _), (other, _) = asked
    assert isinstance(one, Questions)
    assert repr(one.inputs) == repr(again.inputs) != repr(other.inputs)
    assert policy is None  # the grader's own, which refuses where there is no sandbox


def test_a_notebook_that_cannot_be_graded_is_an_error_with_one_sentence(pytester, work):
    (work / "02_derivative.ipynb").write_text("{", "utf-8")
    result = pytester.runpytest("--coursekit", "work")
    untold = len(exercises.chapters()["02_derivative"])
    result.assert_outcomes(passed=4, failed=2, errors=untold)
    said = [line for line in lines(result) if line.endswith("its JSON is broken.")]
    assert len(said) >= untold
    assert not [line for line in lines(result) if line.startswith("Traceback")]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--coursekit nowhere.ipynb", "nowhere.ipynb does not exist; name a notebook such as"),
        ("--coursekit empty", "empty holds no chapter; run `coursekit start empty` first."),
        ("--coursekit notes.txt", "notes.txt is no chapter of this course"),
        ("--coursekit work --coursekit-secret x", "x, the secret, does not exist;"),
        ("--coursekit work --coursekit-secret notes.txt", "notes.txt is no secret"),
        ("--coursekit-secret notes.txt", "needs --coursekit NOTEBOOK_OR_DIR too."),
    ],
)
def test_a_bad_option_is_told_in_one_sentence(pytester, work, options, sentence):
    pytester.mkdir("empty")
    (pytester.path / "notes.txt").write_text("short", "utf-8")
    result = pytester.runpytest(*options.split())
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert sentence in result.stderr.str()
    assert "Traceback" not in result.stderr.str()
    assert not (pytester.path / "x").exists()


def test_other_tests_run_when_they_are_named_and_only_then(pytester, work):
    pytester.makepyfile(test_own="def test_mine(): pass")
    result = pytester.runpytest("--coursekit", "work", "-k", "logit or mine")
    result.assert_outcomes(failed=1, deselected=5)
    result = pytester.runpytest("test_own.py", "--coursekit", "work", "-k", "logit or mine")
    result.assert_outcomes(passed=1, failed=1, deselected=5)


def test_without_the_option_notebooks_are_no_tests(pytester, work):
    pytester.makepyfile(test_own="def test_mine(): pass")
    pytester.runpytest().assert_outcomes(passed=1)
    pytester.runpytest("work").assert_outcomes()


def test_pytest_loads_the_plugin_and_the_plugin_nothing_of_the_course(pytester):
    pytester.makepyfile(
        """
        import sys

        def test_it(request):
            assert request.config.pluginmanager.has_plugin("coursekit")
            ours = {name for name in sys.modules if name.startswith("coursekit")}
            assert ours == {"coursekit", "coursekit.pytest_plugin"}
            assert "numpy" not in sys.modules
        """
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:hypothesispytest"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
