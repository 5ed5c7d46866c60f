"""The two words of the notebooks, as a student may use and misuse them."""

import functools
import math
import sys
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest

import coursekit
from coursekit import activations, exercises, student
from coursekit import activations as act
from coursekit.activations import logistic, sigmoid_grad
from coursekit.activations import logit as library_logit
from coursekit.collect import call
from coursekit.errors import CourseError
from coursekit.student import check, hint
from coursekit.withhold import answer_in_library, withheld


def sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x, dtype=float)))


@pytest.fixture
def notebook(monkeypatch):
    """Return the variables of a notebook that `check` believes to run in."""
    shell = SimpleNamespace(user_ns={})
    fake = SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", fake)
    return shell.user_ns


@pytest.fixture
def shell():
    """Return a real IPython shell; what it changes in this process is put back."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    before = sys.modules["__main__"], sys.displayhook, sys.excepthook
    try:
        shell = InteractiveShell.instance(config=config)
        shell.run_cell("import numpy as np\nfrom coursekit import check, hint")
        yield shell
    finally:
        InteractiveShell.clear_instance()
        sys.modules["__main__"], sys.displayhook, sys.excepthook = before


def run(shell, source):
    """Return a cell's result and what it printed."""
    from IPython.utils.capture import capture_output

    with capture_output() as printed:
        done = shell.run_cell(source)
    return done.result, printed.stdout + printed.stderr


def test_the_package_shows_its_public_words_only():
    assert {"activations", "check", "hint", "losses", "plot"} <= set(dir(coursekit))
    assert not [word for word in dir(coursekit) if word.startswith("_")]
    assert all(getattr(coursekit, word) is not None for word in dir(coursekit))
    with pytest.raises(AttributeError, match="no attribute 'sigmoid'"):
        _ = coursekit.sigmoid


def test_a_named_function_is_checked_without_any_notebook():
    assert check(sigmoid).status == "passed"


def test_any_answer_can_be_given_by_name():
    assert check(sigmoid=lambda x: sigmoid(x)).status == "passed"
    assert check(steepest_slope=0.25).status == "passed"
    assert check(steepest_slope=0.5).mistake.id == "half"


@pytest.mark.parametrize(
    "answer",
    [
        lambda x: sigmoid(x),
        np.vectorize(lambda x: 1 / (1 + math.exp(-x))),
        functools.partial(lambda sign, x: 1 / (1 + np.exp(sign * x)), -1.0),
        type("Callable", (), {"__call__": lambda self, x: sigmoid(x)})(),
    ],
    ids=["lambda", "vectorize", "partial", "object"],
)
def test_an_answer_is_found_by_the_notebooks_name_for_it(notebook, answer):
    notebook.update(sigmoid=answer, another=lambda x: x)
    verdict = check(answer)
    assert (verdict.exercise, verdict.status) == ("sigmoid", "passed")


def test_the_notebooks_name_wins_over_the_functions_own(notebook):
    def helper(p):
        return np.log(p) - np.log1p(-np.asarray(p))

    notebook["logit"] = helper
    assert check(helper).exercise == "logit"


def test_a_function_under_two_exercises_names_goes_by_its_own(notebook):
    notebook.update(sigmoid=sigmoid, logit=sigmoid)
    assert check(sigmoid).exercise == "sigmoid"


def test_a_value_is_found_by_its_name_where_only_one_exercise_has_it(notebook):
    notebook.update(steepest_slope=0.25, other=0.25)
    assert check(notebook["steepest_slope"]).exercise == "steepest_slope"
    notebook.update(steepest_slope=..., proof_order=...)
    with pytest.raises(CourseError, match="Which exercise is this"):
        check(...)


def test_a_library_function_under_the_exercises_name_is_withheld(notebook):
    notebook["sigmoid_grad"] = sigmoid_grad
    verdict = check(sigmoid_grad)
    assert verdict.status == "failed"
    assert "withheld during the check" in verdict.message


