"""Measure activations and a training step against SciPy and torch; write docs/benchmarks.md.

Run it from the repository's root, on an idle machine: python -m benchmarks.ratios
All programs take turns in one process on one thread, on inputs of random sign (sorted ones would
hide the price of a branch), and each time is a median of CPU time. Only ratios are worth keeping.
"""

import argparse
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402
import scipy  # noqa: E402
from scipy import special  # noqa: E402

from coursekit import activations as act  # noqa: E402
from coursekit import network  # noqa: E402
from coursekit.network.training import step  # noqa: E402

try:
    import torch

    torch.set_num_threads(1)
except ImportError:
    torch = None

Program = Callable[[int], Any]  # called with the number of the input to take


class Case(NamedTuple):
    """Programs that compute the same thing, and how many times one turn runs each."""

    title: str
    goal: str
    programs: dict[str, Program]
    turn: int


def inputs(shape: tuple[int, ...], dtype: Any) -> list[Any]:
    """Enough different inputs that a branch predictor cannot learn their signs by heart."""
    rng = np.random.default_rng(2)
    copies = max(1, 64_000 // int(np.prod(shape)))
    return [(10 * rng.standard_normal(shape)).astype(dtype) for _ in range(copies)]


def elementwise_case(name: str, n: int, dtype: Any, goal: str = "") -> Case:
    """A function of coursekit with `out=` against SciPy's, torch's and a copy."""
    xs = inputs((n,), dtype)
    out = np.empty_like(xs[0])
    ours = getattr(act, name)
    theirs = {
        "sigmoid": lambda x: special.expit(x, out=out),
        "softplus": lambda x: np.logaddexp(x, 0, out=out),
    }[name]
    programs: dict[str, Program] = {
        "coursekit": lambda i: ours(xs[i % len(xs)], out=out),
        "scipy": lambda i: theirs(xs[i % len(xs)]),
        "copy": lambda i: np.copyto(out, xs[i % len(xs)]),
    }
    if torch is not None:
        ts, t_out = [torch.from_numpy(x) for x in xs], torch.from_numpy(out)
        operation: dict[str, Program] = {
            "sigmoid": lambda i: torch.sigmoid(ts[i % len(ts)], out=t_out),
            "softplus": lambda i: torch.nn.functional.softplus(ts[i % len(ts)], threshold=40),
        }
        programs["torch"] = operation[name]
    return Case(f"{name}, {np.dtype(dtype)}, n = {n:,}", goal, programs, max(1, 100_000 // n))


def softmax_case(rows: int, k: int, dtype: Any) -> Case:
    """Softmax along the last axis of (rows, k) logits."""
    xs = inputs((rows, k), dtype)
    out = np.empty_like(xs[0])
    programs: dict[str, Program] = {
        "coursekit": lambda i: act.softmax(xs[i % len(xs)], out=out),
        "scipy": lambda i: special.softmax(xs[i % len(xs)], axis=-1),
        "copy": lambda i: np.copyto(out, xs[i % len(xs)]),
    }
    if torch is not None:
        ts, t_out = [torch.from_numpy(x) for x in xs], torch.from_numpy(out)
        programs["torch"] = lambda i: torch.softmax(ts[i % len(ts)], -1, out=t_out)
    turn = max(1, 50_000 // (rows * k))
    return Case(f"softmax, {np.dtype(dtype)}, ({rows:,}, {k:,})", "", programs, turn)


def training_case(dtype: Any, goal: str) -> Case:
    """One step of stochastic gradient descent on a batch of 64 for a network of 64-64-32-10."""
    rng = np.random.default_rng(2)
    X, y = rng.random((64, 64)).astype(dtype), rng.integers(0, 10, 64)
    net = network.Network([64, 64, 32, 10], "sigmoid", dtype=dtype)
    optimizer = network.SGD(lr=0.1)
    memory, targets = optimizer.start(net.theta), net.targets(y, 64)
    programs: dict[str, Program] = {"coursekit": lambda i: step(net, X, targets, optimizer, memory)}
    if torch is not None:
        programs["torch"] = torch_step(torch.from_numpy(X), torch.from_numpy(y))
    return Case(f"training step, {np.dtype(dtype)}", goal, programs, 100)


def torch_step(X: Any, y: Any) -> Program:
    """Return the same step in torch, written as its tutorials write it."""
    nn = torch.nn
    layers = nn.Linear(64, 64), nn.Sigmoid(), nn.Linear(64, 32), nn.Sigmoid(), nn.Linear(32, 10)
    model = nn.Sequential(*layers).to(X.dtype)
    optimizer, loss = torch.optim.SGD(model.parameters(), lr=0.1), nn.CrossEntropyLoss()

    def program(_: int) -> None:
        optimizer.zero_grad()
        loss(model(X), y).backward()
        optimizer.step()

    return program


def cases() -> list[Case]:
    """All rows of the table, with the goal for a ratio where there is one."""
    wide = "1.7" if {"X86_V4", "AVX512_SKX"} & set(cpu_features()) else "0.8"  # vector units
    return [
        elementwise_case("sigmoid", 1_000_000, np.float64, f"scipy ≥ {wide}"),
        elementwise_case("sigmoid", 1_000_000, np.float32, "scipy ≥ 0.95"),
        elementwise_case("sigmoid", 1000, np.float64, "scipy ≥ 0.8"),
        elementwise_case("sigmoid", 1000, np.float32, "scipy ≥ 0.8"),
        elementwise_case("softplus", 1_000_000, np.float64),
        elementwise_case("softplus", 1_000_000, np.float32),
        softmax_case(100_000, 10, np.float64),
        softmax_case(100_000, 10, np.float32),
        softmax_case(1000, 1000, np.float64),
        softmax_case(64, 10, np.float64),
        training_case(np.float64, "torch ≥ 2"),
        training_case(np.float32, "torch ≥ 2.5"),
    ]


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


def row(case: Case, rounds: int) -> str:
    """Return one line of the table: how many times as fast as each peer coursekit is."""
    found = medians(case, rounds)
    ours = found["coursekit"]
    ratios = [f"{found[p] / ours:.2f}" if p in found else "–" for p in ("scipy", "torch", "copy")]
    cells = [case.title, f"{ours / 1000:.4g}", *ratios, case.goal]
    return "| " + " | ".join(cells) + " |"


def cpu_features() -> list[str]:
    """The instruction sets that NumPy found on this processor and uses."""
    config = np.show_config(mode="dicts")
    simd = config["SIMD Extensions"] if config else {}
    return [*simd.get("baseline", []), *simd.get("found", [])]


TEXT = """# Speed of `coursekit`

`make bench` writes this page. Every ratio is a peer's CPU time over coursekit's, from one run on
one thread: 2.00 means twice as fast as the peer. *copy* moves the input to the output and nothing
else, which is the limit that memory sets. Times depend on the machine, ratios less so.

{machine}

| function | coursekit, µs | scipy | torch | copy | goal |
|---|---:|---:|---:|---:|---|
{rows}

SciPy has no softplus; `numpy.logaddexp(x, 0)` stands in for it. torch's softplus has its threshold
raised to 40, so that it computes the same function. float32 is computed in float64 and
rounded once. That costs the conversion, and at n = 1000 most of a call is the fixed price of the
checks and of silencing NumPy's floating-point warnings. A training step is forwards, backwards and
SGD on a batch of 64 for a sigmoid network of 64-64-32-10 with cross-entropy.
"""


def machine() -> str:
    """Say what the table was measured with."""
    versions = [f"NumPy {np.__version__}", f"SciPy {scipy.__version__}"]
    versions.append(f"torch {torch.__version__}" if torch is not None else "no torch")
    features = " ".join(cpu_features()) or "unknown"
    return (
        f"{platform.machine()}, Python {platform.python_version()}, {', '.join(versions)}; "
        f"instruction sets in use: {features}."
    )


def main() -> None:
    """Measure, print and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=51, help="turns of every program")
    rounds = parser.parse_args().rounds
    rows = "\n".join(row(case, rounds) for case in cases())
    text = TEXT.format(machine=machine(), rows=rows)
    Path("docs/benchmarks.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
