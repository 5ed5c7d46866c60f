"""What a test cell calls: judge an answer where the notebook runs.

nbgrader and otter run their tests in the student's process, so what `coursekit.grading` keeps
apart is together here, and an answer that wants to cheat can. A test fails by raising and in no
other way: whatever an answer prints or warns is swallowed, as nbgrader counts stderr as wrong.
"""

import io
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, redirect_stderr, redirect_stdout
from dataclasses import replace
from typing import Any

from coursekit import exercises
from coursekit.collect import collect, value_of
from coursekit.exercise import Exercise
from coursekit.grading.notes import sentences
from coursekit.grading.session import Limits
from coursekit.grading.worker import OutOfTime, time_limit
from coursekit.judge import drawn, judge
from coursekit.student import PUBLIC_SEED
from coursekit.verdict import Verdict
from coursekit.withhold import answer_in_library, withheld

Names = Mapping[str, Any]


class WrongAnswerError(AssertionError):
    """An answer is wrong or missing; the message is the verdict."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows: the verdict, without a traceback through our code."""
        return [str(self)]


def require(
    name: str, notebook: Names, *, seeds: Sequence[int] | None = None, points: int | None = None
) -> None:
    """Raise unless the notebook's answer to an exercise is right.

    Parameters
    ----------
    name
        The exercise.
    notebook
        The notebook's variables, ``globals()`` in a cell.
    seeds
        Draw the inputs from these, and don't show them; without, the public inputs of `check`.
    points
        Where a part of an answer counts: how many points it has to earn; all by default.

    Raises
    ------
    WrongAnswerError
        With the verdict, which names the mistake.
    """
    exercise = exercises.find(name)
    verdict = _verdict(exercise, notebook, [PUBLIC_SEED] if seeds is None else seeds)
    if verdict.points < (exercise.points if points is None else points):
        raise WrongAnswerError(_told(exercise, verdict, hidden=seeds is not None))


def earned(name: str, notebook: Names) -> int:
    """Return the points for an answer of which every entry counts; print what is wrong.

    Raises
    ------
    WrongAnswerError
        When it earns nothing.
    """
    exercise = exercises.find(name)
    verdict = _verdict(exercise, notebook, [PUBLIC_SEED])
    if not verdict.points:
        raise WrongAnswerError(str(verdict))
    if verdict.status != "passed":
        print(verdict)  # noqa: T201  what a test cell has to say goes below it
    return verdict.points


def _verdict(exercise: Exercise, notebook: Names, seeds: Sequence[int]) -> Verdict:
    if exercise.name not in notebook:
        return _nothing(exercise, f"no cell defines `{exercise.name}`")
    answer = notebook[exercise.name]
    if exercise.kind != "function" or answer is ...:
        return judge(exercise, [], [value_of(answer)])
    inputs = drawn(exercise, seeds)
    seconds = Limits().answer
    try:
        with _quietly(), _within(seconds), withheld(answer_in_library(exercise)):
            outcomes = collect(answer, inputs)
    except OutOfTime:
        return _nothing(exercise, f"it took longer than {seconds:.0f} s")
    return judge(exercise, inputs, outcomes)


def _nothing(exercise: Exercise, why: str) -> Verdict:
    verdict = Verdict(exercise.name, "failed", 0, exercise.points)
    return replace(verdict, message=f"got      nothing: {why}")


def _told(exercise: Exercise, verdict: Verdict, *, hidden: bool) -> str:
    """Return the verdict; of hidden inputs only what a student may read about them."""
    if not hidden:
        return str(verdict)
    lines = [f"  {sentence}" for sentence in sentences(verdict, exercise)]
    return "\n".join([f"{verdict.headline}, on other inputs", *lines])


@contextmanager
def _quietly() -> Iterator[None]:
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        yield


def _within(seconds: float) -> Any:
    """Return a limit on the time; only the main thread, where notebooks run, can have one."""
    main = threading.current_thread() is threading.main_thread()
    return time_limit(seconds) if main else nullcontext()
