"""Decide whether what keeps a notebook from the rest of the machine is enough to grade."""

from dataclasses import asdict, dataclass
from typing import Literal

from coursekit.errors import CourseError

Mode = Literal["auto", "strict", "bwrap", "off"]
NEEDED = ("files", "network", "signals")


@dataclass(frozen=True)
class Protection:
    """What protects the machine from a notebook, by what; None where nothing does.

    Parameters
    ----------
    files
        Files outside the notebook's folder cannot be read or changed.
    network
        Nothing can be sent or received.
    signals
        No other process can be started, stopped or looked into.
    user
        The notebook does not run as root.
    limits
        Memory, processor time, and the size and number of open files are bounded.
    """

    files: str | None = None
    network: str | None = None
    signals: str | None = None
    user: str | None = None
    limits: str | None = None

    @property
    def missing(self) -> list[str]:
        """What is not protected."""
        return [name for name, lock in asdict(self).items() if lock is None]

    def __str__(self) -> str:
        on = [f"{name}: {lock}" for name, lock in asdict(self).items() if lock is not None]
        off = f"OFF: {', '.join(self.missing)}" if self.missing else "nothing is off"
        return "; ".join(["sandbox", *on, off])


@dataclass(frozen=True)
class Policy:
    """What a teacher asked for: the mode, and whether a weak sandbox will do."""

    mode: Mode = "auto"
    weak: bool = False

    def accept(self, protection: Protection) -> None:
        """Let a protection pass that is what the mode asks for.

        Raises
        ------
        CourseError
            When it is not; the sentence says what is missing and what to do.
        """
        missing = [name for name in NEEDED if name in protection.missing]
        if self.mode == "strict":
            missing = protection.missing
        elif self.mode == "off" or self.weak:
            return
        if missing:
            raise CourseError(
                f"The sandbox does not protect {', '.join(missing)} on this machine, so nothing "
                "is graded; `coursekit doctor` says why, `--allow-weak-sandbox` grades all the "
                "same."
            )
