"""The two words of the notebooks: `check` an answer, ask for a `hint`."""

import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from coursekit import exercises
from coursekit.collect import collect, value_of
from coursekit.errors import CourseError
from coursekit.exercise import Exercise
from coursekit.judge import inputs_for, judge
from coursekit.verdict import Verdict
from coursekit.withhold import answer_in_library, withheld

PUBLIC_SEED = 0

_given: Counter[str] = Counter()  # hints; "the next one" has to mean something


def check(*answers: Any, **named: Any) -> Verdict:
    """Check one answer and return the verdict.

    Write ``check(sigmoid)`` for a function that carries the exercise's name in your
    notebook, and ``check(steepest_slope=0.25)`` for a value or anything else.

    Raises
    ------
    CourseError
        When it is not one answer, or no exercise has its name. A wrong answer never raises.
    """
    if len(answers) + len(named) != 1:
        raise CourseError("check takes one answer at a time, such as check(sigmoid).")
    for answer in answers:
        named[_name_of(answer, "check(sigmoid=...)")] = answer
    [(name, answer)] = named.items()
    return verdict_on(exercises.find(name), answer)


def verdict_on(exercise: Exercise, answer: Any) -> Verdict:
    """Judge `answer` on the public inputs."""
    if exercise.kind != "function" or answer is ...:
        return judge(exercise, [], [value_of(answer)])
    inputs = inputs_for(exercise, PUBLIC_SEED)
    with withheld(answer_in_library(exercise)):
        outcomes = collect(answer, inputs)
    return replace(judge(exercise, inputs, outcomes), draw=_curve(exercise, answer))


def _name_of(answer: Any, example: str) -> str:
    """Return the exercise that the notebook binds to `answer`, or else the answer's own name."""
    known = exercises.every()
    own = getattr(answer, "__name__", None)
    bound = [n for n, value in _notebook().items() if value is answer and n in known]
    if len(bound) == 1:
        return bound[0]
    if isinstance(own, str) and own != "<lambda>" and (own in bound or not bound):
        return own
    raise CourseError(f"Which exercise is this? Give its name, such as {example}.")


def _notebook() -> Mapping[str, Any]:
    """Return the notebook's variables; nothing outside a notebook."""
    ipython = sys.modules.get("IPython")  # where it was never imported, no notebook runs
    shell = ipython.get_ipython() if ipython else None
    return {} if shell is None else shell.user_ns


def _curve(exercise: Exercise, answer: Any) -> Any:
    """Return a function that draws answer and reference, where one curve says it all."""
    points = [args[0] for args in inputs_for(exercise, PUBLIC_SEED) if len(args) == 1]
    if not points or not all(isinstance(p, float) or hasattr(p, "dtype") for p in points):
        return None

    def draw(ax: Any = None) -> Any:
        from coursekit import plot

        return plot.answer_against(exercise.reference, answer, points, exercise.name, ax=ax)

    return draw


def hint(*exercise: Any) -> "Hint":
    """Return the next hint for an exercise, given by its name or by the answer itself.

    How many were given lives in the running notebook only.

    Raises
    ------
    CourseError
        When it is not one exercise, or none has that name.
    """
    example = 'hint("sigmoid")'
    if len(exercise) != 1:
        raise CourseError(f"hint takes one exercise at a time, such as {example}.")
    asked = exercise[0]
    found = exercises.find(asked if isinstance(asked, str) else _name_of(asked, example))
    _given[found.name] = min(_given[found.name] + 1, len(found.hints))
    return Hint(found, _given[found.name])


class Hint:
    """One hint, with its place in the row."""

    def __init__(self, exercise: Exercise, number: int) -> None:
        self.text = exercise.hints[number - 1]
        last = number == len(exercise.hints)
        self.heading = f"Hint {number} of {len(exercise.hints)}" + (", the last" if last else "")

    def __repr__(self) -> str:
        return f"{self.heading}: {self.text}"

    def _repr_markdown_(self) -> str:
        return f"**{self.heading}.** {self.text}"
