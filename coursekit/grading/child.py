"""The zygote's view of the one process that runs student code: watch it, end it, say who did.

Trusts the kernel's word on how a process ended and on how much room its files take; nothing
that the process says is read here.
"""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from coursekit.grading.sandbox import privileges

LARGEST = 2**30  # bytes that a notebook may write in all; the kernel bounds each file only


class Child:
    """A forked process that may write into the folder `work`."""

    def __init__(self, pid: int, work: Path) -> None:
        self._pid, self._work = pid, work
        self._free = shutil.disk_usage(work).free
        self._overflowed = False

    def look(self) -> None:
        """Kill the process when its files have grown too large.

        Most looks cost one call: the files are measured only where the disk's free room has
        shrunk by as much, which other programs may have done, too.
        """
        if self._free - shutil.disk_usage(self._work).free < LARGEST:
            return
        told = subprocess.run(["du", "-sk", "--", self._work], capture_output=True, text=True)
        size = int(told.stdout.split()[0]) * 1024 if told.stdout else 0
        if size >= LARGEST:
            self._overflowed = True
            os.kill(self._pid, signal.SIGKILL)

    def end(self, patience: float) -> bool:
        """End the process and all it started; return whether somebody else had killed it.

        A process that kills itself does not count: seccomp lets it send no SIGKILL, and
        one that used up its processor time was killed by its limit.
        """
        ended = self._wait(patience)
        if ended is None:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        _end_orphans()
        return ended is not None and not self._overflowed and _was_killed(*ended)

    def _wait(self, patience: float) -> tuple[int, Any] | None:
        """Return the status and the resources that it used, or None while it still runs."""
        until = time.monotonic() + patience
        while True:
            pid, status, used = os.wait4(self._pid, os.WNOHANG)
            if pid:
                return status, used
            if time.monotonic() >= until:
                return None
            time.sleep(0.005)


def _was_killed(status: int, used: Any) -> bool:
    used_up = used.ru_utime + used.ru_stime >= privileges.Limits().processor
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL and not used_up


def _end_orphans() -> None:
    """End what the child started, where no filter kept it from starting anything."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    while children.exists() and (pids := children.read_text().split()):
        for pid in map(int, pids):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)
