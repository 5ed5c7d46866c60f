"""Run a program to its end and see what it takes: time, processor time and memory."""

import os
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

EVERY = 0.1  # seconds between two looks at the memory
MB = 1e6


@dataclass(frozen=True)
class Taken:
    """What a program took: seconds, processor seconds, and memory in MB.

    Parameters
    ----------
    seconds, cpu
        From start to end, and the processor time of it and all that it waited for.
    own
        The resident memory of the program's first process at every look, with the second.
    whole
        The most that all its processes held at one time, shared pages counted in each.
    ended
        Whether it came to its own end within the time that it was given.
    output
        What it printed.
    """

    seconds: float
    cpu: float
    own: tuple[tuple[float, float], ...]
    whole: float
    ended: bool
    output: str

    @property
    def peak(self) -> float:
        """The most that the first process held."""
        return max(memory for _, memory in self.own)

    def peak_between(self, start: float, end: float) -> float:
        """Return the most that the first process held in a part of the time, from 0 to 1."""
        part = [memory for at, memory in self.own if start <= at / self.seconds <= end]
        return max(part, default=self.peak)


def variables(command: list[str]) -> dict[str, str]:
    """Return the environment of a command: its own programs first, one thread a library."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    found = os.environ | threads | {"PATH": path}
    found.pop("PYTHONDONTWRITEBYTECODE", None)  # everybody's modules are compiled once
    return found


def watch(command: list[str], folder: Path, seconds: float) -> Taken:
    """Run a command in a folder, for so many seconds at most."""
    log = folder / "output.txt"
    start = time.monotonic()
    with log.open("wb") as output:
        program = subprocess.Popen(
            command,
            cwd=folder,
            env=variables(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            own, whole, ended = _look(psutil.Process(program.pid), start, seconds)
        except BaseException:  # Ctrl-C leaves nothing running
            _end(psutil.Process(program.pid))
            raise
        cpu = _processor_seconds(program)
    text = log.read_text("utf-8", errors="replace")
    return Taken(time.monotonic() - start, cpu, tuple(own), whole, ended, text)


def _look(
    program: psutil.Process, start: float, seconds: float
) -> tuple[list[tuple[float, float]], float, bool]:
    own, whole = [(0.0, 0.0)], 0.0
    while not _over(program):
        try:
            held = program.memory_info().rss / MB
            own.append((time.monotonic() - start, held))
            whole = max(whole, held + sum(map(_memory, program.children(recursive=True))))
        except psutil.Error:
            break
        if time.monotonic() - start > seconds:
            _end(program)
            return own, whole, False
        time.sleep(EVERY)
    return own, whole, True


def _over(program: psutil.Process) -> bool:
    """Whether the program has ended; it is not waited for, so that its times can be read."""
    return os.waitid(os.P_PID, program.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _processor_seconds(program: "subprocess.Popen[bytes]") -> float:
    _, _, used = os.wait4(program.pid, 0)
    program.returncode = 0  # it has been waited for
    return used.ru_utime + used.ru_stime


def _memory(process: psutil.Process) -> float:
    try:
        return process.memory_info().rss / MB
    except psutil.Error:  # it has just ended
        return 0.0


def _end(program: psutil.Process) -> None:
    """End a program and all that it started; only the program itself is left to be waited for."""
    started = program.children(recursive=True)
    for process in [program, *started]:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(started, timeout=10)
