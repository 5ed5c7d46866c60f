"""A notebook's cells in a worker: run once, run again without the cell that broke it.

Trusts the clock of this process alone: what a worker says about its time is only used
against its own notebook.
"""

import time
from dataclasses import dataclass
from typing import Any

from coursekit.compare import one_line
from coursekit.grading.process import Worker, WorkerLostError
from coursekit.grading.sandbox.policy import Policy, Protection
from coursekit.grading.spawn import start_worker

LONGEST_LOG = 20_000  # characters


@dataclass(frozen=True)
class Limits:
    """Seconds for one cell, for all calls of one answer, and for the whole notebook.

    The notebook's time is shared by all its cells and answers, restarts included.
    """

    cell: float = 10.0
    answer: float = 10.0
    notebook: float = 120.0
    restarts: int = 3


class Deadline:
    """The moment at which a notebook's time is over; it starts to run when it is made."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._end = time.monotonic() + limits.notebook

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return self._end - time.monotonic()


class LateError(WorkerLostError):
    """One cell or answer was stopped; the worker goes on."""


class OutOfTimeError(WorkerLostError):
    """The notebook's time is over."""


class Session:
    """A worker that has run the cells; started again, without the culprit, when it is lost.

    `troubles` lists the cells that did not finish, each with a clause that says why; `log`
    holds what was printed; `protection` is what the last worker was confined by.
    """

    def __init__(self, cells: list[str], deadline: Deadline, policy: Policy) -> None:
        self.troubles: list[tuple[str, str]] = []
        self.log = ""
        self.protection: Protection | None = None
        self._cells, self._deadline, self._policy = cells, deadline, policy
        self._worker: Worker | None = None
        self._losses = 0

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._end()

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Ask a worker that has run the cells.

        Raises
        ------
        WorkerLostError
            When no answer comes; the next request starts a new worker.
        """
        self._check_time()
        while self._worker is None:
            self._run_cells()
        return self._send(request, self._deadline.limits.answer)

    def _run_cells(self) -> None:
        """Start a worker and run the cells; leave no worker when one of them breaks it."""
        self._check_time()
        if self._losses > self._deadline.limits.restarts:
            raise WorkerLostError("the notebook broke down too often")
        self._worker, self.protection = start_worker(self._policy)
        self.troubles = [t for t in self.troubles if t[0] not in self._cells]
        for index, source in enumerate(self._cells):
            try:
                reply = self._send({"do": "run", "source": source}, self._deadline.limits.cell)
            except OutOfTimeError:
                raise
            except LateError as late:
                self.troubles.append((source, f"its cell was stopped, {late}"))
                continue
            except WorkerLostError as lost:
                self.troubles.append((source, f"its cell was stopped, {lost}"))
                self._cells = self._cells[:index] + self._cells[index + 1 :]
                return
            if isinstance(reply.get("error"), str):
                self.troubles.append((source, f"its cell raised {one_line(reply['error'])}"))

    def _send(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        assert self._worker is not None
        try:
            reply = self._worker.ask(request, min(seconds, self._deadline.left))
        except WorkerLostError:
            self._losses += 1
            self._end()
            self._check_time()
            raise
        if isinstance(reply.get("printed"), str):
            self.log = (self.log + reply["printed"])[:LONGEST_LOG]
        if reply.get("late") is True:
            self._check_time()
            raise LateError(f"it took longer than {seconds:.0f} s")
        return reply

    def _check_time(self) -> None:
        if self._deadline.left <= 0:
            limit = self._deadline.limits.notebook
            raise OutOfTimeError(f"the notebook took longer than {limit:.0f} s")

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None
