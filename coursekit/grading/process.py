"""Start a worker, ask it with a deadline, and end it with all it started."""

import os
import queue
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from typing import Any, BinaryIO, cast

from coursekit.errors import CourseError
from coursekit.grading.protocol import ProtocolError, frame, receive

KEPT = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "MPLCONFIGDIR"),
    *("SYSTEMROOT", "USERPROFILE", "TEMP", "TMP"),  # Windows
)
START = 60.0  # seconds: what a worker may take to start on a busy machine
SMALLEST_LIMIT = 64_000  # bytes of a reply that are always allowed


class WorkerLostError(Exception):
    """The worker died, answered nonsense or took too long; the message is a clause."""


class Worker:
    """One process for one notebook; use it as a context manager.

    It starts with a clean environment, in an empty folder and in a process group of its
    own, so that ending it ends what it started.

    Raises
    ------
    CourseError
        When it does not start, which is no fault of the notebook.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="coursekit-", ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "coursekit.grading.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder.name,
            env=_environment(),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._exchange: threading.Thread | None = None
        self._requests = cast(BinaryIO, self._process.stdin)
        self._replies = cast(BinaryIO, self._process.stdout)
        try:
            self.ask({"do": "start"}, START)
        except WorkerLostError:
            raise CourseError(
                "The process that runs notebooks does not start; "
                "run `python -m coursekit.grading.worker` to see why."
            ) from None
        except BaseException:  # Ctrl-C while it starts
            self.end()
            raise

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.end()

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send a request and return the reply, which may be four times as large.

        Raises
        ------
        WorkerLostError
            When no right reply comes within `seconds`; the worker is ended then.
        """
        nonce = secrets.token_hex(8)
        inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        args = (frame({**request, "nonce": nonce}), inbox)
        self._exchange = threading.Thread(target=self._send_and_receive, args=args, daemon=True)
        self._exchange.start()
        try:
            reply = inbox.get(timeout=max(seconds, 0.01))
        except queue.Empty:
            reply = WorkerLostError(f"it took longer than {seconds:.0f} s")
        if isinstance(reply, dict) and reply.pop("nonce", None) == nonce:
            return reply
        self.end()
        raise (
            reply if isinstance(reply, WorkerLostError) else WorkerLostError("its reply is forged")
        )

    def _send_and_receive(self, request: bytes, inbox: "queue.SimpleQueue[Any]") -> None:
        try:
            self._requests.write(request)
            self._requests.flush()
            inbox.put(receive(self._replies, max(SMALLEST_LIMIT, 4 * len(request))))
        except (EOFError, OSError, ValueError):
            inbox.put(WorkerLostError("its process died"))
        except ProtocolError as error:
            inbox.put(WorkerLostError(str(error)))

    def end(self) -> None:
        """Kill the worker and its process group, and remove its folder."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                _kill_group(self._process)
            self._process.wait()
        if self._exchange is not None:
            self._exchange.join(timeout=2)
        if self._exchange is None or not self._exchange.is_alive():  # else the pipe is in use
            for pipe in (self._requests, self._replies):
                with suppress(OSError):
                    pipe.close()
        self._folder.cleanup()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    threads = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
    return {**kept, **threads, "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0"}
