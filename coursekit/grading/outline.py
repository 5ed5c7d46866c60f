"""The course as the reports need it: chapters with titles and exercises.

Titles and exercises are ours; of a result only its verdicts are looked at.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from coursekit import exercises
from coursekit.exercise import Exercise
from coursekit.grading.results import Result
from coursekit.reading import original
from coursekit.verdict import Verdict


@dataclass(frozen=True)
class Part:
    """A chapter: its slug, number and title, and the exercises that it asks."""

    slug: str
    number: str
    title: str
    exercises: tuple[Exercise, ...]

    @property
    def heading(self) -> str:
        """The chapter's title as its notebook shows it."""
        return f"{self.number} · {self.title}" if self.number else self.title

    def judged(self, result: Result) -> list[tuple[Exercise, Verdict]]:
        """Return the exercises that a result has verdicts on, in the chapter's order."""
        verdicts = {verdict.exercise: verdict for verdict in result.verdicts}
        return [(e, verdicts[e.name]) for e in self.exercises if e.name in verdicts]

    @property
    def points(self) -> int:
        """The points that could be earned in it."""
        return sum(exercise.points for exercise in self.exercises)


def parts(columns: Mapping[str, Exercise]) -> tuple[Part, ...]:
    """Return the chapters that have an exercise among `columns`, in the course's order."""
    course = exercises.chapters().items()
    return tuple(
        _part(slug, asked) for slug, asked in course if any(e.name in columns for e in asked)
    )


def _part(slug: str, asked: tuple[Exercise, ...]) -> Part:
    chapter = original(slug)
    first = chapter.cells[0].source if chapter is not None else ""
    found = re.search(r"^# (\d+) · (.+)$", first, re.MULTILINE)
    return Part(slug, found[1] if found else "", found[2].strip() if found else slug, asked)
