"""Grade a submission: a pure function from a notebook's bytes to a result.

It trusts its settings and the course. The bytes are the student's: whatever is wrong with
them is that submission's alone. It runs in the grader, in a process of a pool, or on
another machine; so it reads and writes no file of the teacher's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from coursekit import exercises
from coursekit.compare import one_line
from coursekit.errors import CourseError
from coursekit.exercise import Exercise
from coursekit.grading.grade import grade
from coursekit.grading.results import Result, Submission
from coursekit.grading.sandbox.policy import Policy
from coursekit.grading.secret import hidden_seeds
from coursekit.grading.session import Limits
from coursekit.judge import Questions, drawn
from coursekit.reading import Notebook, original, parse_notebook, path_of


@dataclass(frozen=True)
class Settings:
    """What all submissions of a class are graded with.

    Parameters
    ----------
    secret
        What the hidden inputs are drawn from.
    limits
        Time and restarts of one notebook.
    policy
        What the sandbox must protect.
    """

    secret: bytes
    limits: Limits = field(default_factory=Limits)
    policy: Policy = field(default_factory=Policy)


@cache
def _handed_out(chapter: str, path: Path) -> Notebook | None:
    return original(chapter)


def hidden_inputs(secret: bytes, exercise: Exercise) -> list[tuple[Any, ...]]:
    """Return an exercise's inputs for all hidden trials."""
    return drawn(exercise, hidden_seeds(secret, exercise.name))


@lru_cache(maxsize=200)  # the same for every student; drawing them takes longer than judging
def hidden_questions(secret: bytes, exercise: Exercise) -> Questions:
    """Return an exercise's questions for all hidden trials."""
    return Questions(exercise, hidden_inputs(secret, exercise))


def grade_submission(submission: Submission, content: bytes, settings: Settings) -> Result:
    """Grade one submission's bytes; depends on nothing but its arguments and the course.

    Whatever goes wrong is this submission's alone: it is ungraded, with the reason.
    """
    try:
        graded = grade(
            parse_notebook(content, str(submission.path)),
            _handed_out(submission.chapter, path_of(submission.chapter)),
            exercises.chapters()[submission.chapter],
            partial(hidden_questions, settings.secret),
            settings.limits,
            settings.policy,
        )
    except CourseError as error:
        return Result(submission, ungraded=str(error))
    except Exception as error:  # a flaw of ours must not cost the others their grades
        return Result(submission, ungraded=flaw(submission, error))
    return Result(submission, graded.verdicts, None, str(graded.protection or ""), graded.log)


def flaw(submission: Submission, error: BaseException) -> str:
    """Return the sentence on an error that is the grader's, not the notebook's."""
    what = one_line(f"{type(error).__name__}: {error}")
    return f"{submission.path}: the grader failed, {what}"


def columns(submissions: Iterable[Submission]) -> Mapping[str, Exercise]:
    """Return the exercises of all chapters that anyone handed in, in the course's order."""
    chapters = {submission.chapter for submission in submissions}
    course = {slug: part for slug, part in exercises.chapters().items() if slug in chapters}
    return exercises.every(course)
