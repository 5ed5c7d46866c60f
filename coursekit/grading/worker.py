"""The student's side: run cells in a real IPython shell, call answers, report outcomes.

Run as ``python -m coursekit.grading.worker``; requests come in on stdin, replies leave on
what was stdout. References, seeds and tolerances never come here.
"""

import importlib.abc
import os
import queue
import sys
import tempfile
import threading
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, BinaryIO

import coursekit
from coursekit.collect import collect, value_of
from coursekit.grading.protocol import receive, send
from coursekit.withhold import withheld

LARGEST_REQUEST = 100_000_000


class AnswersAreAway(importlib.abc.MetaPathFinder):
    """Refuses to import what knows the answers."""

    away = tuple(f"coursekit.{name}" for name in ("exercises", "judge", "student", "notebooks"))

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Raise for the modules that are away; leave all others to Python."""
        if name.startswith(self.away):
            raise ImportError(f"{name} is not available while a notebook is graded")
        return None


def main() -> None:
    """Serve requests until the grader closes the pipe."""
    requests, replies = _take_pipes()
    _hide_answers()
    shell = _new_shell()
    inbox: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, inbox), daemon=True).start()
    while True:
        request = inbox.get()
        send(replies, {"nonce": request["nonce"], **handle(shell, request)})


def _listen(requests: BinaryIO, inbox: "queue.SimpleQueue[dict[str, Any]]") -> None:
    """Pass requests on; end the process with the grader, whatever a cell is doing then."""
    try:
        while True:
            inbox.put(receive(requests, LARGEST_REQUEST))
    finally:
        os._exit(0)


def handle(shell: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Do what one request asks, in the student's namespace."""
    if request["do"] == "start":
        return {}
    if request["do"] == "run":
        done = shell.run_cell(request["source"], store_history=False)
        problem = done.error_before_exec or done.error_in_exec
        return {"error": None if problem is None else type(problem).__name__}
    if request["name"] not in shell.user_ns:
        return {"missing": True}
    answer = shell.user_ns[request["name"]]
    if request["do"] == "value" or answer is ...:
        return {"outcomes": [value_of(answer)]}
    with withheld(request["withheld"]):
        return {"outcomes": collect(answer, request["inputs"])}


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes to the grader for ourselves; student code prints into nothing."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    return requests, replies


def _hide_answers() -> None:
    sys.meta_path.insert(0, AnswersAreAway())
    for word in ("check", "hint"):
        setattr(coursekit, word, lambda *args, **kwargs: None)


def _new_shell() -> Any:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    os.environ["IPYTHONDIR"] = tempfile.mkdtemp(prefix="ipython-", dir=".")
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    shell.user_ns["__name__"] = "__main__"
    return shell


if __name__ == "__main__":
    main()
