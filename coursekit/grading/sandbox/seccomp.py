"""A seccomp filter: the calls that computing needs, and no other.

No sockets, no new processes, no signals to others, no change of a file's mode, owner or
times. The filter is a program for the kernel's BPF machine, inherited by every thread, and
cannot be taken off. It sees numbers only: which *files* may be opened is Landlock's work.
Sources: Linux ``Documentation/userspace-api/seccomp_filter.rst``, ``man 2 seccomp``.
"""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from coursekit.grading.sandbox import syscalls
from coursekit.grading.sandbox.kernel import syscall

NUMBER = {"x86_64": 317, "aarch64": 277}  # of seccomp itself
SET_MODE_FILTER, ALL_THREADS = 1, 1

LOAD, AND, EQUAL, RETURN = 0x20, 0x54, 0x15, 0x06  # BPF: load a word, mask, compare, return
ALLOW, ERROR, KILL = 0x7FFF0000, 0x00050000, 0x80000000
CALL, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data

CLONE_THREAD = 0x10000
UNSTOPPABLE = (9, 19)  # SIGKILL, SIGSTOP: so that a killed worker was killed from outside
# TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX: is it a terminal, what waits to be read
IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
# all but F_SETOWN and F_SETSIG, which send signals, leases and seals
FCNTLS = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)
PRCTLS = (3, 15, 16)  # PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME
UNIX, STREAM, TYPE = 1, 1, 0xFF
INSTRUCTION = struct.Struct("=HBBI")  # struct sock_filter: code, jumps, value
LATER = 0xFFFFFFFE  # stands for a process's number, and is none


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("first", ctypes.c_void_p))


@dataclass(frozen=True)
class Step:
    """One instruction; the jumps count the instructions to skip."""

    code: int
    value: int
    if_true: int = 0
    if_false: int = 0


@dataclass(frozen=True)
class Condition:
    """That an argument, masked, is one of some numbers, or none of them."""

    argument: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF
    excluded: bool = False


def program(pid: int = LATER) -> list[Step]:
    """Return the filter for the process `pid` as a list of steps.

    `install` puts the number of its own process in the place of `LATER`.

    Raises
    ------
    KeyError
        On a machine whose calls are not in the table.
    """
    architecture, _ = syscalls.MACHINES[platform.machine()]
    steps = [
        *(Step(LOAD, ARCHITECTURE), Step(EQUAL, architecture, 1, 0), Step(RETURN, KILL)),
        Step(LOAD, CALL),
    ]
    for number in syscalls.numbers(syscalls.ALLOWED).values():
        steps += _for_call(number, [Step(RETURN, ALLOW)])
    for number in syscalls.numbers(syscalls.REFUSED).values():
        steps += _for_call(number, [Step(RETURN, ERROR | errno.EPERM)])
    conditions = _conditions(pid)
    for name, number in syscalls.numbers(syscalls.EXAMINED).items():
        steps += _for_call(number, _examine(conditions[name]))
    return [*steps, Step(RETURN, ERROR | errno.ENOSYS)]


def _conditions(pid: int) -> dict[str, list[Condition]]:
    myself = Condition(0, (pid,))
    return {
        "clone": [Condition(0, (CLONE_THREAD,), mask=CLONE_THREAD)],
        "kill": [myself, Condition(1, UNSTOPPABLE, excluded=True)],
        "tgkill": [myself, Condition(2, UNSTOPPABLE, excluded=True)],
        "ioctl": [Condition(1, IOCTLS)],
        "fcntl": [Condition(1, FCNTLS)],
        "prctl": [Condition(0, PRCTLS)],
        # to read limits, not to lower that of processor time and be killed as if from outside
        "prlimit64": [Condition(0, (0, pid)), Condition(2, (0,))],
        "socketpair": [Condition(0, (UNIX,)), Condition(1, (STREAM,), mask=TYPE)],
        "sendto": [Condition(4, (0,)), Condition(5, (0,))],  # to the other end, to no address
    }


def _for_call(number: int, block: list[Step]) -> list[Step]:
    """Return steps that run `block`, which must end in a RETURN, for one call only."""
    return [Step(EQUAL, number, 0, len(block)), *block]


def _examine(conditions: list[Condition]) -> list[Step]:
    """Return steps that allow a call when all conditions hold, and else refuse it."""
    refuse = Step(RETURN, ERROR | errno.EPERM)
    steps = []
    for condition in conditions:
        low = ARGUMENTS + 8 * condition.argument  # both machines are little-endian
        steps += [Step(LOAD, low), Step(AND, condition.mask)]
        if condition.excluded:
            for value in condition.values:
                steps += [Step(EQUAL, value, 0, 1), refuse]
            continue
        for left, value in zip(range(len(condition.values), 0, -1), condition.values, strict=True):
            steps.append(Step(EQUAL, value, left, 0))
        steps.append(refuse)
    return [*steps, Step(RETURN, ALLOW)]


def install(steps: Sequence[Step]) -> None:
    """Put a filter on this process and all its threads, for good; needs no_new_privs.

    Raises
    ------
    OSError
        When the kernel has no seccomp.
    """
    values = {LATER: os.getpid()}
    rows = ((s.code, s.if_true, s.if_false, values.get(s.value, s.value)) for s in steps)
    code = b"".join(INSTRUCTION.pack(*row) for row in rows)
    kept = ctypes.create_string_buffer(code, len(code))
    filled = _Program(len(steps), ctypes.cast(kept, ctypes.c_void_p))
    syscall(NUMBER[platform.machine()], SET_MODE_FILTER, ALL_THREADS, ctypes.byref(filled))
