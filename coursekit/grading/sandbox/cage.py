"""Put a sandbox around this process: measured out before the fork, closed after it.

`measure` runs in the trusted process that waits for notebooks, `Cage.close` in the one that
runs a notebook, before any of the notebook's code. Each lock that cannot be put on is
reported as missing, and `policy` decides.
"""

import os
import platform
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.grading.sandbox import landlock, paths, privileges, seccomp, syscalls
from coursekit.grading.sandbox.kernel import PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG, prctl
from coursekit.grading.sandbox.policy import Protection


@dataclass(frozen=True)
class Cage:
    """What to close around a process: rules for files, another user, limits."""

    ruleset: int | None
    user: int | None
    reads_everything: bool = False
    calls: Sequence[seccomp.Step] = ()  # the filter of what it may ask of the kernel
    inside: str | None = None  # what is around both processes already
    limits: privileges.Limits = field(default_factory=privileges.Limits)

    def close(self) -> Protection:
        """Confine this process for good and return what protects the machine from it."""
        privileges.set_limits(self.limits)
        user, files, calls = self._change_user(), None, None
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # after the user: changing that unsets it
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        if self.ruleset is not None:
            with suppress(OSError):
                landlock.restrict(self.ruleset)
                files = f"Landlock {landlock.version()}"
            os.close(self.ruleset)
        if self.calls:
            with suppress(OSError):
                seccomp.install(self.calls)
                calls = "seccomp"
        return Protection(
            files=_both(files, self.inside),
            network=_both(calls, self.inside),
            signals=_both(calls, self.inside),
            user=user,
            limits="rlimits",
        )

    def _change_user(self) -> str | None:
        if self.user is None:
            return "the grader's, unprivileged" if os.geteuid() != 0 else None
        with suppress(OSError):
            privileges.become(self.user, reads_everything=self.reads_everything)
            return "another, unprivileged"
        return None


def measure(folder: Path, user: int | None, inside: str | None = None) -> Cage:
    """Return the cage for processes that may write into `folder` alone."""
    readable = paths.readable()
    grants = [(path, landlock.READ) for path in readable]
    grants += [(path, landlock.READ_DIR) for path in paths.listable()]
    grants += [(folder, landlock.USE), (paths.NOTHING, landlock.READ_FILE | landlock.WRITE_FILE)]
    ruleset = None
    with suppress(OSError):
        ruleset = landlock.make_ruleset(grants)
    reachable = paths.open_to_others(readable) and paths.open_to_others([], folder.parents)
    reads_everything = ruleset is not None and not reachable
    known = platform.machine() in syscalls.MACHINES
    calls = seccomp.program() if known else ()
    return Cage(ruleset, user, reads_everything, calls, inside)


def _both(*locks: str | None) -> str | None:
    return " and ".join(filter(None, locks)) or None
