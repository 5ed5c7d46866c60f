"""Ask the kernel, with errors as OSError. Trusts its callers: nothing here checks arguments."""

import ctypes
import os
from functools import cache
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38


@cache
def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def syscall(number: int, *args: Any) -> int:
    """Make a system call.

    Raises
    ------
    OSError
        When the kernel refuses.
    """
    words = (ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args)
    return _checked(_libc().syscall(ctypes.c_long(number), *words))


def prctl(option: int, value: int) -> None:
    """Set an attribute of this process.

    Raises
    ------
    OSError
        When the kernel refuses.
    """
    zeros = [ctypes.c_ulong(0)] * 3
    _checked(_libc().prctl(ctypes.c_int(option), ctypes.c_ulong(value), *zeros))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
