"""A student's page: every exercise with its points, what to look at, and what to do next.

It shows no hidden input and no text of the notebook's; see `coursekit.grading.notes`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coursekit.exercise import Exercise
from coursekit.grading.notes import sentences, why_ungraded
from coursekit.grading.outline import Part
from coursekit.grading.pages import Pages
from coursekit.grading.results import Result
from coursekit.verdict import Verdict


@dataclass(frozen=True)
class Judged:
    """One exercise on the page."""

    name: str
    points: int
    out_of: int
    state: str
    notes: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether nothing is left to do."""
        return self.state == "right"


@dataclass(frozen=True)
class Section:
    """One chapter on the page; without exercises when it was not handed in or not graded."""

    part: Part
    exercises: tuple[Judged, ...] = ()
    ungraded: str = ""

    @property
    def points(self) -> int:
        """The points earned."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def state(self) -> str:
        """The chapter in a few words, for the overview."""
        if self.ungraded:
            return "not graded"
        if not self.exercises:
            return "not handed in"
        right = sum(exercise.right for exercise in self.exercises)
        return f"{right} of {len(self.exercises)} right"


def feedback_page(
    pages: Pages, student: str, course: Sequence[Part], results: Mapping[str, Result]
) -> str:
    """Return a student's page on the chapters of `course`; `results` is by chapter.

    A chapter that could not be graded counts neither as earned nor as possible.
    """
    sections = [_section(part, results.get(part.slug)) for part in course]
    every = [exercise for section in sections for exercise in section.exercises]
    counted = [section.part for section in sections if not section.ungraded]
    return pages.fill(
        "feedback.html",
        student=student,
        sections=sections,
        points=sum(exercise.points for exercise in every),
        possible=sum(part.points for part in counted),
        handed_in=bool(every),
        right=sum(exercise.right for exercise in every),
        asked=sum(len(part.exercises) for part in counted),
        following=_following([section for section in sections if not section.part.is_exam]),
        checked=not all(part.is_exam for part in course),
        ungraded=[section for section in sections if section.ungraded],
    )


def _section(part: Part, result: Result | None) -> Section:
    if result is None:
        return Section(part)
    if result.ungraded is not None:
        return Section(part, ungraded=why_ungraded(result))
    return Section(part, tuple(_judged(*pair) for pair in part.judged(result)))


def _judged(exercise: Exercise, verdict: Verdict) -> Judged:
    states = {"passed": "right", "not attempted": "not attempted"}
    partly = "partly right" if verdict.points else "not right yet"
    state = states.get(verdict.status, partly)
    return Judged(
        exercise.name, verdict.points, verdict.out_of, state, tuple(sentences(verdict, exercise))
    )


def _following(sections: Sequence[Section]) -> tuple[Section, Judged | None] | None:
    """Return where to go on: the first answer that is not right, else the first gap."""
    for section in sections:
        if section.ungraded:
            return section, None
        for exercise in section.exercises:
            if not exercise.right:
                return section, exercise
    missing = (section for section in sections if not section.exercises)
    first = next(missing, None)
    return None if first is None else (first, None)
