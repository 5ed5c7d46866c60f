"""Grade on the workers of a Dask scheduler, which may be other machines.

The scheduler and its workers are trusted and get the secret; so they belong on a network
of the teacher's own. Workers may come, go and die at any moment: Dask gives their tasks to
others, and results are only ever written here.
"""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from typing import Any, Self

from coursekit.errors import CourseError
from coursekit.grading.classroom import Settings, flaw, grade_submission
from coursekit.grading.executors import WINDOW, Graded, Task
from coursekit.grading.results import Result, Submission
from coursekit.grading.store import course_identity

PATIENCE = 5.0  # seconds for a scheduler to answer, and for it to have a worker
RETRIES = 2
ONE_AT_A_TIME = threading.Lock()  # judging sets filters of warnings, which threads share


class Cluster:
    """Grades on the workers of the Dask scheduler at an address.

    Raises
    ------
    CourseError
        When Dask is not installed, the scheduler does not answer, or its workers have
        another course than this one.
    """

    def __init__(self, address: str, settings: Settings) -> None:
        self._address, self._settings = address, settings
        self._client = _connect(address)
        self._waiting: dict[Future[Result], Task] = {}
        try:
            self._window = WINDOW * max(8, _threads(self._client, address))
            self._executor = self._client.get_executor(retries=RETRIES, pure=False)
        except BaseException:
            self._client.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._executor.shutdown(wait=False)
        self._client.close(timeout=PATIENCE)

    def take(self, task: Task) -> Iterator[Graded]:
        """Hand a task to the scheduler; wait only while there are enough of them in flight."""
        args = task.submission, task.content, self._settings
        self._waiting[self._executor.submit(grade_there, *args)] = task
        while len(self._waiting) >= self._window:
            yield from self._done()

    def rest(self) -> Iterator[Graded]:
        """Yield what is still to come."""
        while self._waiting:
            yield from self._done()

    def _done(self) -> Iterator[Graded]:
        done: set[Future[Result]] = set()
        while not done:
            done = wait(self._waiting, PATIENCE, FIRST_COMPLETED).done
            if not done and self._client.status != "running":
                raise self._lost()
        for future in done:
            task = self._waiting.pop(future)
            yield task, self._outcome(future, task)

    def _outcome(self, future: "Future[Result]", task: Task) -> Result:
        from distributed import KilledWorker

        path = task.submission.path
        try:
            return future.result()
        except CancelledError:
            raise self._lost() from None
        except KilledWorker:
            reason = f"{path}: the workers that graded it died; grade again."
            return Result(task.submission, ungraded=reason)
        except Exception as error:
            return Result(task.submission, ungraded=flaw(task.submission, error))

    def _lost(self) -> CourseError:
        return CourseError(
            f"The scheduler at {self._address} went away; run the same command again: "
            "what is graded stays graded."
        )


def grade_there(submission: Submission, content: bytes, settings: Settings) -> Result:
    """Grade on a worker, whose threads take turns."""
    with ONE_AT_A_TIME:
        return grade_submission(submission, content, settings)


def _connect(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise CourseError(
            "Dask is not installed; run `pip install 'coursekit[teacher]'` for --scheduler."
        ) from None
    import dask

    dask.config.set({"distributed.admin.large-graph-warning-threshold": "100MB"})
    try:
        asyncio.run(_knock(address))
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError):
        raise CourseError(
            f"No scheduler answers at {address}; start one with `dask scheduler` "
            "and give its address, such as tcp://127.0.0.1:8786."
        ) from None


async def _knock(address: str) -> None:
    """Connect once: a client that finds nobody leaves threads and a traceback behind."""
    from distributed.comm.core import connect

    comm = await asyncio.wait_for(connect(address, timeout=PATIENCE), PATIENCE)
    comm.abort()


def _threads(client: Any, address: str) -> int:
    """Return how many threads the workers have, once all of them have this course."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        there = client.run(course_identity)
    except TimeoutError:
        raise CourseError(
            f"The scheduler at {address} has no worker; start some with `dask worker {address}`."
        ) from None
    except Exception:  # whatever a worker raises that cannot import this
        there = {"a worker": None}
    if set(there.values()) != {course_identity()}:
        raise CourseError(
            f"A worker of {address} has another coursekit than this machine, or another exam; "
            "install the same version, and set COURSEKIT_EXAM there to the same folder."
        )
    return sum(client.nthreads().values())
