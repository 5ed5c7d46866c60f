"""The command that puts bubblewrap around a zygote: namespaces of its own, a read-only view.

Trusts the installed ``bwrap``. It needs user namespaces or root, which some systems and most
containers refuse; so it is never the default.
"""

import os
import shutil
import sys
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.grading.sandbox import paths


def around(folder: Path) -> list[str]:
    """Return the words to put before a command that may write into `folder` alone.

    Raises
    ------
    CourseError
        When bubblewrap is not installed.
    """
    program = shutil.which("bwrap")
    if program is None:
        raise CourseError("bubblewrap is not installed; install it or leave out `--sandbox=bwrap`.")
    seen = [word for path in _seen() for word in ("--ro-bind", str(path), str(path))]
    return [
        *(program, *_namespaces(), "--die-with-parent", "--new-session", "--as-pid-1"),
        *("--proc", "/proc", "--dev", "/dev"),
        *seen,
        *("--bind", str(folder), str(folder), "--chdir", str(folder), "--"),
    ]


def _namespaces() -> list[str]:
    """Return the words for namespaces; root keeps what it takes to become another user."""
    if os.geteuid() != 0:
        return ["--unshare-all"]
    spaces = ("pid", "net", "ipc", "uts")
    kept = ("SETUID", "SETGID", "CHOWN", "FOWNER", "DAC_OVERRIDE", "DAC_READ_SEARCH", "KILL")
    return [
        *(f"--unshare-{space}" for space in spaces),
        *(word for name in kept for word in ("--cap-add", f"CAP_{name}")),
    ]


def _seen() -> list[Path]:
    """Return what must be there for Python to start, and what a notebook may read.

    /proc, /dev and /sys are bubblewrap's own; /lib and /lib64 are often links, and the
    program's loader is found by these names.
    """
    outside = ("/proc", "/dev", "/sys")
    readable = [path for path in paths.readable() if not str(path).startswith(outside)]
    prefixes = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.base_prefix).resolve()}
    python = [prefix / name for prefix in sorted(prefixes) for name in ("bin", "pyvenv.cfg")]
    return [p for p in (Path("/lib"), Path("/lib64"), *python, *readable) if p.exists()]
