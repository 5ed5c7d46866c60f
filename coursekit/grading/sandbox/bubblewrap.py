"""The command that puts bubblewrap around a zygote: namespaces of its own, a read-only view.

Trusts the installed ``bwrap``. It needs user namespaces or root, which some systems and most
containers refuse; so it is never the default.
"""

import shutil
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
        *(program, "--unshare-all", "--die-with-parent", "--new-session", "--as-pid-1"),
        *("--proc", "/proc", "--dev", "/dev"),
        *seen,
        *("--bind", str(folder), str(folder), "--chdir", str(folder), "--"),
    ]


def _seen() -> list[Path]:
    """Return what must be there for Python to start: the grants that are not in /proc and /dev."""
    outside = ("/proc", "/dev", "/sys")
    return [path for path in paths.readable() if not str(path).startswith(outside)]
