"""The activation functions against SciPy, torch and a plain copy."""

from typing import Any

from benchmarks.timing import Case, Program, cpu_features, medians, torch  # first: it sets threads

import numpy as np  # isort: skip
from scipy import special

from coursekit import activations as act

PEERS = "scipy", "torch", "copy"


def inputs(shape: tuple[int, ...], dtype: Any) -> list[Any]:
    """Enough different inputs that a branch predictor cannot learn their signs by heart."""
    rng = np.random.default_rng(2)
    copies = max(1, 64_000 // int(np.prod(shape)))
    return [(10 * rng.standard_normal(shape)).astype(dtype) for _ in range(copies)]


def elementwise_case(name: str, n: int, dtype: Any) -> Case:
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
    return Case(f"{name}, {np.dtype(dtype)}, n = {n:,}", programs, max(1, 100_000 // n))


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
    return Case(f"softmax, {np.dtype(dtype)}, ({rows:,}, {k:,})", programs, turn)


def cases() -> list[tuple[Case, str]]:
    """All rows, each with the goal for SciPy's time over coursekit's where there is one."""
    wide = "1.7" if {"X86_V4", "AVX512_SKX"} & set(cpu_features()) else "0.8"  # vector units
    return [
        (elementwise_case("sigmoid", 1_000_000, np.float64), wide),
        (elementwise_case("sigmoid", 1_000_000, np.float32), "0.95"),
        (elementwise_case("sigmoid", 1000, np.float64), "0.8"),
        (elementwise_case("sigmoid", 1000, np.float32), "0.8"),
        (elementwise_case("softplus", 1_000_000, np.float64), ""),
        (elementwise_case("softplus", 1_000_000, np.float32), ""),
        (softmax_case(100_000, 10, np.float64), ""),
        (softmax_case(100_000, 10, np.float32), ""),
        (softmax_case(1000, 1000, np.float64), ""),
        (softmax_case(64, 10, np.float64), ""),
    ]


def row(case: Case, goal: str, rounds: int) -> str:
    """Measure one case; a ratio is the peer's time divided by coursekit's."""
    found = medians(case, rounds)
    ours = found["coursekit"]
    ratios = [f"{found[peer] / ours:.2f}" if peer in found else "–" for peer in PEERS]
    times = [f"{found[name] / 1000:,.1f}" for name in ("coursekit", "scipy")]
    cells = [case.title, *times, *ratios, goal and f"scipy ≥ {goal}"]
    return "| " + " | ".join(cells) + " |"


def table(rounds: int) -> str:
    """Measure every function and return a Markdown table."""
    head = "| function | coursekit, µs | scipy, µs | scipy | torch | copy | goal |"
    rows = [row(case, goal, rounds) for case, goal in cases()]
    return "\n".join([head, "|---|---:|---:|---:|---:|---:|---|", *rows])
