"""The `grade` command: from a folder of submissions to a gradebook."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.grading.classroom import (
    Result,
    columns,
    find_submissions,
    grade_all,
    read_secret,
)
from coursekit.grading.grade import Limits
from coursekit.grading.gradebook import write_gradebook

Watch = Callable[[Iterable[Result], int], Iterator[Result]]


@dataclass(frozen=True)
class Graded:
    """What the command says in the end, and its exit code: 1 while something is ungraded."""

    lines: tuple[str, ...]
    exit_code: int


def grade_folder(
    folder: Path, out: Path, jobs: int, secret: Path | None, seconds: float, watch: Watch
) -> Graded:
    """Grade every submission below `folder` and write the gradebook into `out`.

    Raises
    ------
    CourseError
        When there is nothing to grade, or `out` cannot be written.
    """
    found = find_submissions(folder)
    try:
        out.mkdir(parents=True, exist_ok=True)
        key = read_secret(secret or out / "secret.txt")
        pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))
        with pool as executor:
            graded = grade_all(found.submissions, key, Limits(notebook=seconds), executor)
            results = tuple(watch(graded, len(found.submissions)))
        write_gradebook(out, found.students, results, columns(results))
    except OSError as error:
        raise CourseError(f"{out} cannot be written: {error.strerror}.") from None
    return _summary(out, results, found.unknown)


def _summary(out: Path, results: tuple[Result, ...], unknown: tuple[Path, ...]) -> Graded:
    ungraded = [result.ungraded for result in results if result.ungraded is not None]
    lines = [f"skipped {path}: its name is no chapter's" for path in unknown]
    lines += [f"ungraded: {reason}" for reason in ungraded]
    lines.append(f"{len(results) - len(ungraded)} of {len(results)} notebooks graded.")
    lines.append(f"The gradebook is {out / 'gradebook.csv'}.")
    return Graded(tuple(lines), 1 if ungraded else 0)
