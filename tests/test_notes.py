"""A student reads what kind of thing was wrong, and nothing that came from a hidden input."""

import numpy as np
import pytest
from classroom_results import CHAPTERS, LAST, judged, right, submission, untouched, wrong
from hypothesis import given
from hypothesis import strategies as st

from coursekit import exercises
from coursekit.collect import Foreign, Outcome
from coursekit.grading.notes import kind_of, mistakes_of, sentences, why_ungraded
from coursekit.grading.results import Result
from coursekit.judge import inputs_for, judge

EVERY = exercises.every()
FUNCTIONS = [e for e in EVERY.values() if e.kind == "function"][::4]
SIGMOID, SLOPE, VERDICTS = EVERY["sigmoid"], EVERY["steepest_slope"], EVERY["verdicts"]
MARK = "817365"  # in no sentence of ours


@pytest.mark.parametrize("exercise", EVERY.values(), ids=EVERY)
def test_a_recognised_mistake_is_told_with_its_feedback(exercise):
    for mistake in exercise.mistakes[:2]:
        verdict = judged(exercise, mistake.answer)
        assert verdict.mistake.feedback in sentences(verdict, exercise)
        assert kind_of(verdict) == "mistake"


SMUGGLED = {
    "an error's text": Outcome(error=f"ValueError: {MARK}"),
    "an error's name": Outcome(error=f"E{MARK}: no"),
    "an error's name alone": Outcome(error=f"E{MARK}"),
    "a value": Outcome(float(MARK)),
    "a string": Outcome(MARK),
    "a set": Outcome(frozenset({MARK})),
    "a shape": Outcome(np.zeros((int(MARK), 1))),
    "a type": Outcome(Foreign(f"T{MARK}")),
    "a number of results": Outcome((1.0,) * 817),
    "a dict": Outcome({MARK: 1.0}),
}


@pytest.mark.parametrize("outcome", SMUGGLED.values(), ids=SMUGGLED)
def test_an_answer_smuggles_no_hidden_input_to_the_student(outcome):
    for exercise in FUNCTIONS:
        inputs = inputs_for(exercise, 5)
        said = sentences(judge(exercise, inputs, [outcome] * len(inputs)), exercise)
        assert said
        assert "817" not in " ".join(said)


def test_a_value_that_remembers_a_hidden_call_is_not_shown():
    verdict = judge(SLOPE, [], [Outcome(float(MARK))])
    assert MARK in verdict.message
    assert MARK not in " ".join(sentences(verdict, SLOPE))


@given(st.text(st.characters(codec="utf-8")), st.sampled_from([SIGMOID, SLOPE, VERDICTS]))
def test_no_message_is_passed_on(text, exercise):
    lines = f"got      {text}{MARK}\n{text}{MARK}\nwrong: {MARK}\nnot asked: {MARK}"
    said = sentences(wrong(exercise, lines), exercise)
    assert said
    assert MARK not in " ".join(said)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda x: None, "return"),
        (lambda x: np.zeros(99) if np.ndim(x) else SIGMOID.reference(x), "another shape"),
        (lambda x: np.float32(1) / (1 + np.exp(-np.asarray(x, np.float32))), "low precision"),
        (lambda x: {"a": 1}, "form"),
        (lambda x: 1 / 0, "`ZeroDivisionError`"),
        (lambda x: np.linalg.inv(np.zeros((2, 2))), "stops with an error"),
        (lambda x: np.asarray(x, float) * 3 + 0.7, "not the expected ones"),
    ],
)
def test_the_kind_of_fault_is_told(answer, said):
    assert said in " ".join(sentences(judged(SIGMOID, answer), SIGMOID))


def in_place(x):
    value = 1 / (1 + np.exp(-np.asarray(x, float)))
    if isinstance(x, np.ndarray):
        x += 1
    return value


def test_a_changed_argument_is_told():
    assert "copy" in " ".join(sentences(judged(SIGMOID, in_place), SIGMOID))


def warning(x):
    np.log(np.zeros(1))
    return SILENT.reference(x)


SILENT = EVERY["stable_sigmoid"]


def test_a_warning_is_told_and_is_no_error():
    verdict = judged(SILENT, warning)
    assert "it warns" in " ".join(sentences(verdict, SILENT))
    assert kind_of(verdict) == "other"


@pytest.mark.parametrize(
    ("message", "kind", "said"),
    [
        ("nothing: its cell was stopped, it took longer than 20 s", "stopped", "too long"),
        ("nothing: it took longer than 10 s", "stopped", "too long"),
        ("nothing: the notebook took longer than 120 s", "stopped", "too long"),
        ("nothing: its process died", "stopped", "ended the process"),
        ("nothing: its cell raised NameError: x", "error", "Its cell stops with `NameError`"),
        ("nothing: its cell raised Own: x", "error", "Its cell stops with an error"),
        ("None", "other", "not the expected"),
        ("nan", "other", "not the expected"),
    ],
)
def test_what_was_stopped_is_told_from_what_raised(message, kind, said):
    verdict = wrong(SIGMOID, f"got      {message}")
    assert kind_of(verdict) == kind
    assert said in " ".join(sentences(verdict, SIGMOID))


def test_what_is_right_or_untouched_needs_no_sentence():
    for verdict in (right(SIGMOID), untouched(SIGMOID)):
        assert sentences(verdict, SIGMOID) == []
    assert kind_of(right(SIGMOID)) == "passed"
    assert kind_of(untouched(SIGMOID)) == "not attempted"


def test_partial_credit_says_which_entries_are_wrong_and_counts_every_mistake():
    answer = VERDICTS.reference | VERDICTS.mistakes[0].answer | VERDICTS.mistakes[2].answer
    missing = next(key for key in answer if answer[key] == VERDICTS.reference[key])
    verdict = judged(VERDICTS, answer | {missing: ...})
    said = " ".join(sentences(verdict, VERDICTS))
    keys = [*VERDICTS.mistakes[0].answer, *VERDICTS.mistakes[2].answer]
    assert "9 of 12 right." in said
    assert f"No answer yet: {missing}." in said
    assert all(key in said.partition("Wrong: ")[2] for key in keys)
    assert mistakes_of(verdict, VERDICTS) == (VERDICTS.mistakes[0], VERDICTS.mistakes[2])


def test_a_reason_names_no_folder_of_the_teachers():
    where = submission("ann", LAST)
    for reason in (f"{where.path} is broken.", "/home/teacher/x.ipynb is broken."):
        said = why_ungraded(Result(where, ungraded=reason))
        assert said.endswith(".ipynb is broken.")
        assert "/" not in said
    assert CHAPTERS[LAST]
