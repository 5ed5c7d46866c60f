"""Pools: memory stays flat, and a process that is killed costs nobody else a grade."""

import os
import pickle
import signal
from pathlib import Path

import pytest

from coursekit.grading.classroom import Settings
from coursekit.grading.executors import TRIES, WINDOW, Here, Pool, Task
from coursekit.grading.results import Result, Submission

SETTINGS = Settings(b"a secret of the tests, long enough")


def tasks(*contents):
    return [
        Task(Submission(f"s{i}", "01_definition", Path(f"s{i}.ipynb")), content.encode(), str(i))
        for i, content in enumerate(contents)
    ]


def act(submission, content, settings):
    """Do what a submission says, in the place of grading it."""
    what, _, where = content.decode().partition(" ")
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "die_once" and not Path(where).exists():
        Path(where).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "raise":
        raise MemoryError(where)
    if what == "unpicklable":
        return Result(submission, log=lambda: None)
    return Result(submission, log=str(os.getpid()))


def graded(grader, given):
    """Return the results by student, after a check that each task came back once."""
    done = []
    with grader:
        for task in given:
            done += grader.take(task)
        done += grader.rest()
    assert sorted(task.key for task, _ in done) == sorted(task.key for task in given)
    assert all(task.submission == result.submission for task, result in done)
    return {result.submission.student: result for _, result in done}


needs_signals = pytest.mark.skipif(os.name != "posix", reason="processes kill themselves here")


def test_a_pool_grades_in_other_processes():
    results = graded(Pool(2, SETTINGS, act), tasks(*["grade"] * 20))
    pids = {result.log for result in results.values()}
    assert len(pids) <= 2
    assert str(os.getpid()) not in pids


def test_a_pool_that_gets_nothing_starts_nothing(monkeypatch):
    monkeypatch.setattr("coursekit.grading.executors.ProcessPoolExecutor", None)
    assert graded(Pool(2, SETTINGS, act), []) == {}


def test_never_more_than_a_window_is_in_flight():
    out = 0
    with Pool(2, SETTINGS, act) as pool:
        for number, task in enumerate(tasks(*["grade"] * 30), start=1):
            out += len(list(pool.take(task)))
            assert number - out < 2 * WINDOW
        out += len(list(pool.rest()))
    assert out == 30


@needs_signals
def test_a_process_that_is_killed_once_costs_nobody_a_grade(tmp_path):
    once = [f"die_once {tmp_path / str(i)}" for i in range(2)]
    results = graded(Pool(2, SETTINGS, act), tasks("grade", *once, *["grade"] * 9))
    assert [result.ungraded for result in results.values()] == [None] * 12


@needs_signals
def test_what_kills_its_process_always_is_ungraded_and_takes_nobody_with_it():
    given = tasks("grade", "die", "grade", *["grade"] * 6)
    results = graded(Pool(2, SETTINGS, act), given)
    ungraded = {student: r.ungraded for student, r in results.items() if r.ungraded}
    assert set(ungraded) == {"s1"}
    assert ungraded["s1"] == (
        f"s1.ipynb: the process that graded it was killed {TRIES} times; grade again."
    )


@needs_signals
def test_a_pool_that_broke_while_nobody_looked_is_replaced():
    with Pool(1, SETTINGS, act) as pool:
        first, second, third = tasks("die", "grade", "grade")
        done = list(pool.take(first))
        while not pool._executor._broken:
            pass
        done += [*pool.take(second), *pool.take(third), *pool.rest()]
    assert {task.key: bool(result.ungraded) for task, result in done} == {
        "0": True,
        "1": False,
        "2": False,
    }


@pytest.mark.parametrize("content", ["raise no room", "unpicklable"])
def test_what_goes_wrong_in_a_process_is_that_submissions_alone(content):
    results = graded(Pool(1, SETTINGS, act), tasks("grade", content, "grade"))
    assert "the grader failed" in results["s1"].ungraded
    assert results["s0"].ungraded is results["s2"].ungraded is None


def test_ctrl_c_ends_the_processes_at_once():
    with Pool(2, SETTINGS, act) as pool:
        list(pool.take(tasks("grade")[0]))
        processes = list(pool._executor._processes.values())
        pool.__exit__(KeyboardInterrupt, None, None)
        assert processes
        assert not any(process.is_alive() for process in processes)


def test_grading_here_gives_each_result_at_once(monkeypatch):
    monkeypatch.setattr("coursekit.grading.executors.grade_submission", act)
    grader = Here(SETTINGS)
    for task in tasks("grade", "grade"):
        assert [result.log for _, result in grader.take(task)] == [str(os.getpid())]
    assert list(grader.rest()) == []


def test_settings_travel():
    assert pickle.loads(pickle.dumps(SETTINGS)) == SETTINGS
