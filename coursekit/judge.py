"""Judge what an answer did, and name the mistake behind it."""

import inspect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from coursekit.collect import Outcome, call, plain
from coursekit.compare import Difference, Tolerance, difference, one_line, show, wanted
from coursekit.entries import judge_entries
from coursekit.exercise import Exercise, Mistake
from coursekit.verdict import Verdict

LONGEST_CALL = 120  # characters; longer calls are shown by the names and shapes of the arguments

Inputs = Sequence[tuple[Any, ...]]


def inputs_for(exercise: Exercise, seed: int) -> list[tuple[Any, ...]]:
    """Draw the exercise's argument tuples; a value or quiz has none to draw."""
    if exercise.cases is None:
        return []
    return [tuple(args) for args in exercise.cases(np.random.default_rng(seed))]


def drawn(exercise: Exercise, seeds: Iterable[int]) -> list[tuple[Any, ...]]:
    """Draw the exercise's argument tuples from one seed after the other."""
    return [args for seed in seeds for args in inputs_for(exercise, seed)]


@dataclass(frozen=True)
class Questions:
    """An exercise's inputs, and the reference's outcomes, computed once for all answers."""

    exercise: Exercise
    inputs: Inputs

    @cached_property
    def expected(self) -> list[Outcome]:
        """What the reference does on every input; one value for a value or a quiz."""
        reference = self.exercise.reference
        return [_outcome(self.exercise, reference, args) for args in self.inputs or [()]]

    def judge(self, outcomes: Sequence[Outcome]) -> Verdict:
        """Compare the outcomes of an answer with the reference's."""
        exercise, inputs = self.exercise, self.inputs
        verdict = Verdict(exercise.name, "failed", 0, exercise.points)
        if any(map(_untouched, outcomes)):
            return replace(verdict, status="not attempted")
        if exercise.partial and isinstance(outcomes[0].value, dict):
            return judge_entries(exercise, outcomes[0].value)
        asked = enumerate(zip(inputs or [()], self.expected, outcomes, strict=True))
        found = ((i, complaint(exercise, *one)) for i, one in asked)
        index, first = next(((i, c) for i, c in found if c is not None), (0, None))
        if first is None:
            return replace(verdict, status="passed", points=exercise.points)
        mistake = recognise(exercise, inputs, outcomes)
        lines = _explain(exercise, inputs[index] if inputs else None, first)
        if mistake is not None:
            lines = [line for line in lines if line != first.note] + [mistake.feedback]
        return replace(verdict, message="\n".join(lines), mistake=mistake)


def judge(exercise: Exercise, inputs: Inputs, outcomes: Sequence[Outcome]) -> Verdict:
    """Compare the outcomes of an answer with the reference's on the same inputs.

    For a value or a quiz `inputs` is empty and `outcomes` holds the one value.
    """
    return Questions(exercise, inputs).judge(outcomes)


def complaint(
    exercise: Exercise, args: tuple[Any, ...], expected: Outcome, got: Outcome
) -> Difference | None:
    """Return what is wrong with the outcome of one call, or None."""
    if got.error is None:
        value = _described(exercise, args, got).value
        found = difference(expected.value, value, Tolerance(exercise.rtol, exercise.atol))
        if found is not None and exercise.describe is not None:
            return Difference("", str(expected.value), f"{show(got.value)}: {value}")
        if found is not None and exercise.kind != "function":
            return _of_value(exercise, expected, got, found)
        if found is not None:
            return found
    conduct = _conduct(exercise, got)
    if conduct is None:
        return None
    want = show(expected.value) if exercise.describe is None else str(expected.value)
    return conduct if conduct.expected else replace(conduct, expected=want)


def _conduct(exercise: Exercise, got: Outcome) -> Difference | None:
    """Return what is wrong beside the value, or None."""
    if got.error is not None:
        return Difference("", "", one_line(got.error))
    if got.mutated:
        note = "Leave the arguments as they are: work on a copy (`.copy()`)."
        return Difference("", "", "a changed argument", note)
    if exercise.silent and got.warning is not None:
        return Difference("", "the same values without a warning", one_line(got.warning))
    return None


