"""What an exercise is: data, and nothing else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

Kind = Literal["function", "value", "quiz"]
Cases = Callable[["np.random.Generator"], Sequence[tuple[Any, ...]]]
Describe = Callable[[tuple[Any, ...], Any], str]


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that students really give, and the sentence that helps.

    `answer` is what the student would hand in: a wrong program for a function exercise,
    a wrong value or letter otherwise. An answer that behaves like it is recognised.
    """

    id: str
    answer: Any
    feedback: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Exercise:
    """One exercise, written once for the notebook, the check, the grader and the tests.

    Parameters
    ----------
    name
        The Python name that the student defines.
    points
        What a right answer earns.
    prompt
        The task in Markdown: shapes, ranges, edge cases.
    reference
        The right program, or the right value.
    cases
        Draws the argument tuples from a random generator; None for a value or a quiz.
    options
        A quiz's letters with their texts.
    mistakes
        Wrong answers that the judge can name.
    hints
        From a nudge to almost the answer.
    rtol, atol
        A result is right within ``atol + rtol * |expected|``.
    silent
        Whether a RuntimeWarning makes an answer wrong.
    describe
        For an exercise with many right results: says in a few words, given the arguments and any
        plain value, what counts about that value. Results are then compared by these words.
    partial
        Whether a dict is graded entry by entry, each for its share of the points. The mistakes are
        then dicts of wrong entries, recognised wherever the answer holds them.
    """

    name: str
    points: int
    prompt: str
    reference: Any
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, ...]
    cases: Cases | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    rtol: float = 1e-9
    atol: float = 1e-12
    silent: bool = False
    describe: Describe | None = None
    partial: bool = False

    @property
    def kind(self) -> Kind:
        """What the student hands in: a function, a value, or a quiz's letter."""
        if self.options:
            return "quiz"
        return "value" if self.cases is None else "function"

    @property
    def question(self) -> str:
        """The Markdown that asks it: a heading, the prompt, a quiz's options."""
        points = f"{self.points} point{'s' if self.points != 1 else ''}"
        options = "\n".join(f"- **{letter}** · {text}" for letter, text in self.options.items())
        parts = [f"### Exercise · `{self.name}` · {points}", self.prompt.strip(), options]
        return "\n\n".join(filter(None, parts))
