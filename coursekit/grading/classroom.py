"""Grade many notebooks: find them, map one pure function over them, keep their order."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from coursekit import exercises
from coursekit.compare import one_line
from coursekit.errors import CourseError
from coursekit.exercise import Exercise
from coursekit.grading.grade import grade
from coursekit.grading.results import Result, Submission
from coursekit.grading.session import Limits
from coursekit.grading.spawn import end_zygote
from coursekit.judge import inputs_for
from coursekit.reading import original, read_notebook

TRIALS = 3  # hidden draws per exercise


@dataclass(frozen=True)
class Found:
    """What a folder of submissions holds."""

    students: tuple[str, ...]
    submissions: tuple[Submission, ...]
    unknown: tuple[Path, ...]


def find_submissions(folder: Path, out: Path | None = None) -> Found:
    """Find ``<student>/…/NN_slug.ipynb`` and flat ``<student>_NN_slug.ipynb`` files.

    What lies in `out`, where the gradebook goes, is nobody's submission.

    Raises
    ------
    CourseError
        When there is no notebook, or a student handed in one chapter twice.
    """
    if not folder.is_dir():
        raise CourseError(f"{folder} is not a folder; name the one with the submissions.")
    if out is not None and folder.resolve().is_relative_to(out.resolve()):
        out = None  # the gradebook lies beside the submissions
    students = {p.name for p in folder.iterdir() if p.is_dir() and not _ignored((p.name,), p, out)}
    found: dict[tuple[str, str], Submission] = {}
    unknown = []
    for path in sorted(folder.rglob("*.ipynb")):
        parts = path.relative_to(folder).parts
        if _ignored(parts, path, out):
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
    if not found:
        raise CourseError(f"{folder} holds no submission such as STUDENT/01_definition.ipynb.")
    everyone = students | {student for student, _ in found}
    return Found(tuple(sorted(everyone)), tuple(found.values()), tuple(unknown))


def _ignored(parts: tuple[str, ...], path: Path, out: Path | None) -> bool:
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return hidden or (out is not None and path.resolve().is_relative_to(out.resolve()))


def _submission(path: Path, parts: tuple[str, ...]) -> Submission | None:
    for chapter in exercises.chapters():
        if len(parts) > 1 and path.stem.endswith(chapter):
            return Submission(parts[0], chapter, path)
        student = path.stem.removesuffix(f"_{chapter}")
        if len(parts) == 1 and student not in ("", path.stem):
            return Submission(student, chapter, path)
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
    """Return the secret at `path`, making it when there is none, so that a re-run agrees.

    Raises
    ------
    CourseError
        When it cannot be read or made, or is too short to be secret.
    """
    try:
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32) + "\n")
        secret = path.read_bytes().strip()
    except OSError as error:
        raise CourseError(f"{path}, the secret, cannot be used: {error.strerror}.") from None
    if len(secret) < 16:
        raise CourseError(f"{path} is no secret: at least 16 characters are needed.")
    return secret


def grade_submission(submission: Submission, secret: bytes, limits: Limits) -> Result:
    """Grade one submission; depends on nothing but its arguments and the course.

    Whatever goes wrong is this submission's alone: it is ungraded, with the reason.
    """
    try:
        graded = grade(
            read_notebook(submission.path),
            original(submission.chapter),
            exercises.chapters()[submission.chapter],
            partial(hidden_inputs, secret),
            limits,
        )
    except CourseError as error:
        return Result(submission, ungraded=str(error))
    except Exception as error:  # a flaw of ours must not cost the others their grades
        flaw = one_line(f"{type(error).__name__}: {error}")
        return Result(submission, ungraded=f"{submission.path}: the grader failed, {flaw}")
    return Result(submission, graded.verdicts, None, str(graded.protection or ""), graded.log)


def grade_all(
    submissions: tuple[Submission, ...], secret: bytes, limits: Limits, executor: Executor | None
) -> Iterator[Result]:
    """Yield the results in the submissions' order: one by one here, or on an executor."""
    if executor is None:
        try:
            yield from (grade_submission(one, secret, limits) for one in submissions)
        finally:
            end_zygote()
        return
    futures = [executor.submit(grade_submission, one, secret, limits) for one in submissions]
    for submission, future in zip(submissions, futures, strict=True):
        try:
            yield future.result()
        except BrokenExecutor:
            reason = f"{submission.path}: the process that graded it was killed; grade again."
            yield Result(submission, ungraded=reason)


def columns(results: tuple[Result, ...]) -> Mapping[str, Exercise]:
    """Return the exercises of all chapters that anyone handed in, in the course's order."""
    chapters = {result.submission.chapter for result in results}
    course = {slug: part for slug, part in exercises.chapters().items() if slug in chapters}
    return exercises.every(course)
