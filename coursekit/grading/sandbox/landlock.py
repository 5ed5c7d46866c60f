"""Landlock: which files a process may read and write, for good and without being root.

Everything that is not granted is refused, also to root. Not covered by the kernel's
Landlock: reading a file's size, times and mode (`stat`), and changing its mode or times,
which seccomp refuses. Sources: Linux ``Documentation/userspace-api/landlock.rst``.
"""

import ctypes
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from coursekit.grading.sandbox.kernel import syscall

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on all machines
WANT_VERSION = 1
PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE = 1 << 4, 1 << 5
MAKE_DIR, MAKE_FILE, MAKE_SYMLINK = 1 << 7, 1 << 8, 1 << 12
MOVE, TRUNCATE = 1 << 13, 1 << 14
ON_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many rights each version knows
SIGNALS_VERSION, TCP_VERSION = 6, 4

READ = READ_FILE | READ_DIR
USE = READ | WRITE_FILE | TRUNCATE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_FILE
USE |= MAKE_SYMLINK | MOVE


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """Return the version of Landlock that the kernel offers; 0 when there is none."""
    with suppress(OSError):
        return syscall(CREATE_RULESET, 0, 0, WANT_VERSION)
    return 0


def make_ruleset(grants: Iterable[tuple[Path, int]]) -> int:
    """Return a descriptor of rules that grant rights on paths and refuse all the rest.

    Refused, too: TCP (from version 4), signals to others and abstract sockets (from 6).
    Paths that do not exist are left out.

    Raises
    ------
    OSError
        When the kernel has no Landlock.
    """
    offered = version()
    files = (1 << RIGHTS.get(offered, RIGHTS[max(RIGHTS)])) - 1
    network = 0b11 if offered >= TCP_VERSION else 0
    scoped = 0b11 if offered >= SIGNALS_VERSION else 0
    wanted = _Ruleset(files, network, scoped)
    size = 8 if offered < TCP_VERSION else 16 if offered < SIGNALS_VERSION else 24
    ruleset = syscall(CREATE_RULESET, ctypes.byref(wanted), size, 0)
    for path, rights in grants:
        with suppress(FileNotFoundError, PermissionError):
            _grant(ruleset, path, rights & files)
    return ruleset


def _grant(ruleset: int, path: Path, rights: int) -> None:
    parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not path.is_dir():
            rights &= ON_A_FILE
        rule = _Beneath(rights, parent)
        syscall(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(parent)


def restrict(ruleset: int) -> None:
    """Confine this thread, and what it starts, to the rules; needs no_new_privs.

    Raises
    ------
    OSError
        When the kernel refuses.
    """
    syscall(RESTRICT_SELF, ruleset, 0)
