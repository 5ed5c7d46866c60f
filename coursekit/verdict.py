"""What a student reads after a check."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from coursekit.exercise import Mistake

Status = Literal["passed", "failed", "not attempted"]

_MARKS = {"passed": "✓", "failed": "✗", "not attempted": "·"}
_COLOURS = {"passed": "#009e73", "failed": "#d55e00", "not attempted": "#808080"}


@dataclass(frozen=True)
class Verdict:
    """The verdict on one exercise.

    Parameters
    ----------
    exercise
        The exercise's name.
    status
        ``"passed"``, ``"failed"`` or ``"not attempted"``.
    points, out_of
        The points earned, and those that could be.
    message
        At most five lines: the call, what was expected, what came, the likely mistake.
    mistake
        The recognised mistake with its ``id`` and ``feedback``, or None.
    """

    exercise: str
    status: Status
    points: int
    out_of: int
    message: str = ""
    mistake: Mistake | None = None
    draw: Callable[..., Any] | None = field(default=None, repr=False, compare=False)

    @property
    def headline(self) -> str:
        """Mark, name and points, such as ``✓ sigmoid: 2 of 2 points``."""
        score = f"{self.points} of {self.out_of} point{'s' if self.out_of != 1 else ''}"
        score = "not attempted" if self.status == "not attempted" else score
        return f"{_MARKS[self.status]} {self.exercise}: {score}"

    def __str__(self) -> str:
        lines = [self.headline, *(f"  {line}" for line in self.message.splitlines())]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        body = "".join(f"<br>{_in_html(line)}" for line in self.message.splitlines())
        return (
            f'<div style="border-left: 4px solid {_COLOURS[self.status]}; padding-left: 0.8em">'
            f"<b>{html.escape(self.headline)}</b>{body}</div>"
        )

    def plot(self, ax: Any = None) -> Any:
        """Draw your answer against the expected curve; returns the axes.

        Raises
        ------
        TypeError
            When the exercise is not a function of one real variable.
        """
        if self.draw is None:
            raise TypeError(f"{self.exercise} is not a function of one variable: nothing to draw")
        return self.draw(ax=ax)


def _in_html(line: str) -> str:
    """Escape a line; set those that align a value (`expected`, `got`) in monospace."""
    label, _, rest = line.partition(" ")
    if label in ("call", "expected", "got"):
        column = f'<span style="display: inline-block; width: 5.5em">{label}</span>'
        return f"{column}<code>{html.escape(rest.strip())}</code>"
    return marked(line)


def marked(text: str) -> str:
    """Return a text as HTML, with `code` and **bold** as they are marked in feedback."""
    return re.sub(r"`(.+?)`|\*\*(.+?)\*\*", _tagged, html.escape(text))


def _tagged(match: re.Match[str]) -> str:
    code, bold = match.groups()
    return f"<code>{code}</code>" if code else f"<b>{bold}</b>"
