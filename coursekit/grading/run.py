"""The `grade` command: from a folder of submissions to a gradebook."""

import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path
from tempfile import TemporaryDirectory

from coursekit.errors import CourseError
from coursekit.grading.classroom import (
    columns,
    find_submissions,
    grade_all,
    read_secret,
)
from coursekit.grading.gradebook import write_gradebook
from coursekit.grading.results import Result
from coursekit.grading.session import Limits

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
    found = find_submissions(folder, out)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(f"{out} cannot be written: {error.strerror}.") from None
    key = read_secret(secret or out / "secret.txt")
    with executor_for(jobs) as executor:
        graded = grade_all(found.submissions, key, Limits(notebook=seconds), executor)
        results = tuple(watch(graded, len(found.submissions)))
    try:
        write_gradebook(out, found.students, results, columns(results))
    except OSError as error:
        raise CourseError(f"{out} cannot be written: {error.strerror}.") from None
    return _summary(out, results, found.unknown)


@contextmanager
def executor_for(jobs: int) -> Iterator[Executor | None]:
    """Yield a pool of `jobs` processes, none for one job; Ctrl-C ends them at once."""
    if jobs == 1:
        yield None
        return
    others = set(active_children())
    with TemporaryDirectory(prefix="coursekit-", ignore_cleanup_errors=True) as folder:
        context = get_context("spawn")
        pool = ProcessPoolExecutor(jobs, context, initializer=_settle, initargs=(folder,))
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in set(active_children()) - others:
                process.kill()
                process.join()
            raise
        pool.shutdown()


def _settle(folder: str) -> None:
    """Prepare a process of the pool: its files go to `folder`, and it ends with its parent."""
    tempfile.tempdir = folder
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to handle
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _summary(out: Path, results: tuple[Result, ...], unknown: tuple[Path, ...]) -> Graded:
    ungraded = [result.ungraded for result in results if result.ungraded is not None]
    lines = [f"skipped {path}: its name is no chapter's" for path in unknown]
    lines += [f"ungraded: {reason}" for reason in ungraded]
    lines.append(f"{len(results) - len(ungraded)} of {len(results)} notebooks graded.")
    lines.append(f"The gradebook is {out / 'gradebook.csv'}.")
    return Graded(tuple(lines), 1 if ungraded else 0)
