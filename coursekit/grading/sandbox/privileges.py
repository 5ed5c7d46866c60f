"""Give up what a process may do and use: the user root, memory, processor time, files.

Works on the calling process; nothing here can be undone by it.
"""

import ctypes
import os
import platform
import resource
import struct
from dataclasses import dataclass

from coursekit.grading.sandbox.kernel import PR_SET_KEEPCAPS, prctl, syscall

CAPSET = {"x86_64": 126, "aarch64": 91}
CAPABILITY_VERSION = 0x20080522
DAC_READ_SEARCH = 2  # read and enter what the mode does not open to this user
FIRST_USER, USERS = 64_000, 1_000  # ids that no system gives to people


@dataclass(frozen=True)
class Limits:
    """What one worker may use: bytes of memory and of one file, seconds, open files."""

    memory: int = 3 * 2**30
    file: int = 64 * 2**20
    processor: int = 600
    descriptors: int = 128


def set_limits(limits: Limits) -> None:
    """Set the limits, never above those that are in force already."""
    for name, amount in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, limits.file),
        (resource.RLIMIT_CPU, limits.processor),
        (resource.RLIMIT_NOFILE, limits.descriptors),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        _, ceiling = resource.getrlimit(name)
        least = amount if ceiling == resource.RLIM_INFINITY else min(amount, ceiling)
        resource.setrlimit(name, (least, least))


def spare_user() -> int:
    """Return a user id for this process's workers."""
    return FIRST_USER + os.getpid() % USERS


def become(user: int, *, reads_everything: bool) -> None:
    """Change from root to `user`, without groups and capabilities.

    Where Python lies in a home that only root may enter, the one capability to read is kept:
    Landlock, which capabilities do not lift, decides what may be read then.

    Raises
    ------
    OSError
        When this process may not change its user.
    """
    if reads_everything:
        prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    if reads_everything:
        _keep_only(DAC_READ_SEARCH)


def _keep_only(capability: int) -> None:
    header = struct.pack("Ii", CAPABILITY_VERSION, 0)
    bits = 1 << capability  # effective, permitted, inheritable; low words, then high words
    data = struct.pack("6I", bits, bits, 0, 0, 0, 0)
    syscall(CAPSET[platform.machine()], ctypes.c_char_p(header), ctypes.c_char_p(data))
