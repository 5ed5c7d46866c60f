"""The student's side: run cells in a real IPython shell, call answers, report outcomes.

Trusts nothing once a cell has run: whatever this module does may be the student's doing
then. References, seeds and tolerances never come here, so there is nothing to find, and a
changed worker can only send other values, which are judged elsewhere.
"""

import importlib.abc
import io
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, BinaryIO

import coursekit
from coursekit.collect import collect, value_of
from coursekit.grading.protocol import receive, send
from coursekit.grading.sandbox.policy import Protection
from coursekit.withhold import withheld

LARGEST_REQUEST = 100_000_000
LARGEST_LOG = 4_000  # characters of what is printed between two replies


class OutOfTime(KeyboardInterrupt):
    """Time is over; like Ctrl-C it passes every ``except Exception``."""


class AnswersAreAway(importlib.abc.MetaPathFinder):
    """Refuses to import what knows the answers, with a sentence; the sandbox refuses to read it."""

    away = tuple(f"coursekit.{name}" for name in ("exercises", "judge", "student", "notebooks"))

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Raise for the modules that are away; leave all others to Python."""
        if name.startswith(self.away):
            raise ImportError(f"{name} is not available while a notebook is graded")
        return None


class Printed(io.TextIOBase):
    """Keeps the first part of what is printed, for the teacher's log, and drops the rest."""

    def __init__(self) -> None:
        self._text = ""

    def writable(self) -> bool:
        """Whether text can be written: always."""
        return True

    def write(self, text: str) -> int:
        """Keep the text while there is room."""
        self._text += text[: max(0, LARGEST_LOG - len(self._text))]
        return len(text)

    def take(self) -> str:
        """Return what was printed since the last time."""
        text, self._text = self._text, ""
        return text


def serve(shell: Any, requests: BinaryIO, replies: BinaryIO, protection: Protection) -> None:
    """Answer requests until the grader closes its end."""
    sys.stdout = sys.stderr = printed = Printed()
    while True:
        try:
            request = receive(requests, LARGEST_REQUEST)
        except EOFError:
            return
        reply = {"nonce": request["nonce"], **handle(shell, request, protection)}
        send(replies, reply | {"printed": printed.take()})


def handle(shell: Any, request: dict[str, Any], protection: Protection) -> dict[str, Any]:
    """Do what one request asks, in the student's namespace and within its time."""
    if request["do"] == "start":
        return {"protection": asdict(protection)}
    try:
        with time_limit(request["seconds"]):
            return _run(shell, request) if request["do"] == "run" else _answer(shell, request)
    except OutOfTime:
        return {"late": True}


def _run(shell: Any, request: dict[str, Any]) -> dict[str, Any]:
    done = shell.run_cell(request["source"], store_history=False)
    problem = done.error_before_exec or done.error_in_exec
    if isinstance(problem, OutOfTime):
        raise problem
    return {"error": None if problem is None else type(problem).__name__}


def _answer(shell: Any, request: dict[str, Any]) -> dict[str, Any]:
    if request["name"] not in shell.user_ns:
        return {"missing": True}
    answer = shell.user_ns[request["name"]]
    if request["do"] == "value" or answer is ...:
        return {"outcomes": [value_of(answer)]}
    with withheld(request["withheld"]):
        return {"outcomes": collect(answer, request["inputs"])}


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `OutOfTime` in the block when its time is over, where the system has timers.

    Code that catches everything, or spends its time within one C function, is not stopped:
    the grader ends its process.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def hide_answers() -> None:
    """Make the answers' modules unavailable, and `check` and `hint` do nothing."""
    sys.meta_path.insert(0, AnswersAreAway())
    for word in ("check", "hint"):
        setattr(coursekit, word, lambda *args, **kwargs: None)


def new_shell() -> Any:
    """Return an IPython shell without history, whose files go to the current folder."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    os.environ["IPYTHONDIR"] = str(Path("ipython").absolute())
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"  # what is printed goes into a log
    config.InteractiveShell.xmode = "Minimal"
    shell: Any = InteractiveShell.instance(config=config)
    shell.enable_matplotlib = lambda gui=None: (gui, "agg")  # `%matplotlib inline` draws nothing
    shell.user_ns["__name__"] = "__main__"
    return shell


def main() -> None:
    """Serve one notebook on stdin and stdout, without a sandbox: where there is no zygote."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    hide_answers()
    serve(new_shell(), requests, replies, Protection())


if __name__ == "__main__":
    main()