def _of_value(exercise: Exercise, expected: Outcome, got: Outcome, found: Difference) -> Difference:
    """Return the difference with a note that fits a value: letters for a quiz, no `return`."""
    a_letter = isinstance(got.value, str) and got.value in exercise.options
    if exercise.options and not a_letter:
        return replace(found, note=f"Answer with one letter: {', '.join(exercise.options)}.")
    if isinstance(expected.value, frozenset) and not found.note:
        return replace(found, note=f'Not this set: `hint("{exercise.name}")` says how to find it.')
    return replace(found, note=wanted(expected.value)) if got.value is None else found


def recognise(exercise: Exercise, inputs: Inputs, outcomes: Sequence[Outcome]) -> Mistake | None:
    """Return the first declared mistake that does on these inputs what the answer did."""
    tolerance = Tolerance(max(exercise.rtol, 1e-6), exercise.atol)

    def agrees(mistake: Mistake) -> bool:
        pairs = zip(inputs or [()], outcomes, strict=True)
        return all(same(mistake, args, outcome) for args, outcome in pairs)

    def same(mistake: Mistake, args: tuple[Any, ...], outcome: Outcome) -> bool:
        ours = _outcome(exercise, mistake.answer, args)
        theirs = _described(exercise, args, outcome)
        return _alike(ours, theirs, tolerance, exercise.silent)

    return next(filter(agrees, exercise.mistakes), None)


def _outcome(exercise: Exercise, answer: Any, args: tuple[Any, ...]) -> Outcome:
    """Return what a program or value of ours does, described."""
    done = call(answer, args) if exercise.kind == "function" else Outcome(plain(answer))
    return _described(exercise, args, done)


def _described(exercise: Exercise, args: tuple[Any, ...], outcome: Outcome) -> Outcome:
    """Return the outcome with its value replaced by what counts about it, if that is declared."""
    if exercise.describe is None or outcome.error is not None:
        return outcome
    return replace(outcome, value=exercise.describe(args, outcome.value))


def _alike(a: Outcome, b: Outcome, tolerance: Tolerance, silent: bool) -> bool:
    if a.error is not None or b.error is not None:
        return _kind_of(a.error) == _kind_of(b.error)
    if a.mutated != b.mutated or (silent and (a.warning is None) != (b.warning is None)):
        return False
    return (a.value is None and b.value is None) or difference(a.value, b.value, tolerance) is None


def _kind_of(error: str | None) -> str | None:
    return error.partition(":")[0] if error is not None else None


def _untouched(outcome: Outcome) -> bool:
    return outcome.value is ... or _kind_of(outcome.error) == "NotImplementedError"


def _explain(exercise: Exercise, args: tuple[Any, ...] | None, found: Difference) -> list[str]:
    """Return the lines of a verdict; the expected value stays secret where it is the answer."""
    if args is None:
        lines = [f"got      {found.got}"]
    else:
        shown = _call(exercise, args, found)
        lines = [f"call     {shown}", f"expected {found.expected}", f"got      {found.got}"]
    return [*lines, found.note] if found.note else lines


def _call(exercise: Exercise, args: tuple[Any, ...], found: Difference) -> str:
    """Return the call; where one element of an elementwise function is wrong, with that element."""
    names = list(inspect.signature(exercise.reference).parameters)[: len(args)]
    if _elementwise(exercise, args, found):
        pairs = zip(names, args, strict=True)
        place = ", ".join(f"{n}{found.where} = {show(a[found.index])}" for n, a in pairs)
        return f"{exercise.name}({', '.join(names)}){found.where}, where {place}"
    full = f"{exercise.name}({', '.join(map(show, args))}){found.where}"
    if len(full) <= LONGEST_CALL:
        return full
    shapes = (f"{n} {np.shape(a)}" for n, a in zip(names, args, strict=True) if np.ndim(a))
    return f"{exercise.name}({', '.join(names)}){found.where} with {', '.join(shapes)}"


def _elementwise(exercise: Exercise, args: tuple[Any, ...], found: Difference) -> bool:
    """Whether the reference makes the element that is wrong from the arguments' elements alone."""
    if not found.index or not all(
        isinstance(a, np.ndarray) and a.shape == found.shape for a in args
    ):
        return False
    whole = call(exercise.reference, args)
    alone = call(exercise.reference, tuple(a[found.index] for a in args))
    if alone.error is not None or np.shape(alone.value) != ():
        return False
    close = np.isclose(alone.value, whole.value[found.index], rtol=1e-6, atol=0, equal_nan=True)
    return bool(close)
