"""Say what this machine offers for a sandbox, what the sandbox will be, and what is missing.

Trusts what the kernel says, and then what a real worker reports once it is confined.
"""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.grading import scratch
from coursekit.grading.sandbox import landlock, syscalls
from coursekit.grading.sandbox.policy import NEEDED, Mode, Policy, Protection
from coursekit.grading.spawn import end_zygote, tried

ADVICE = {
    "files": "Landlock needs Linux 5.13 or newer, with landlock among the kernel's `lsm=`",
    "network": "seccomp needs Linux on x86-64 or aarch64, and a container that allows it",
    "signals": "seccomp needs Linux on x86-64 or aarch64, and a container that allows it",
    "user": "grade as an ordinary user, or give root CAP_SETUID and CAP_SETGID",
}
ELSEWHERE = "on macOS and Windows there is no sandbox: grade in WSL 2, a container or on Linux"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is there, and in which form."""

    name: str
    there: bool
    detail: str


def findings() -> Iterator[Finding]:
    """Look at what this machine offers."""
    system = f"{platform.system()} {platform.release()}, {platform.machine()}"
    linux = sys.platform == "linux"
    yield Finding("Linux", linux, system)
    if not linux:
        return
    version = landlock.version()
    yield Finding("Landlock", version > 0, f"version {version}" if version else "none")
    yield _seccomp()
    root = os.geteuid() == 0
    yield Finding("another user", True, "root, changes to one" if root else "no root to leave")
    spaces = _number("/proc/sys/user/max_user_namespaces")
    yield Finding("user namespaces", spaces > 0, f"at most {spaces}" if spaces else "none")
    yield _bubblewrap()


def _seccomp() -> Finding:
    known = platform.machine() in syscalls.MACHINES
    actions = Path("/proc/sys/kernel/seccomp/actions_avail")
    there = actions.exists() and "errno" in actions.read_text()
    detail = "filters" if there and known else "none" if known else "unknown machine"
    return Finding("seccomp", there and known, detail)


def _number(path: str) -> int:
    with suppress(OSError, ValueError):
        return int(Path(path).read_text())
    return 0


def _bubblewrap() -> Finding:
    program = shutil.which("bwrap")
    if program is None:
        return Finding("bubblewrap", False, "not installed (it is not needed)")
    command = [program, "--unshare-all", "--ro-bind", "/", "/", "--", "true"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    works = done.returncode == 0
    return Finding("bubblewrap", works, program if works else done.stderr.strip()[:100])


def protection(mode: Mode) -> Protection | str:
    """Start a worker in a mode and return what protects this machine, or why there is none."""
    try:
        return tried(Policy(mode, weak=True))
    except CourseError as error:
        return str(error)
    finally:
        end_zygote()


def advice(found: Protection) -> list[str]:
    """Return what to do about what is missing for `--sandbox=auto`."""
    missing = [name for name in NEEDED if name in found.missing]
    if missing and sys.platform != "linux":
        return [ELSEWHERE]
    return sorted({ADVICE[name] for name in [*missing, *found.missing] if name in ADVICE})


def temporary_folder() -> Finding:
    """Look at the folder that workers write into."""
    folder = scratch.new_folder()
    free = shutil.disk_usage(folder).free
    scratch.remove(folder)
    return Finding(
        "room for scratch files", free > 2**30, f"{free / 2**30:.1f} GB, {folder.parent}"
    )
