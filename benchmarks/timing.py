"""What every measurement shares: programs that take turns on one thread, timed in CPU time.

Import this module before NumPy, because it sets the number of threads.
"""

import os
import platform
import time
from collections.abc import Callable
from typing import Any, NamedTuple

for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402
import scipy  # noqa: E402

try:
    import torch

    torch.set_num_threads(1)
except ImportError:
    torch = None

Program = Callable[[int], Any]  # called with the number of the input to take


class Case(NamedTuple):
    """Programs that compute the same thing, and how many times one turn runs each."""

    title: str
    programs: dict[str, Program]
    turn: int


def medians(case: Case, rounds: int) -> dict[str, float]:
    """Return each program's median CPU time in nanoseconds, the programs taking turns."""
    times: dict[str, list[float]] = {name: [] for name in case.programs}
    for turn in range(rounds + 1):
        for name, program in case.programs.items():
            start = time.process_time_ns()
            for i in range(case.turn):
                program(i + turn)
            times[name].append((time.process_time_ns() - start) / case.turn)
    return {name: float(np.median(values[1:])) for name, values in times.items()}


def cpu_features() -> list[str]:
    """The instruction sets that NumPy found on this processor and uses."""
    config = np.show_config(mode="dicts")
    simd = config["SIMD Extensions"] if config else {}
    return [*simd.get("baseline", []), *simd.get("found", [])]


def machine() -> str:
    """Say what a table was measured with."""
    versions = [f"NumPy {np.__version__}", f"SciPy {scipy.__version__}"]
    versions.append(f"torch {torch.__version__}" if torch is not None else "no torch")
    features = " ".join(cpu_features()) or "unknown"
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return (
        f"{platform.machine()}, Python {platform.python_version()}, {', '.join(versions)}; "
        f"instruction sets in use: {features}; load average {load} on {os.cpu_count()} processors."
    )
