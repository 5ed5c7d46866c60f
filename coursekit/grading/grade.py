"""Grade one notebook: run its cells over there, judge its answers here."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nbformat import NotebookNode

from coursekit.collect import Outcome
from coursekit.exercise import Exercise
from coursekit.grading.process import Worker, WorkerLostError
from coursekit.grading.protocol import ProtocolError, outcome_from
from coursekit.judge import judge
from coursekit.verdict import Verdict
from coursekit.withhold import answer_in_library

Draw = Callable[[Exercise], list[tuple[Any, ...]]]
SMALLEST_LIMIT = 64_000  # bytes of a reply that are always allowed


@dataclass(frozen=True)
class Limits:
    """Seconds for one cell, for all calls of one answer, and for the whole notebook."""

    cell: float = 20.0
    answer: float = 10.0
    notebook: float = 120.0
    restarts: int = 3


def grade(
    notebook: NotebookNode,
    chapter: NotebookNode | None,
    exercises: Sequence[Exercise],
    draw: Draw,
    limits: Limits | None = None,
) -> list[Verdict]:
    """Return the verdict on every exercise of a notebook.

    Parameters
    ----------
    notebook
        What was handed in.
    chapter
        The chapter as it was handed out; its untouched demonstration cells are not run.
    exercises
        What to judge.
    draw
        Gives an exercise's inputs: hidden ones for a grade, the public ones for a check.
    limits
        Time and restarts; what exceeds them costs only its own exercise.
    """
    limits = limits or Limits()
    short = needed_cells(notebook, chapter)
    every = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    verdicts, incomplete = _grade_cells(short, exercises, draw, limits)
    if incomplete and len(short) < len(every):
        return _grade_cells(every, exercises, draw, limits)[0]
    return verdicts


def needed_cells(notebook: NotebookNode, chapter: NotebookNode | None) -> list[str]:
    """Return the sources to run: setup, answers, and whatever the student wrote or changed.

    Cells are recognised by their source, so a copied, moved or renamed cell is no trouble.
    """
    kept = {"setup", "exercise"}
    demonstrations = {
        cell.source.strip()
        for cell in (chapter.cells if chapter else [])
        if cell.cell_type == "code" and not kept & set(cell.metadata.get("tags", []))
    }
    code = (cell.source for cell in notebook.cells if cell.cell_type == "code")
    return [source for source in code if source.strip() not in demonstrations]


class Session:
    """A worker that has run the cells; started again, without the culprit, when it is lost."""

    def __init__(self, cells: list[str], limits: Limits) -> None:
        self.cells, self.limits = cells, limits
        self.until = time.monotonic() + limits.notebook
        self.starts = 0
        self.worker: Worker | None = None

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self.worker is not None:
            self.worker.end()

    def ask(self, request: dict[str, Any], limit: int) -> dict[str, Any]:
        """Ask a worker that has run the cells; raises WorkerLostError when that fails."""
        while self.worker is None:
            self._start()
        try:
            return self.worker.ask(request, self._time_for(self.limits.answer), limit)
        except WorkerLostError:
            self.worker = None
            raise

    def _start(self) -> None:
        if self.starts > self.limits.restarts:
            raise WorkerLostError("the notebook broke down too often")
        self.starts += 1
        worker = Worker()
        for index, source in enumerate(self.cells):
            request = {"do": "run", "source": source}
            try:
                worker.ask(request, self._time_for(self.limits.cell))
            except WorkerLostError:
                self.cells = self.cells[:index] + self.cells[index + 1 :]
                return
        self.worker = worker

    def _time_for(self, seconds: float) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            if self.worker is not None:
                self.worker.end()
            raise WorkerLostError(f"the notebook took longer than {self.limits.notebook:.0f} s")
        return min(seconds, left)


def _grade_cells(
    cells: list[str], exercises: Sequence[Exercise], draw: Draw, limits: Limits
) -> tuple[list[Verdict], bool]:
    """Return the verdicts, and whether an answer lacked something a skipped cell may define."""
    verdicts, incomplete = [], False
    with Session(cells, limits) as session:
        for exercise in exercises:
            inputs = draw(exercise)
            try:
                outcomes = _outcomes(session, exercise, inputs)
                verdict = _judge(exercise, inputs, outcomes)
            except (WorkerLostError, ProtocolError) as lost:
                outcomes = []
                verdict = replace(_nothing(exercise), status="failed", message=f"got      {lost}")
            incomplete |= outcomes is None or any(map(_name_error, outcomes))
            verdicts.append(verdict)
    return verdicts, incomplete


def _judge(
    exercise: Exercise, inputs: list[tuple[Any, ...]], outcomes: list[Outcome] | None
) -> Verdict:
    return _nothing(exercise) if outcomes is None else judge(exercise, inputs, outcomes)


def _outcomes(
    session: Session, exercise: Exercise, inputs: list[tuple[Any, ...]]
) -> list[Outcome] | None:
    """Return what the answer did on the inputs; None where the notebook defines no answer."""
    request = {
        "do": "call" if exercise.kind == "function" else "value",
        "name": exercise.name,
        "inputs": inputs,
        "withheld": answer_in_library(exercise),
    }
    reply = session.ask(request, _limit(inputs))
    if reply.get("missing") is True:
        return None
    if not isinstance(reply.get("outcomes"), list):
        raise ProtocolError("malformed reply: no outcomes")
    outcomes = [outcome_from(fields) for fields in reply["outcomes"]]
    untouched = [outcome.value for outcome in outcomes] == [...]
    if len(outcomes) != (1 if exercise.kind != "function" else len(inputs)) and not untouched:
        raise ProtocolError("malformed reply: not the outcomes that were asked for")
    return outcomes


def _limit(inputs: list[tuple[Any, ...]]) -> int:
    size = sum(getattr(argument, "nbytes", 8) for args in inputs for argument in args)
    return max(SMALLEST_LIMIT, 4 * size)


def _nothing(exercise: Exercise) -> Verdict:
    return Verdict(exercise.name, "not attempted", 0, exercise.points)


def _name_error(outcome: Outcome) -> bool:
    return outcome.error is not None and outcome.error.startswith("NameError")
