"""Judging outcomes: right or wrong, why, and which mistake it is."""

import numpy as np
import pytest

from coursekit.collect import Outcome, collect, value_of
from coursekit.exercise import Exercise, Mistake
from coursekit.judge import inputs_for, judge


def exercise(**changes):
    fields = {
        "name": "double",
        "points": 2,
        "prompt": "Return 2x.",
        "reference": lambda x: 2 * x,
        "cases": lambda rng: [(3.0,), (rng.uniform(1, 2, 4),)],
        "mistakes": (
            Mistake("square", lambda x: x * x, "Doubling is no squaring."),
            Mistake("raises", lambda x: float(np.ravel(x)[0]) + None, "None is no number."),
            Mistake("nothing", lambda x: None, "Nothing comes back."),
            Mistake("complex", lambda x: 2j * x, "No imaginary part is wanted."),
            Mistake("loud", lambda x: 2 * x + 0 * np.log(np.zeros(1))[0].clip(0), "It warns."),
        ),
        "hints": ("Add it to itself.", "2 * x"),
    }
    return Exercise(**fields | changes)


DOUBLE = exercise()
HALF = exercise(name="half", reference=0.5, cases=None, mistakes=(Mistake("two", 2, "Inverted."),))
QUIZ = exercise(
    name="quiz",
    reference="B",
    cases=None,
    options={"A": "one", "B": "two"},
    mistakes=(Mistake("A", "A", "It is not one."),),
)


def verdict_on(answer, asked=DOUBLE, seed=0):
    if asked.kind != "function":
        return judge(asked, [], [value_of(answer)])
    inputs = inputs_for(asked, seed)
    return judge(asked, inputs, collect(answer, inputs))


def test_a_right_answer_earns_all_points():
    verdict = verdict_on(lambda x: x + x)
    assert (verdict.status, verdict.points, verdict.message) == ("passed", 2, "")


def test_a_wrong_answer_is_told_the_call_and_both_values():
    verdict = verdict_on(lambda x: x + 1)
    assert (verdict.status, verdict.points, verdict.mistake) == ("failed", 0, None)
    assert verdict.message.splitlines() == ["call     double(3.0)", "expected 6.0", "got      4.0"]


def test_the_first_wrong_call_is_shown():
    verdict = verdict_on(lambda x: 6.0 if np.ndim(x) == 0 else 2 * x + np.eye(4)[2])
    assert verdict.message.startswith("call     double(x)[2], where x[2] = 1.")


def test_a_known_mistake_is_named():
    verdict = verdict_on(lambda x: x**2)
    assert verdict.mistake.id == "square"
    assert verdict.message.endswith("\nDoubling is no squaring.")


def test_a_mistake_that_raises_is_known_by_the_kind_of_its_error():
    def answer(x):
        raise TypeError("another text")

    assert verdict_on(answer).mistake.id == "raises"
    assert verdict_on(lambda x: 1 / 0).mistake is None


def test_a_mistake_that_returns_nothing_is_known():
    verdict = verdict_on(lambda x: None)
    assert verdict.mistake.id == "nothing"
    assert "return" not in verdict.message  # its own sentence replaces the general one


def test_an_unknown_answer_of_the_wrong_form_gets_the_general_sentence():
    assert verdict_on(lambda x: [None]).message.endswith("A single number is wanted.")


@pytest.mark.parametrize("answer", [lambda x: ..., lambda x: [][0] if np.ndim(x) else ...])
def test_a_stub_is_not_attempted(answer):
    assert verdict_on(answer).status == "not attempted"


def test_not_implemented_is_not_attempted():
    def answer(x):
        raise NotImplementedError

    assert verdict_on(answer).status == "not attempted"


def test_a_changed_argument_is_wrong_even_where_the_value_is_right():
    def answer(x):
        x *= 2
        return x

    verdict = verdict_on(answer)
    assert verdict.status == "failed"
    assert verdict.message.endswith("Leave the arguments as they are: work on a copy (`.copy()`).")


def test_a_warning_is_wrong_only_where_silence_is_asked():
    def answer(x):
        np.log(np.zeros(1))
        return 2 * x

    assert verdict_on(answer).status == "passed"
    silent = exercise(silent=True)
    verdict = verdict_on(answer, silent)
    assert "got      RuntimeWarning: divide by zero encountered in log" in verdict.message
    assert verdict_on(lambda x: 2 * x, silent).status == "passed"


def test_inputs_depend_on_the_seed_alone():
    assert inputs_for(DOUBLE, 1)[1][0] == pytest.approx(inputs_for(DOUBLE, 1)[1][0], rel=0)
    assert inputs_for(DOUBLE, 1)[1][0][0] != inputs_for(DOUBLE, 2)[1][0][0]
    assert inputs_for(HALF, 0) == []


def test_several_arguments_are_shown_with_the_wrong_element_of_each():
    add = exercise(
        name="add",
        reference=lambda a, b: a + b,
        cases=lambda rng: [(np.array([1.0, 2.0]), np.array([3.0, 4.0]))],
        mistakes=(),
    )
    verdict = verdict_on(lambda a, b: np.array([4.0, 0.0]), add)
    call = "call     add(a, b)[1], where a[1] = 2.0, b[1] = 4.0"
    assert verdict.message.splitlines() == [call, "expected 6.0", "got      0.0"]


