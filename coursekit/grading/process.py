"""The grader's end of a worker: ask it with a deadline, and end it with all it started.

Trusts nothing that comes back: `protocol` checks every frame, a nonce ties a reply to its
request, and what is late, malformed or forged ends the worker.
"""

import queue
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

from coursekit.errors import CourseError
from coursekit.grading.protocol import ProtocolError, frame, receive

GRACE = 2.0  # seconds between the time limit in the worker and its end from here
ATTEMPTS = 3  # at what is killed from outside
SMALLEST_LIMIT = 64_000  # bytes of a reply that are always allowed


Done = TypeVar("Done")


class WorkerLostError(Exception):
    """The worker died, answered nonsense or took too long; the message is a clause."""


class DisturbedError(CourseError):
    """The worker was killed by somebody else, which is no fault of the notebook."""


def undisturbed(action: Callable[[], Done]) -> Done:
    """Do something again where somebody killed its process, a few times at most.

    Raises
    ------
    DisturbedError
        When it was killed every time.
    """
    for _ in range(ATTEMPTS - 1):
        with suppress(DisturbedError):
            return action()
    return action()


@dataclass(frozen=True)
class Process:
    """A started worker: two streams, and how to end it.

    ``end(patience)`` ends it, after `patience` when it does not end by itself, and returns
    whether somebody else had killed it; it may raise `DisturbedError`, too.
    """

    requests: BinaryIO
    replies: BinaryIO
    end: Callable[[bool], bool]


class Worker:
    """One process for one notebook; use it as a context manager.

    A thread of its own writes and reads, so that a deadline holds for a whole reply, also
    for one that drips byte by byte.
    """

    def __init__(self, process: Process) -> None:
        self._process = process
        self._ended = False
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._exchange = threading.Thread(target=self._send_and_receive, daemon=True)
        self._exchange.start()

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.end()

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send a request and return the reply, which may be four times as large.

        The worker has `seconds`; a short grace later it is ended.

        Raises
        ------
        WorkerLostError
            When no right reply comes in time; the worker is ended then.
        DisturbedError
            When somebody killed it meanwhile.
        """
        nonce = secrets.token_hex(8)
        self._outbox.put(frame({**request, "seconds": seconds, "nonce": nonce}))
        try:
            reply = self._inbox.get(timeout=max(seconds, 0.01) + GRACE)
        except queue.Empty:
            reply = WorkerLostError(f"it took longer than {seconds:.0f} s")
        if isinstance(reply, dict) and reply.pop("nonce", None) == nonce:
            return reply
        if self.end(patiently=isinstance(reply, EOFError)):
            raise DisturbedError("The process that ran the notebook was killed.")
        if isinstance(reply, EOFError):
            raise WorkerLostError("its process died")
        raise (
            reply if isinstance(reply, WorkerLostError) else WorkerLostError("its reply is forged")
        )

    def _send_and_receive(self) -> None:
        """Exchange one request after the other, until there is no more or one fails."""
        reply: Any = None
        while not isinstance(reply, Exception) and (request := self._outbox.get()) is not None:
            try:
                self._process.requests.write(request)
                self._process.requests.flush()
                reply = receive(self._process.replies, max(SMALLEST_LIMIT, 4 * len(request)))
            except (EOFError, OSError, ValueError):
                reply = EOFError()
            except ProtocolError as error:
                reply = WorkerLostError(str(error))
            self._inbox.put(reply)

    def end(self, *, patiently: bool = False) -> bool:
        """End the worker and all it started; return whether somebody else had killed it."""
        if self._ended:
            return False
        self._ended = True
        self._outbox.put(None)
        killed = self._process.end(patiently)
        self._exchange.join(timeout=2)
        if not self._exchange.is_alive():  # else the streams are in use
            for stream in (self._process.requests, self._process.replies):
                with suppress(OSError):
                    stream.close()
        return killed
