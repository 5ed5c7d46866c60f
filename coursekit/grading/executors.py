"""Where submissions are graded: here or in a pool of processes; in ``cluster``, by Dask's workers.

All three take one task after the other and give results back in any order; a task that
cannot be graded gives an ungraded result and never costs another one its own. Processes of
a pool may be killed at any moment. Dask's scheduler and workers are trusted: they get the
secret.
"""

import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import active_children, get_context, parent_process
from typing import Protocol, Self

from coursekit.grading import scratch
from coursekit.grading.classroom import Settings, flaw, grade_submission
from coursekit.grading.results import Result, Submission
from coursekit.grading.spawn import end_zygote

WINDOW = 3  # tasks in flight for each process, so that memory does not grow with the class
TRIES = 3  # pools that may break while a submission is graded in them


@dataclass(frozen=True)
class Task:
    """A submission's bytes, and the key that its result is stored with."""

    submission: Submission
    content: bytes
    key: str


Graded = tuple[Task, Result]
Grade = Callable[[Submission, bytes, Settings], Result]


class Grader(Protocol):
    """Takes tasks, gives results; leaving its context ends whatever it started."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *exc_info: object) -> None: ...

    def take(self, task: Task) -> Iterator[Graded]:
        """Take a task and yield what is done by now."""

    def rest(self) -> Iterator[Graded]:
        """Yield what is still to come."""


class Here:
    """Grades in this process, one submission after the other."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        end_zygote()

    def take(self, task: Task) -> Iterator[Graded]:
        """Grade a task."""
        yield task, grade_submission(task.submission, task.content, self._settings)

    def rest(self) -> Iterator[Graded]:
        """Yield nothing: every task was graded when it was taken."""
        return iter(())


class Pool:
    """Grades in processes of this machine; a new pool takes the place of a broken one."""

    def __init__(self, jobs: int, settings: Settings, grade: Grade = grade_submission) -> None:
        self._jobs, self._settings, self._grade = jobs, settings, grade
        self._others = set(active_children())
        self._folder = scratch.new_folder()
        self._executor: ProcessPoolExecutor | None = None
        self._waiting: dict[Future[Result], Task] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        """End the processes: Ctrl-C and errors at once, otherwise when they are done."""
        if exc_info[0] is not None and self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            for process in set(active_children()) - self._others:
                process.kill()
                process.join()
        self._end_executor()
        scratch.remove(self._folder)

    def take(self, task: Task) -> Iterator[Graded]:
        """Hand a task to a process; wait only while there are enough of them in flight."""
        self._submit(task)
        while len(self._waiting) >= WINDOW * self._jobs:
            yield from self._done()

    def rest(self) -> Iterator[Graded]:
        """Yield what is still to come."""
        while self._waiting:
            yield from self._done()

    def _submit(self, task: Task) -> None:
        args = task.submission, task.content, self._settings
        try:
            future = self._running().submit(self._grade, *args)
        except BrokenExecutor as error:  # since the last look; the task comes back with the others
            future = Future()
            future.set_exception(error)
        self._waiting[future] = task

    def _done(self) -> Iterator[Graded]:
        done = wait(self._waiting, return_when=FIRST_COMPLETED).done
        if any(isinstance(future.exception(), BrokenExecutor) for future in done):
            done = wait(self._waiting).done  # all that were in this pool come back now
        suspects = []
        for future in done:
            task = self._waiting.pop(future)
            result = _outcome(future, task)
            if result is None:
                suspects.append(task)
            else:
                yield task, result
        if suspects:
            self._end_executor()
        for task in suspects:
            yield task, self._alone(task)

    def _alone(self, task: Task) -> Result:
        """Grade a task with no other one in flight, so that it can break only its own pool."""
        for _ in range(TRIES - 1):
            self._submit(task)
            (future,) = wait(self._waiting).done
            result = _outcome(future, self._waiting.pop(future))
            if result is not None:
                return result
            self._end_executor()
        path = task.submission.path
        reason = f"{path}: the process that graded it was killed {TRIES} times; grade again."
        return Result(task.submission, ungraded=reason)

    def _running(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                self._jobs,
                get_context("spawn"),
                initializer=_settle,
                initargs=(str(self._folder),),
            )
        return self._executor

    def _end_executor(self) -> None:
        if self._executor is not None:
            self._executor.shutdown()
            self._executor = None


def _outcome(future: "Future[Result]", task: Task) -> Result | None:
    """Return a future's result; None where the process was lost."""
    try:
        return future.result()
    except BrokenExecutor:
        return None
    except Exception as error:  # such as memory that is used up
        return Result(task.submission, ungraded=flaw(task.submission, error))


def _settle(folder: str) -> None:
    """Prepare a process of the pool: its files go to `folder`, and it ends with its parent."""
    tempfile.tempdir = folder
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to handle
    end_with_parent()


def end_with_parent() -> None:
    """Let this process, which another one started, end when that is killed.

    It would wait for work for ever: it holds both ends of the pipe that work comes through.
    """
    threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
