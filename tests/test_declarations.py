"""Every declaration, on twenty seeds: the reference passes, each mistake fails and is named."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coursekit import exercises
from coursekit.callables import Node
from coursekit.collect import Foreign, collect, identical, value_of
from coursekit.exercise import Exercise
from coursekit.judge import inputs_for, judge
from coursekit.notebooks import prompt
from coursekit.verdict import Verdict

SEEDS = range(20)
ALL = list(exercises.every().values())
FUNCTIONS = [exercise for exercise in ALL if exercise.kind == "function"]
MISTAKES = [
    pytest.param(exercise, mistake, id=f"{exercise.name}-{mistake.id}")
    for exercise in ALL
    for mistake in exercise.mistakes
]


def verdict_of(exercise: Exercise, answer: object, seed: int) -> Verdict:
    if exercise.kind != "function":
        return judge(exercise, [], [value_of(answer)])
    inputs = inputs_for(exercise, seed)
    return judge(exercise, inputs, collect(answer, inputs))


def by_name(exercise: Exercise) -> str:
    return exercise.name


@pytest.mark.parametrize("exercise", ALL, ids=by_name)
def test_the_reference_passes(exercise):
    for seed in SEEDS:
        verdict = verdict_of(exercise, exercise.reference, seed)
        assert verdict.status == "passed", str(verdict)
        assert verdict.points == exercise.points


@pytest.mark.parametrize("exercise", ALL, ids=by_name)
def test_the_stub_is_not_attempted(exercise):
    stub = (lambda *args: ...) if exercise.kind == "function" else ...
    verdict = verdict_of(exercise, stub, 0)
    assert (verdict.status, verdict.points, verdict.mistake) == ("not attempted", 0, None)


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES)
def test_every_mistake_fails_and_is_named(exercise, mistake):
    for seed in SEEDS:
        verdict = verdict_of(exercise, mistake.answer, seed)
        assert (verdict.status, verdict.points) == ("failed", 0), f"seed {seed}"
        named = verdict.mistake.id if verdict.mistake else None
        assert named == mistake.id, f"seed {seed}: taken for {named}"
        assert mistake.feedback in str(verdict)


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=by_name)
def test_inputs_vary_with_the_seed_and_only_with_it(exercise):
    drawn = [inputs_for(exercise, seed) for seed in SEEDS]
    if drawn[0] == [()]:
        pytest.skip("a function without arguments is called in one way only")
    assert identical(drawn[0], inputs_for(exercise, 0))
    assert not any(identical(drawn[0], other) for other in drawn[1:])


def filled(form: object, constant: float) -> object:
    """The constant in the form of a right result: an array, or several in a tuple or a list."""
    if isinstance(form, tuple | list):
        return type(form)(filled(part, constant) for part in form)
    return np.full(np.shape(form), constant)


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=by_name)
@pytest.mark.parametrize("trick", ["zeros", "ones", "half", "first argument", "last argument"])
def test_answers_without_thought_fail(exercise, trick):
    constants = {"zeros": 0.0, "ones": 1.0, "half": 0.5}
    for seed in SEEDS:
        inputs = inputs_for(exercise, seed)
        right = collect(exercise.reference, inputs)
        forms = iter([outcome.value for outcome in right])

        def answer(*args, forms=forms):
            if trick in constants:
                return filled(next(forms), constants[trick])
            return args[0] if trick == "first argument" else args[-1]

        assert judge(exercise, inputs, collect(answer, inputs)).status == "failed"


@pytest.mark.parametrize("exercise", ALL, ids=by_name)
def test_a_declaration_is_complete(exercise):
    assert exercise.points >= 1
    assert exercise.prompt.strip()
    assert len(exercise.hints) >= 2
    assert all(hint.strip() for hint in exercise.hints)
    assert len(exercise.mistakes) >= (3 if exercise.kind == "function" else 2)
    assert len({mistake.id for mistake in exercise.mistakes}) == len(exercise.mistakes)
    assert all(m.feedback.rstrip("*`").endswith((".", "?")) for m in exercise.mistakes)


ODD_VALUES = [
    *(None, True, 0, 1e300, float("nan"), "text", np.zeros(()), np.zeros((2, 0)), frozenset("ab")),
    *([[[1], [1, 2]], 3], (10**5000, 1), (1.0, Node("x")), [2, np.zeros(2)], np.zeros(2)),
    *(
        [],
        (),
        [None],
        [[]],
        [Foreign("x")],
        {},
        {"a": 1},
        Foreign("map"),
        Node("x"),
        [Node("x")] * 2,
    ),
]


@pytest.mark.parametrize("exercise", [e for e in ALL if e.describe], ids=by_name)
def test_a_description_is_short_and_takes_whatever_comes(exercise):
    for args in inputs_for(exercise, 0) or [()]:
        for value in ODD_VALUES:
            words = exercise.describe(args, value)
            assert isinstance(words, str)
            assert 0 < len(words) <= 60
            assert words.isprintable()


def _linear_near_0(exercise: Exercise) -> Any:
    def answer(x, alpha=1.0):
        args = (x, alpha) if exercise.name == "fixed_elu" else (x,)
        return np.where(np.abs(x) < 0.3, alpha * np.asarray(x), exercise.reference(*args))[()]

    return answer


@pytest.mark.parametrize("name", ["fixed_tanh", "fixed_elu"])
def test_a_straight_line_near_0_fails(name):
    exercise = exercises.every()[name]
    for seed in SEEDS:
        assert verdict_of(exercise, _linear_near_0(exercise), seed).status == "failed"


@pytest.mark.parametrize("pair", [(1e300, 1e-5), (10.0, 1e300), (-1e300, 1e305), (10, 10**305)])
def test_any_finite_pair_may_be_the_counterexample(pair):
    verdict = verdict_of(exercises.every()["counterexample"], lambda: pair, 0)
    assert verdict.status == "passed", str(verdict)


@pytest.mark.parametrize("exercise", [e for e in ALL if e.kind == "quiz"], ids=by_name)
def test_a_quiz_explains_every_wrong_option(exercise):
    wrong = {mistake.answer for mistake in exercise.mistakes}
    assert wrong == set(exercise.options) - {exercise.reference}
    assert all(f"**{letter}**" in prompt(exercise) for letter in exercise.options)


def test_names_are_unique_and_every_notebook_has_declarations():
    names = [exercise.name for part in exercises.chapters().values() for exercise in part]
    assert len(names) == len(set(names))
    solutions = Path(__file__).parents[1] / "solutions"
    assert set(exercises.chapters()) == {path.stem for path in solutions.glob("*.md")}
