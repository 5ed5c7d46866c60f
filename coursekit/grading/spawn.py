"""Start workers: forked from a warm zygote on Linux, a fresh interpreter elsewhere.

Trusts the interpreter and the zygote, which run no student code. Both start with a clean
environment, in a session of their own and in an empty folder.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from coursekit.compare import one_line
from coursekit.errors import CourseError
from coursekit.grading import scratch
from coursekit.grading.process import (
    DisturbedError,
    Process,
    Worker,
    WorkerLostError,
    undisturbed,
)
from coursekit.grading.sandbox.bubblewrap import around
from coursekit.grading.sandbox.policy import Mode, Policy, Protection

KEPT = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "MPLCONFIGDIR"),
    *("SYSTEMROOT", "USERPROFILE", "TEMP", "TMP"),  # Windows
)
START = 60.0  # seconds: what a process may take to start on a busy machine
PROMPT = 20.0  # seconds: what a zygote may take to end a worker and empty its folder


class Zygote:
    """The grader's end of a zygote: a process that forks workers, one at a time."""

    def __init__(self, mode: Mode) -> None:
        self._folder = scratch.new_folder()
        try:
            command = _zygote(self._folder, mode)
        except CourseError:
            scratch.remove(self._folder)
            raise
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        errors = self._folder / "errors.txt"
        with theirs, errors.open("wb") as file:
            self._process = _start(command, self._folder, theirs, stderr=file)
        try:
            self._hear(START)
        except DisturbedError:
            said = errors.read_text("utf-8", "replace").split("\n")
            self.close()
            if self._process.returncode == -signal.SIGKILL:
                raise
            why = one_line(next(filter(None, reversed(said)), "it says nothing"))
            raise CourseError(f"The process that runs notebooks does not start: {why}.") from None
        except BaseException:  # Ctrl-C while it starts
            self.close()
            raise

    def fork(self) -> Process:
        """Return a new worker's process.

        Raises
        ------
        DisturbedError
            When the zygote is gone.
        """
        ours, theirs = socket.socketpair()
        with ours, theirs:
            self._ask(b"fork", theirs.fileno())
            return Process(ours.makefile("wb"), ours.makefile("rb"), self._end_worker)

    def _end_worker(self, patiently: bool) -> bool:
        return bool(self._ask(b"wait" if patiently else b"kill")["killed"])

    def _ask(self, word: bytes, *descriptors: int) -> dict[str, Any]:
        with suppress(OSError):  # nobody there is nothing to hear
            socket.send_fds(self._control, [word], descriptors)
        return self._hear(PROMPT)

    def _hear(self, seconds: float) -> dict[str, Any]:
        self._control.settimeout(seconds)
        try:
            word = self._control.recv(100)
        except OSError:
            word = b""
        if not word:
            raise DisturbedError("The process that starts workers is gone.")
        return cast(dict[str, Any], json.loads(word))

    def close(self) -> None:
        """End the zygote, which ends its worker; remove what they left."""
        self._control.close()
        try:
            self._process.wait(PROMPT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._folder.exists():  # it was killed before it could tidy up
            scratch.remove(self._folder)


class _Kept(threading.local):
    """The zygote of one thread, kept because it takes longer to start than to grade a class in."""

    zygote: Zygote | None = None
    mode: Mode | None = None


_kept = _Kept()


def start_worker(policy: Policy) -> tuple[Worker, Protection]:
    """Return a new worker and what protects the machine from it.

    Raises
    ------
    CourseError
        When it does not start, or the policy does not accept the protection.
    DisturbedError
        When somebody killed it meanwhile.
    """
    worker = Worker(_fork(policy.mode) if sys.platform == "linux" else _fresh())
    try:
        reply = worker.ask({"do": "start"}, START)
        protection = Protection(**reply["protection"])
        policy.accept(protection)
    except WorkerLostError:
        raise CourseError("The process that runs notebooks starts, and dies at once.") from None
    except BaseException:
        worker.end()
        raise
    return worker, protection


def tried(policy: Policy) -> Protection:
    """Start a worker, end it, and return what protects the machine from it.

    Raises
    ------
    CourseError
        When it does not start, or the policy does not accept the protection.
    """
    worker, protection = undisturbed(lambda: start_worker(policy))
    worker.end()
    return protection


def _fork(mode: Mode) -> Process:
    """Fork from this thread's zygote; a new one replaces one that is gone."""
    if _kept.zygote is None or _kept.mode != mode:
        end_zygote()
        _kept.zygote, _kept.mode = Zygote(mode), mode
        atexit.register(end_zygote)
    try:
        return _kept.zygote.fork()
    except DisturbedError:
        end_zygote()
        raise


def end_zygote() -> None:
    """End this thread's zygote, if it has one; the next worker starts another."""
    zygote, _kept.zygote = _kept.zygote, None
    if zygote is not None:
        zygote.close()


def _fresh() -> Process:
    folder = scratch.new_folder()
    process = _start(_python("coursekit.grading.worker"), folder, subprocess.PIPE, subprocess.PIPE)

    def end(patiently: bool) -> bool:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.5 if patiently else 0)
        killed = process.returncode == -getattr(signal, "SIGKILL", 9)
        with suppress(ProcessLookupError, PermissionError):
            _kill_group(process)
        process.wait()
        scratch.remove(folder)
        return killed

    return Process(cast(BinaryIO, process.stdin), cast(BinaryIO, process.stdout), end)


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _zygote(folder: Path, mode: Mode) -> list[str]:
    command = _python("coursekit.grading.zygote", str(folder), mode)
    return [*around(folder), *command] if mode == "bwrap" else command


def _python(module: str, *args: str) -> list[str]:
    return [sys.executable, "-P", "-m", module, *args]


def _start(
    command: list[str],
    folder: Path,
    stdin: Any,
    stdout: int = subprocess.DEVNULL,
    stderr: Any = subprocess.DEVNULL,
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        cwd=folder,
        env=_environment(),
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    threads = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
    return {**kept, **threads, "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0"}
