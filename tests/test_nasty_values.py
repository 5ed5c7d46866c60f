"""Whatever a worker may send, the judge gives a verdict: no error, no point, nothing to obey."""

import io

import numpy as np
import pytest

from coursekit import exercises
from coursekit.callables import Node, Sine
from coursekit.collect import Foreign, Outcome
from coursekit.grading.protocol import frame, outcome_from, receive
from coursekit.judge import inputs_for, judge

EXERCISES = exercises.every()
ASKED = {name: inputs_for(exercise, 7)[:1] for name, exercise in EXERCISES.items()}
FORGED = "\x1b[2J\r\n\0\ud800\u202e<b>=1+1"


def deep(levels):
    value = [0.25]
    for _ in range(levels):
        value = [value]
    return value


NASTY = {
    "nothing": None,
    "no value": ...,
    "true": True,
    "not a number": float("nan"),
    "infinity": float("-inf"),
    "an enormous number": 10**60_000,
    "enormous numbers": [10**400, -(10**5000), 0.5],
    "no text": "",
    "a forged text": FORGED,
    "a long text": "C" * 6_000,
    "an empty array": np.zeros((0, 3)),
    "an array of a huge empty shape": np.zeros((2**20, 0, 2**20)),
    "an array of 16 dimensions": np.zeros((1,) * 16),
    "half floats": np.full(3, np.nan, np.float16),
    "truths": np.ones((2, 3), bool),
    "large unsigned numbers": np.full(3, 2**64 - 1, np.uint64),
    "nested lists": deep(17),
    "ragged lists": [[1.0], [1.0, [2.0, "3"]], None, ...],
    "a list of arrays": [np.zeros(2), np.zeros((3, 3)), np.ones(1, bool)],
    "a tuple of nothing": (),
    "a list of texts": ["A", FORGED, ""],
    "many numbers": list(map(float, range(300))),
    "a set": frozenset({FORGED, "A", ""}),
    "a large set": frozenset(map(str, range(300))),
    "a dict": {FORGED: FORGED, "": None, "A": ..., "value": np.zeros(2), "error": {"x": ()}},
    "a large dict": {str(key): 10**5000 for key in range(10)},
    "a foreigner": Foreign(FORGED),
    "a foreigner without a kind": Foreign(""),
    "a node": Node(FORGED),
    "a callable of the wrong numbers": Sine(a="x", b=None, c=[FORGED]),
}


def sent(outcome):
    """Return an outcome as it comes out of the pipe."""
    message = receive(io.BytesIO(frame({"outcome": outcome})), 10**8)
    return outcome_from(message["outcome"])


@pytest.mark.parametrize("nasty", NASTY)
def test_a_nasty_value_gets_a_verdict_without_points(nasty):
    for exercise in EXERCISES.values():
        verdict = judge(exercise, ASKED[exercise.name], [sent(Outcome(NASTY[nasty]))])
        assert verdict.points == 0, exercise.name
        assert all(line.isprintable() for line in verdict.message.split("\n")), exercise.name
        assert len(verdict.message) < 2000, exercise.name
        assert len(str(verdict).splitlines()) <= 6, exercise.name


@pytest.mark.parametrize("text", ["", FORGED, "KeyError: 'x'", "x" * 9999])
def test_a_forged_error_or_warning_gets_a_verdict_without_points(text):
    for exercise in EXERCISES.values():
        for outcome in (Outcome(None, text, text, True), Outcome(0.123, None, text, True)):
            verdict = judge(exercise, ASKED[exercise.name], [sent(outcome)])
            assert verdict.points == 0, exercise.name
            assert all(line.isprintable() for line in verdict.message.split("\n")), exercise.name
            assert len(verdict.message) < 12_000, exercise.name
