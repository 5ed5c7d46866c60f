"""What grading one submission gave, and the plain data that it is stored as.

Everything here comes from the grader's own judging; texts that a student's notebook chose
(its name, what it printed, values in a message) are kept as texts and escaped where they
are shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from coursekit import exercises
from coursekit.exercise import Mistake
from coursekit.exercises.exam import without_variant
from coursekit.verdict import Verdict


@dataclass(frozen=True)
class Submission:
    """One notebook that a student handed in for one chapter."""

    student: str
    chapter: str
    path: Path

    @property
    def part(self) -> str:
        """The chapter, or the exam whatever the variant: what grades are given for."""
        return without_variant(self.chapter)


@dataclass(frozen=True)
class Result:
    """The verdicts on one submission, or the reason why it could not be graded.

    Parameters
    ----------
    submission
        What was graded.
    verdicts
        One per exercise of the chapter; none when it could not be graded.
    ungraded
        The reason, as a sentence, or None.
    sandbox
        The line that says what kept the notebook from the rest of the machine.
    log
        What the notebook printed while it was graded, for the teacher alone.
    """

    submission: Submission
    verdicts: tuple[Verdict, ...] = ()
    ungraded: str | None = None
    sandbox: str = ""
    log: str = ""

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes as plain data: a mistake's program does not pickle."""
        return from_plain, (as_plain(self),)


def by_student(
    students: Sequence[str], results: Iterable[Result]
) -> Iterator[tuple[str, Mapping[str, Result]]]:
    """Yield every student with the results by chapter; none for who handed in nothing.

    All variants of an exam are one chapter here, of which a student has at most one result.

    Only one student's results are in memory at a time.

    Raises
    ------
    ValueError
        When the results do not come in the students' order.
    """
    groups = groupby(results, lambda result: result.submission.student)
    waiting = next(groups, None)
    for student in students:
        if waiting is None or waiting[0] != student:
            yield student, {}
            continue
        yield student, {result.submission.part: result for result in waiting[1]}
        waiting = next(groups, None)
    if waiting is not None:
        raise ValueError(f"the results of {waiting[0]!r} are out of order")


def as_plain(result: Result) -> dict[str, Any]:
    """Return a result as data for JSON."""
    return {
        "student": result.submission.student,
        "chapter": result.submission.chapter,
        "notebook": str(result.submission.path),
        "ungraded": result.ungraded,
        "sandbox": result.sandbox,
        "log": result.log,
        "exercises": [
            {
                "name": verdict.exercise,
                "status": verdict.status,
                "points": verdict.points,
                "out of": verdict.out_of,
                "mistake": verdict.mistake.id if verdict.mistake else None,
                "message": verdict.message,
            }
            for verdict in result.verdicts
        ],
    }


def from_plain(fields: Mapping[str, Any]) -> Result:
    """Return the result that `as_plain` made the data from.

    Raises
    ------
    KeyError, TypeError, AttributeError
        When the data is something else.
    """
    return Result(
        Submission(fields["student"], fields["chapter"], Path(fields["notebook"])),
        _verdicts(fields["exercises"], fields["chapter"]),
        fields["ungraded"],
        fields["sandbox"],
        fields["log"],
    )


def _verdicts(entries: Iterable[Mapping[str, Any]], chapter: str) -> tuple[Verdict, ...]:
    asked = {exercise.name: exercise for exercise in exercises.chapters()[chapter]}
    return tuple(_verdict(fields, asked[fields["name"]].mistakes) for fields in entries)


def _verdict(fields: Mapping[str, Any], declared: Iterable[Mistake]) -> Verdict:
    return Verdict(
        fields["name"],
        fields["status"],
        fields["points"],
        fields["out of"],
        fields["message"],
        next((m for m in declared if m.id == fields["mistake"]), None),
    )
