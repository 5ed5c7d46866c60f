"""What Dask's workers may do wrong; that they may die, test_faults shows with real ones."""

from concurrent.futures import Executor, Future
from pathlib import Path
from types import SimpleNamespace

import pytest

from coursekit.errors import CourseError
from coursekit.grading import cluster
from coursekit.grading.classroom import Settings
from coursekit.grading.cluster import Cluster
from coursekit.grading.executors import WINDOW, Task
from coursekit.grading.results import Result, Submission
from coursekit.grading.store import course_identity

distributed = pytest.importorskip("distributed")
SETTINGS = Settings(b"a secret of the tests, long enough")
TASK = Task(Submission("ann", "01_definition", Path("ann.ipynb")), b"{}", "key")


class Scheduler(Executor):
    """A client and its executor, which answers as a test wants."""

    def __init__(self, answer=None, courses=None):
        self.status, self.closed, self._answer = "running", False, answer
        self._courses = {"a": course_identity()} if courses is None else courses

    def wait_for_workers(self, number, timeout):
        if not self._courses:
            raise TimeoutError

    def run(self, function):
        if isinstance(self._courses, Exception):
            raise self._courses
        return self._courses

    def nthreads(self):
        return dict.fromkeys(self._courses, 1)

    def get_executor(self, retries, pure):
        assert retries > 0
        return self

    def submit(self, function, *args):
        future = Future()
        if isinstance(self._answer, BaseException):
            future.set_exception(self._answer)
        elif self._answer is not None:
            future.set_result(self._answer)
        return future

    def shutdown(self, wait=True):
        pass

    def close(self, timeout=None):
        self.closed = True


@pytest.fixture
def connected(monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 0.05)

    def connect(scheduler):
        monkeypatch.setattr(cluster, "_connect", lambda address: scheduler)
        return Cluster("tcp://there", SETTINGS)

    return connect


def outcome(grader):
    with grader:
        assert list(grader.take(TASK)) == []
        ((task, result),) = grader.rest()
    assert task is TASK
    return result


def test_a_result_comes_back(connected):
    result, scheduler = Result(TASK.submission), Scheduler(Result(TASK.submission))
    assert outcome(connected(scheduler)) == result
    assert scheduler.closed


def test_a_window_of_tasks_is_in_flight_and_no_more(connected):
    with connected(Scheduler(Result(TASK.submission))) as grader:
        done = [len(list(grader.take(TASK))) for _ in range(8 * WINDOW)]
    assert done[:-1] == [0] * (8 * WINDOW - 1)
    assert done[-1] > 0


def test_a_submission_whose_workers_all_died_is_ungraded(connected):
    died = distributed.KilledWorker("task", SimpleNamespace(address="tcp://there"), 3)
    assert outcome(connected(Scheduler(died))).ungraded == (
        "ann.ipynb: the workers that graded it died; grade again."
    )


def test_an_error_over_there_is_that_submissions_alone(connected):
    assert "the grader failed, MemoryError" in outcome(connected(Scheduler(MemoryError()))).ungraded


def test_a_scheduler_that_went_away_is_told(connected):
    scheduler = Scheduler()
    grader = connected(scheduler)
    with grader:
        list(grader.take(TASK))
        scheduler.status = "closed"
        with pytest.raises(CourseError, match="went away; run the same command again"):
            list(grader.rest())


@pytest.mark.parametrize(
    ("courses", "sentence"),
    [
        ({}, "has no worker; start some with `dask worker tcp://there`"),
        ({"a": "another"}, "has another coursekit than this machine"),
        ({"a": course_identity(), "b": "another"}, "has another coursekit than this machine"),
        (ModuleNotFoundError("coursekit"), "has another coursekit than this machine"),
    ],
)
def test_workers_that_are_missing_or_of_another_course_are_told(connected, courses, sentence):
    scheduler = Scheduler(courses=courses)
    with pytest.raises(CourseError, match=sentence):
        connected(scheduler)
    assert scheduler.closed
