"""Grade many notebooks: find them, map one pure function over them, keep their order."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from coursekit import exercises
from coursekit.errors import CourseError
from coursekit.exercise import Exercise
from coursekit.grading.grade import Limits, grade
from coursekit.judge import inputs_for
from coursekit.reading import original, read_notebook
from coursekit.verdict import Verdict

TRIALS = 3  # hidden draws per exercise


@dataclass(frozen=True)
class Submission:
    """One notebook that a student handed in for one chapter."""

    student: str
    chapter: str
    path: Path


@dataclass(frozen=True)
class Result:
    """The verdicts on one submission, or the reason why it could not be graded."""

    submission: Submission
    verdicts: tuple[Verdict, ...] = ()
    ungraded: str | None = None


@dataclass(frozen=True)
class Found:
    """What a folder of submissions holds."""

    students: tuple[str, ...]
    submissions: tuple[Submission, ...]
    unknown: tuple[Path, ...]


def find_submissions(folder: Path) -> Found:
    """Find ``<student>/…/NN_slug.ipynb`` and flat ``<student>_NN_slug.ipynb`` files.

    Raises
    ------
    CourseError
        When the folder is missing or empty, or a student handed in one chapter twice.
    """
    if not folder.is_dir():
        raise CourseError(f"{folder} is not a folder; name the one with the submissions.")
    students = {p.name for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")}
    found: dict[tuple[str, str], Submission] = {}
    unknown = []
    for path in sorted(folder.rglob("*.ipynb")):
        parts = path.relative_to(folder).parts
        if any(part.startswith(".") for part in parts):
            continue
        submission = _submission(path, parts)
        if submission is None:
            unknown.append(path)
            continue
        key = submission.student, submission.chapter
        if key in found:
            raise CourseError(
                f"{key[0]} handed in {key[1]} twice: {found[key].path} and {path}; remove one."
            )
        found[key] = submission
    if not found and not unknown and not students:
        raise CourseError(f"{folder} is empty; it should hold STUDENT/NN_slug.ipynb files.")
    everyone = students | {student for student, _ in found}
    return Found(tuple(sorted(everyone)), tuple(found.values()), tuple(unknown))


def _submission(path: Path, parts: tuple[str, ...]) -> Submission | None:
    for chapter in exercises.chapters():
        if len(parts) > 1 and path.stem.endswith(chapter):
            return Submission(parts[0], chapter, path)
        if len(parts) == 1 and path.stem.endswith(f"_{chapter}"):
            return Submission(path.stem.removesuffix(f"_{chapter}"), chapter, path)
    return None


def hidden_seed(secret: bytes, exercise: str, trial: int) -> int:
    """Return a seed that nobody without the secret can know (HMAC-SHA256)."""
    key = f"{exercise}:{trial}".encode()
    return int.from_bytes(hmac.new(secret, key, hashlib.sha256).digest()[:8], "big")


def hidden_inputs(secret: bytes, exercise: Exercise) -> list[tuple[Any, ...]]:
    """Return an exercise's inputs for all hidden trials."""
    seeds = (hidden_seed(secret, exercise.name, trial) for trial in range(TRIALS))
    return [args for seed in seeds for args in inputs_for(exercise, seed)]


def read_secret(path: Path) -> bytes:
    """Return the secret at `path`, making it when there is none, so that a re-run agrees."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    secret = path.read_text("utf-8").strip()
    if len(secret) < 16:
        raise CourseError(f"{path} is no secret: at least 16 characters are needed.")
    return secret.encode()


def grade_submission(submission: Submission, secret: bytes, limits: Limits) -> Result:
    """Grade one submission; depends on nothing but its arguments and the course."""
    try:
        notebook = read_notebook(submission.path)
    except CourseError as error:
        return Result(submission, ungraded=str(error))
    verdicts = grade(
        notebook,
        original(submission.chapter),
        exercises.chapters()[submission.chapter],
        partial(hidden_inputs, secret),
        limits,
    )
    return Result(submission, tuple(verdicts))


def grade_all(
    submissions: tuple[Submission, ...], secret: bytes, limits: Limits, executor: Executor
) -> Iterator[Result]:
    """Yield the results in the submissions' order, on any executor."""
    yield from executor.map(partial(grade_submission, secret=secret, limits=limits), submissions)


def columns(results: tuple[Result, ...]) -> Mapping[str, Exercise]:
    """Return the exercises of all chapters that anyone handed in, in the course's order."""
    chapters = {result.submission.chapter for result in results}
    course = {slug: part for slug, part in exercises.chapters().items() if slug in chapters}
    return exercises.every(course)
