"""What a notebook may read: Python, its libraries, the course without its answers.

Trusts the interpreter's own paths. A path is granted with all below it, so where an answer
lies below a granted path, everything beside the way to it is granted one by one.
"""

import os
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

import coursekit

ANSWERS = Path("exercises")  # below the package: references, seeds' draws and mistakes
SYSTEM = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"),
    *("/usr/share/zoneinfo", "/usr/share/fonts", "/etc/fonts"),
    *("/etc/ld.so.cache", "/etc/localtime", "/proc/cpuinfo", "/proc/meminfo"),
    *("/sys/devices/system/cpu", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"),
)
NOTHING = Path(os.devnull)  # may be written, too


def readable() -> list[Path]:
    """Return the files and folders that a notebook may read, with all below them."""
    package = Path(coursekit.__file__).parent
    libraries = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib")}
    libraries |= {
        sysconfig.get_path("platlib"),
        *site.getsitepackages(),
        site.getusersitepackages(),
    }
    libraries |= {f"{sys.base_prefix}/lib", str(package), *SYSTEM}
    roots = {Path(path).resolve() for path in libraries if path and Path(path).exists()}
    away = [(package / ANSWERS).resolve()]
    return sorted({path for root in roots for path in all_but(root, away)})


def listable() -> list[Path]:
    """Return the folders that imports list, beside those of `readable`."""
    return [Path(coursekit.__file__).parent.resolve()]


def all_but(root: Path, away: Iterable[Path]) -> Iterator[Path]:
    """Yield `root`, or what is in it, so that all of it is covered but what is `away`."""
    inside = [path for path in away if path.is_relative_to(root)]
    if not inside:
        yield root
    elif root not in inside:
        for path in sorted(root.iterdir()):
            if not path.is_symlink():  # it leads to a path that is granted or not by itself
                yield from all_but(path, inside)


def open_to_others(paths: Iterable[Path], folders: Iterable[Path] = ()) -> bool:
    """Whether a user without rights of its own can read all paths and enter all folders."""
    return all(_open(path, 0o4) and open_to_others([], path.parents) for path in paths) and all(
        _open(folder, 0o1) for folder in folders
    )


def _open(path: Path, right: int) -> bool:
    return bool(path.stat().st_mode & right)
