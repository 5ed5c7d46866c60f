"""The course as the reports need it: chapters with titles and exercises.

Titles and exercises are ours; of a result only its verdicts are looked at.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from coursekit import exercises
from coursekit.exercise import Exercise
from coursekit.exercises.exam import without_variant
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

    @property
    def is_exam(self) -> bool:
        """Whether it is a teacher's own, where `check` and `hint` know nothing."""
        return self.slug not in exercises.course()

    def judged(self, result: Result) -> list[tuple[Exercise, Verdict]]:
        """Return the exercises that a result has verdicts on, in the chapter's order."""
        verdicts = {verdict.exercise: verdict for verdict in result.verdicts}
        return [(e, verdicts[e.name]) for e in asked(result) if e.name in verdicts]

    @property
    def points(self) -> int:
        """The points that could be earned in it."""
        return sum(exercise.points for exercise in self.exercises)


def asked(result: Result) -> tuple[Exercise, ...]:
    """Return the exercises that the notebook of a result asks, in its variant of an exam."""
    return exercises.chapters()[result.submission.chapter]


def parts(columns: Mapping[str, Exercise]) -> tuple[Part, ...]:
    """Return the chapters that have an exercise among `columns`, in the course's order.

    The first variant of an exam stands for all.
    """
    found: dict[str, Part] = {}
    for slug, declared in exercises.chapters().items():
        name = without_variant(slug)
        if name not in found and any(e.name in columns for e in declared):
            found[name] = _part(slug, name, declared)
    return tuple(found.values())


def _part(slug: str, name: str, declared: tuple[Exercise, ...]) -> Part:
    chapter = original(slug)
    first = chapter.cells[0].source if chapter is not None else ""
    found = re.search(r"^# (\d+) · (.+)$", first, re.MULTILINE)
    return Part(name, found[1] if found else "", found[2].strip() if found else name, declared)
