"""The secret and what is drawn from it: the seeds of the inputs that no student can know.

The secret's file is trusted to be the teacher's. What is written beside a result is an
identity made from the secret, from which the secret cannot be computed.
"""

import hashlib
import hmac
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

from coursekit.errors import CourseError

FILE = "secret.txt"
TRIALS = 3  # hidden draws per exercise


def read_secret(path: Path) -> bytes:
    """Return the secret at `path`, making it when there is none, so that a re-run agrees.

    Graders that start at the same moment agree on one secret.

    Raises
    ------
    CourseError
        When it cannot be read or made, or is too short to be secret.
    """
    try:
        if not path.exists():
            _make(path)
        secret = _written(path).strip()
    except OSError as error:
        raise CourseError(f"{path}, the secret, cannot be used: {error.strerror}.") from None
    if len(secret) < 16:
        raise CourseError(f"{path} is no secret: at least 16 characters are needed.")
    return secret


def existing_secret(path: Path) -> bytes:
    """Return the secret at `path`, which is not made where there is none.

    Raises
    ------
    CourseError
        When it is not there, cannot be read, or is too short to be secret.
    """
    if not path.exists():
        raise CourseError(f"{path}, the secret, does not exist; `coursekit grade` makes one.")
    return read_secret(path)


def _make(path: Path) -> None:
    """Write a new secret, which appears whole; whoever comes second leaves the first one's."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        _write(temporary)
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            with suppress(FileExistsError):
                _write(path)
    finally:
        temporary.unlink(missing_ok=True)


def _written(path: Path) -> bytes:
    """Return what is in a file, which another grader may be about to write."""
    for _ in range(20):
        if content := path.read_bytes():
            return content
        time.sleep(0.05)
    return b""


def _write(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")


def hidden_seed(secret: bytes, exercise: str, trial: int) -> int:
    """Return a seed that nobody without the secret can know (HMAC-SHA256)."""
    key = f"{exercise}:{trial}".encode()
    return int.from_bytes(hmac.new(secret, key, hashlib.sha256).digest()[:8], "big")


def hidden_seeds(secret: bytes, exercise: str) -> list[int]:
    """Return the seeds of an exercise's hidden draws."""
    return [hidden_seed(secret, exercise, trial) for trial in range(TRIALS)]


def seed_identity(secret: bytes) -> str:
    """Return what tells two secrets apart and gives neither away."""
    return hmac.new(secret, b"the identity of the seeds", hashlib.sha256).hexdigest()[:16]