@pytest.mark.parametrize(
    "answer",
    [
        lambda p: act.logit(p),
        lambda p: activations.logit(p),
        lambda p: logistic.logit(p),
        lambda p: library_logit(p),
        lambda p: coursekit.activations.logit(p),
        lambda p: __import__("coursekit.activations").activations.logit(p),
        functools.partial(library_logit),
    ],
)
def test_the_library_function_is_withheld_however_it_was_imported(answer):
    verdict = check(logit=answer)
    assert verdict.status == "failed"
    assert "withheld during the check" in verdict.message


def test_the_library_works_again_after_a_check():
    check(logit=library_logit)
    assert library_logit(0.5) == 0.0

    def stops(p):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(logit=stops)
    assert library_logit(0.5) == 0.0


@pytest.mark.parametrize("exercise", exercises.every().values(), ids=lambda e: e.name)
def test_whatever_answers_an_exercise_in_the_library_can_be_withheld(exercise):
    if answer_in_library(exercise):
        args = exercise.cases(np.random.default_rng(0))[0]
        with withheld(answer_in_library(exercise)):
            assert "withheld" in call(exercise.reference, args).error
            assert "withheld" in call(exercise.reference, (*args, *args)).error
    assert check(**{exercise.name: exercise.mistakes[0].answer}).status == "failed"


def test_another_library_function_may_be_called():
    assert check(tanh_from_sigmoid=lambda x: 2 * act.sigmoid(2 * np.asarray(x)) - 1).points == 2


@pytest.mark.parametrize("exercise", exercises.every(), ids=str)
def test_a_stub_is_not_attempted(exercise):
    assert check(**{exercise: ...}).status == "not attempted"
    assert check(**{exercise: lambda *args, **kwargs: ...}).status in ("not attempted", "failed")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda x: None, "Is a `return` missing?"),
        (lambda x: np.float32(sigmoid(x)), "It was computed in float32; float64 is wanted."),
        (lambda x: sigmoid(x) > 0.5, "A single number is wanted."),
        (lambda x: np.atleast_1d(sigmoid(x)), "A single number is wanted."),
        (lambda x: np.ravel(sigmoid(x)) if np.ndim(x) > 1 else sigmoid(x), "not (3, 4)."),
        (lambda x: str(x), "A single number is wanted."),
        (lambda x: (y for y in [x]), "got      a generator"),
        (lambda: 0, "TypeError"),
        (lambda x: sys.exit(), "got      SystemExit"),
        (lambda x: check(sigmoid=7).points, "got      0"),
        (7, "TypeError: 'int' object is not callable"),
        ("sigmoid", "TypeError: 'str' object is not callable"),
    ],
)
def test_a_wrong_answer_never_raises_and_says_what_is_wrong(answer, sentence):
    verdict = check(sigmoid=answer)
    assert (verdict.status, verdict.points) == ("failed", 0)
    assert sentence in verdict.message


def test_a_list_of_numbers_is_as_good_as_an_array():
    assert check(sigmoid=lambda x: sigmoid(x).tolist()).status == "passed"


def test_an_answer_that_changes_its_argument_is_told():
    def answer(x):
        result = sigmoid(x)
        if np.ndim(x):
            x[...] = 0
        return result

    assert "a changed argument" in check(sigmoid=answer).message


def test_endless_recursion_fails():
    def answer(x):
        return answer(x)

    assert "RecursionError" in check(sigmoid=answer).message


