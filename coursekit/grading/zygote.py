"""A warm process that never runs student code and forks one that does, again and again.

Run as ``python -m coursekit.grading.zygote FOLDER MODE`` with a socket to the grader as stdin.
It trusts the grader's three words (fork, wait, kill) and nothing of what its children do: it
reads nothing from them. It has one thread, so that forking is safe, and no secret: neither
in its environment nor in its memory is anything that a notebook may not know. When the
grader is gone it ends its child, removes its folder and ends.
"""

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from coursekit.grading import scratch
from coursekit.grading.child import Child
from coursekit.grading.sandbox import privileges
from coursekit.grading.sandbox.cage import Cage, measure
from coursekit.grading.sandbox.kernel import PR_SET_CHILD_SUBREAPER, prctl
from coursekit.grading.worker import hide_answers, new_shell, serve

LIBRARY = (
    "activations",
    "autograd",
    "calibration",
    "data",
    "gradcheck",
    "losses",
    "network",
    "plot",
)
GRACE = 0.5  # seconds that a process which closed its end may take to end by itself
LOOK = 0.25  # seconds between two looks at what a process has written


def main() -> None:
    """Warm up, then serve the grader until it closes its end."""
    folder, mode = Path(sys.argv[1]), sys.argv[2]
    control = _take_control()
    work = folder / "work"
    work.mkdir(mode=0o700)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    shell = _warm(folder)
    user = privileges.spare_user() if os.geteuid() == 0 and mode != "off" else None
    _move_to(work, user)
    cage = Cage(None, None)
    if mode != "off":
        cage = measure(work, user, "bubblewrap" if mode == "bwrap" else None)
    gc.freeze()  # so that a collection in a child does not touch, and copy, all pages
    os.dup2(1, 2)  # up to here, errors are for the grader to show
    control.send(b"{}")
    _serve(control, work, lambda descriptor: _fork(shell, control, descriptor, cage))
    scratch.remove(folder)


def _serve(control: socket.socket, work: Path, fork: Callable[[int], int]) -> None:
    """Do what the grader says, one word at a time, until it is gone."""
    child = None
    while True:
        while child and not select.select([control], [], [], LOOK)[0]:
            child.look()
        word, descriptors, *_ = socket.recv_fds(control, 16, 1)
        if word == b"fork":
            child = Child(fork(descriptors[0]), work)
            control.send(b"{}")
            continue
        killed = child.end(GRACE if word == b"wait" else 0) if child else False
        child = None
        if not word:
            return
        scratch.empty(work)
        control.send(json.dumps({"killed": killed}).encode())


def _take_control() -> socket.socket:
    control = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader to handle
    return control


def _warm(folder: Path) -> Any:
    """Load what notebooks use, and return a shell that has run a cell."""
    os.chdir(folder)
    for module in ("numpy.random", "numpy.linalg", "numpy.ma", "matplotlib.pyplot"):
        importlib.import_module(module)
    for module in LIBRARY:
        importlib.import_module(f"coursekit.{module}")
    from matplotlib import pyplot

    pyplot.plot([0, 1])
    pyplot.close("all")
    hide_answers()
    shell = new_shell()
    shell.run_cell("def f(x):\n    return x\n\n%time f(2);", store_history=False)
    del shell.user_ns["f"]
    shell.display_formatter.format(1.5)  # loads what shows a cell's last value
    return shell


def _move_to(work: Path, user: int | None) -> None:
    """Let `work` be home, current and temporary folder, of the notebook's own user."""
    if user is not None:
        with suppress(OSError):
            os.chown(work, user, user)
            work.parent.chmod(0o711)
    os.chdir(work)
    os.environ |= {name: str(work) for name in ("HOME", "TMPDIR", "MPLCONFIGDIR", "IPYTHONDIR")}
    tempfile.tempdir = None


def _fork(shell: Any, control: socket.socket, descriptor: int, cage: Cage) -> int:
    pid = os.fork()
    if pid:
        os.close(descriptor)
        return pid
    status = 1
    try:
        parent = os.getppid()
        control.close()
        os.setsid()
        protection = cage.close()
        if os.getppid() == parent:  # else it died before it could take this process along
            requests, replies = os.fdopen(descriptor, "rb"), os.fdopen(os.dup(descriptor), "wb")
            serve(shell, requests, replies, protection)
            status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
