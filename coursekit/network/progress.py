"""A bar for training that takes long, which leaves nothing behind.

It appears after two seconds, where a person watches: in a terminal, or in a notebook whose front
end can be asked questions. A notebook that a program runs gets no bar, so its saved output is the
same whether the machine was fast or slow.
"""

import sys
import time
from collections.abc import Iterator
from typing import Any

PATIENCE = 2.0  # seconds


def watched(count: int, label: str) -> Iterator[int]:
    """Yield 0, 1, …, count − 1, and show how far it is once that takes long.

    Of loops within loops the first that takes long has the bar to itself.
    """
    began, bar = time.monotonic(), None
    try:
        for i in range(count):
            yield i
            late = time.monotonic() - began > PATIENCE
            if bar is None and late and not _Bar.shown and somebody_watches():
                bar = _Bar(label, count)
            if bar is not None:
                bar.show(i + 1)
    finally:
        if bar is not None:
            bar.close()


def somebody_watches() -> bool:
    """Whether the output goes to a terminal, or to a notebook with a person in front of it."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return sys.stderr.isatty()
    request: Any = kernel.get_parent("shell") or {}
    return bool(request.get("content", {}).get("allow_stdin", False))


class _Bar:
    """Rich's progress bar, drawn when told to and removed when closed; one at a time."""

    shown = False

    def __init__(self, label: str, count: int) -> None:
        from rich.console import Console
        from rich.progress import Progress

        in_terminal = sys.stderr.isatty()
        console = Console(stderr=True) if in_terminal else None
        self.progress = Progress(console=console, transient=True, auto_refresh=False)
        self.task = self.progress.add_task(label, total=count)
        self.progress.start()
        _Bar.shown = True

    def show(self, done: int) -> None:
        """Draw the bar."""
        self.progress.update(self.task, completed=done)
        self.progress.refresh()

    def close(self) -> None:
        """Take it away."""
        _Bar.shown = False
        self.progress.stop()