def test_ctrl_c_stops_a_check():
    def answer(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(sigmoid=answer)


@pytest.mark.parametrize(
    "misuse",
    [
        lambda: check(),
        lambda: check(sigmoid, sigmoid),
        lambda: check(sigmoid=sigmoid, logit=sigmoid),
        lambda: check(sigmoid, logit=sigmoid),
        lambda: check(lambda x: x),
        lambda: check(0.25),
        lambda: check(np.zeros(2)),
        lambda: check(None),
        lambda: check(sigmod=sigmoid),
        lambda: check(math.exp),
        lambda: hint(),
        lambda: hint("sigmoid", "logit"),
        lambda: hint("sigmod"),
        lambda: hint(5),
    ],
)
def test_misuse_is_one_sentence(misuse):
    with pytest.raises(CourseError) as raised:
        misuse()
    text = str(raised.value)
    assert "\n" not in text
    assert text.endswith((".", "?"))


def test_a_misspelt_name_is_met_with_the_nearest():
    with pytest.raises(CourseError, match="Did you mean sigmoid"):
        check(sigmod=sigmoid)


@pytest.fixture
def no_hints_yet(monkeypatch):
    monkeypatch.setattr(student, "_given", Counter())


@pytest.mark.usefixtures("no_hints_yet")
def test_hints_come_one_by_one_and_the_last_one_stays():
    texts = exercises.find("sigmoid").hints
    shown = [student.hint("sigmoid") for _ in range(len(texts) + 1)]
    assert [h.text for h in shown] == [*texts, texts[-1]]
    assert shown[0].heading == f"Hint 1 of {len(texts)}"
    assert shown[-1].heading.endswith(", the last")
    assert student.hint("logit").text == exercises.find("logit").hints[0]


@pytest.mark.usefixtures("no_hints_yet")
def test_a_hint_can_be_asked_with_the_function():
    assert student.hint(sigmoid).text == exercises.find("sigmoid").hints[0]


def test_a_hint_shows_as_text_and_as_markdown():
    shown = student.hint("sigmoid")
    assert repr(shown) == f"{shown.heading}: {shown.text}"
    assert shown._repr_markdown_() == f"**{shown.heading}.** {shown.text}"


def test_a_verdict_draws_the_answer_against_the_expected_curve():
    import matplotlib as mpl

    with mpl.rc_context({"backend": "Agg"}):
        import matplotlib.pyplot as plt

        _, ax = plt.subplots()
        assert check(sigmoid=np.tanh).plot(ax=ax) is ax
        assert [line.get_label() for line in ax.get_lines()] == ["expected", "yours"]
        expected, yours = (line.get_ydata() for line in ax.get_lines())
        x = ax.get_lines()[0].get_xdata()
        assert np.allclose(expected, 1 / (1 + np.exp(-x)))
        assert np.allclose(yours, np.tanh(x))
        plt.close("all")


def test_what_is_no_curve_cannot_be_drawn():
    for verdict in (check(steepest_slope=1), check(binary_softmax=lambda a, b: a)):
        with pytest.raises(TypeError, match="nothing to draw"):
            verdict.plot()


def test_in_a_notebook_a_wrong_answer_shows_its_mistake(shell):
    verdict, printed = run(shell, "def sigmoid(x): return 1 / (1 + np.exp(x))\ncheck(sigmoid)")
    assert (verdict.mistake.id, verdict.exercise) == ("sign", "sigmoid")
    assert "✗ sigmoid: 0 of 2 points" in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize(
    "cell",
    [
        "sigmoid = lambda x: 1 / (1 + np.exp(-x))",
        "import math\nsigmoid = np.vectorize(lambda x: 1 / (1 + math.exp(-x)))",
        "import functools\nsigmoid = functools.partial(lambda s, x: 1 / (1 + np.exp(s * x)), -1)",
        "def helper(x): return 1 / (1 + np.exp(-x))\nsigmoid = helper",
    ],
)
def test_in_a_notebook_any_callable_is_found_by_its_name(shell, cell):
    verdict, _ = run(shell, f"{cell}\ncheck(sigmoid)")
    assert (verdict.exercise, verdict.status) == ("sigmoid", "passed")


def test_in_a_notebook_misuse_shows_a_sentence_without_a_traceback(shell):
    _, printed = run(shell, "check()")
    assert printed.strip() == "check takes one answer at a time, such as check(sigmoid)."
    _, printed = run(shell, "hint('sigmod')")
    assert printed.strip() == "No exercise is called 'sigmod'. Did you mean sigmoid?"


def test_in_a_notebook_warnings_are_part_of_the_verdict_only(shell):
    cell = "def stable_sigmoid(x): return 1 / (1 + np.exp(-np.asarray(x, float)))"
    verdict, printed = run(shell, f"{cell}\nverdict = check(stable_sigmoid)\nverdict")
    assert verdict.mistake.id == "naive"
    warned = [line.strip() for line in printed.splitlines() if "encountered" in line]
    assert all(line.startswith("got") for line in warned)