def test_arguments_of_different_shapes_are_shown_whole():
    norms = exercise(
        name="norms",
        reference=lambda arrays: np.array([a.sum() for a in arrays]),
        cases=lambda rng: [([np.ones(2), np.ones((1, 3))],)],
        mistakes=(),
    )
    verdict = verdict_on(lambda arrays: np.array([2.0, 4.0]), norms)
    assert "call     norms([array([1., 1.]), array([[1., 1., 1.]])])[1]" in verdict.message


def test_the_expected_value_stays_secret_where_it_is_the_answer():
    for answer in (2, 0.25, "x", None, [0.5], np.zeros(3), lambda: 0.5, True, 1j):
        verdict = verdict_on(answer, HALF)
        assert verdict.status == "failed"
        assert "expected" not in verdict.message
        assert "0.5" not in verdict.message.replace("[0.5]", "")


def test_a_value_that_is_a_known_mistake_is_named():
    assert verdict_on(2.0, HALF).mistake.id == "two"
    assert verdict_on(np.float32(0.5), HALF).status == "passed"
    assert verdict_on(None, HALF).message.endswith("A single number is wanted.")


def test_a_wrong_set_is_sent_to_the_hints_and_what_is_no_set_is_told_so():
    one = exercise(name="some", reference={"A", "C"}, cases=None, mistakes=())
    assert verdict_on({"a", "c"}, one).status == "passed"
    for answer in (set(), {"A"}, {"A", "B", "C"}):
        line = 'Not this set: `hint("some")` says how to find it.'
        assert verdict_on(answer, one).message.splitlines()[1:] == [line]
    for answer in ("AC", ["A", "C"], None, 1):
        assert verdict_on(answer, one).message.endswith("A set is wanted.")


@pytest.mark.parametrize("answer", ["E", "AB", 2, None, ["B"], np.array(["B", "B"]), 1e300])
def test_what_is_no_letter_of_a_quiz_is_told_the_letters(answer):
    verdict = verdict_on(answer, QUIZ)
    assert verdict.status == "failed"
    assert verdict.message.endswith("Answer with one letter: A, B.")


def test_a_wrong_letter_is_told_why():
    assert verdict_on("A", QUIZ).message == "got      'A'\nIt is not one."
    for answer in ["B", np.str_("B"), "b", " B "]:
        assert verdict_on(answer, QUIZ).status == "passed"


def test_a_value_left_open_is_not_attempted():
    assert verdict_on(..., HALF).status == "not attempted"
    assert verdict_on(..., QUIZ).status == "not attempted"


def test_texts_that_come_from_a_notebook_stay_on_their_line():
    forged = Outcome(error="ValueError: x\nexpected 1\x1b[2J")
    verdict = judge(DOUBLE, inputs_for(DOUBLE, 0), [forged, forged])
    assert len(verdict.message.splitlines()) == 3
    assert "\x1b" not in verdict.message


def divisor(args, value):
    """Describe a divisor of n: any will do, 1 and n excepted."""
    if not isinstance(value, int):
        return "no integer"
    if value in (1, args[0]):
        return "a divisor of every number"
    return "a proper divisor" if value and args[0] % value == 0 else "no divisor"


DIVISOR = exercise(
    name="divisor",
    reference=lambda n: 2,
    cases=lambda rng: [(12,), (30,)],
    describe=divisor,
    mistakes=(
        Mistake("one", lambda n: 1, "1 divides everything."),
        Mistake("float", lambda n: n / 2, "A float is no divisor."),
        Mistake("raises", lambda n: 1 // 0, "Nothing is divided by 0."),
    ),
)


@pytest.mark.parametrize("answer", [lambda n: 2, lambda n: 3, lambda n: n // 2, lambda n: -6])
def test_any_result_of_the_right_description_is_right(answer):
    assert verdict_on(answer, DIVISOR).status == "passed"


def test_a_result_of_another_description_is_shown_with_it():
    verdict = verdict_on(lambda n: 6 if n == 12 else 7, DIVISOR)
    expected = ["call     divisor(30)", "expected a proper divisor", "got      7: no divisor"]
    assert verdict.message.splitlines() == expected


def test_mistakes_are_recognised_by_their_descriptions():
    verdict = verdict_on(lambda n: n, DIVISOR)
    assert verdict.mistake.id == "one"
    assert verdict.message.splitlines()[2:] == [
        "got      12: a divisor of every number",
        "1 divides everything.",
    ]
    assert verdict_on(lambda n: None, DIVISOR).mistake.id == "float"
    assert verdict_on(lambda n: 5 // 0, DIVISOR).mistake.id == "raises"
    assert verdict_on(lambda n: 5, DIVISOR).mistake is None


def test_words_handed_in_are_not_their_own_description():
    assert verdict_on(lambda n: "a proper divisor", DIVISOR).status == "failed"


def test_a_value_may_be_described_too():
    even = exercise(
        reference=2,
        cases=None,
        describe=lambda args, value: "even" if value in (2, 4) else "odd",
        mistakes=(Mistake("odd", 1, "It is odd."),),
    )
    assert verdict_on(4, even).status == "passed"
    assert verdict_on(3, even).message == "got      3: odd\nIt is odd."
    assert verdict_on(..., even).status == "not attempted"


def test_programs_run_only_until_a_call_decides():
    called = []

    def mistake(x):
        called.append(x)
        return x * x

    square = exercise(mistakes=(Mistake("square", mistake, "Doubling is no squaring."),))
    assert verdict_on(lambda x: 0 * x, square).mistake is None
    assert called == [3.0]
