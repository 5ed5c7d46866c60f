"""One step of stochastic gradient descent: by hand, by graph, in torch, and its products alone."""

import itertools
from typing import Any

from benchmarks.timing import Case, Program, medians, torch  # first: it sets threads

import numpy as np  # isort: skip

from coursekit import autograd, network
from coursekit.network.training import step

SIZES, BATCH, LR = [64, 64, 32, 10], 64, 0.1
GOALS = {  # time over torch's, over the products', over one seed's
    ("float64", "by hand", "torch"): 0.5,
    ("float32", "by hand", "torch"): 0.4,
    ("float64", "by graph", "torch"): 0.75,
    ("float32", "by graph", "torch"): 0.75,
    ("float64", "by graph", "products"): 5,
    ("float32", "by graph", "products"): 5,
    ("float64", "five seeds", "by hand"): 3.3,
    ("float32", "five seeds", "by hand"): 3.3,
}


def by_hand(X: Any, y: Any, seed: Any = 0) -> Program:
    """A step of coursekit.network, or of several networks stacked."""
    net = network.Network(SIZES, "sigmoid", seed=seed, dtype=X.dtype)
    samples, targets = net.samples(X), net.targets(y, BATCH)
    optimizer = network.SGD(LR)
    memory = optimizer.start(net.theta)
    return lambda _: step(net, samples, targets, optimizer, memory)


def by_graph(X: Any, y: Any) -> Program:
    """A step of coursekit.autograd, as a chapter would write it."""
    net = network.Network(SIZES, "sigmoid", dtype=X.dtype)
    tensors = [autograd.Tensor(p) for p in net.params.values()]
    W1, b1, W2, b2, W3, b3 = tensors

    def program(_: int) -> None:
        a2 = autograd.sigmoid(autograd.sigmoid(X @ W1 + b1) @ W2 + b2)
        autograd.cross_entropy(a2 @ W3 + b3, y).backward()
        for tensor in tensors:
            tensor.value -= LR * tensor.grad

    return program


def products(X: Any) -> Program:
    """The eight matrix products of a step and nothing else."""
    W1, W2, W3 = (np.ones(shape, X.dtype) for shape in itertools.pairwise(SIZES))
    z1, z2, z3 = X @ W1, X @ W1 @ W2, X @ W1 @ W2 @ W3
    pairs = [(X, W1), (z1, W2), (z2, W3), (z2.T, z3), (z3, W3.T), (z1.T, z2), (z2, W2.T), (X.T, z1)]
    return lambda _: [a @ b for a, b in pairs]


def in_torch(X: Any, y: Any) -> Program:
    """The same step with torch.nn and torch.optim."""
    samples, labels = torch.from_numpy(X), torch.from_numpy(y)
    layers = [torch.nn.Linear(n_in, n_out) for n_in, n_out in itertools.pairwise(SIZES)]
    parts = [part for layer in layers for part in (layer, torch.nn.Sigmoid())][:-1]
    net = torch.nn.Sequential(*parts).to(samples.dtype)
    optimizer = torch.optim.SGD(net.parameters(), lr=LR)

    def program(_: int) -> None:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(samples), labels).backward()
        optimizer.step()

    return program


def case(dtype: Any) -> Case:
    """All programs on one random batch."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(BATCH, SIZES[0])).astype(dtype), rng.integers(0, SIZES[-1], BATCH)
    programs = {
        "by hand": by_hand(X, y),
        "five seeds": by_hand(X, y, seed=range(5)),
        "by graph": by_graph(X, y),
        "products": products(X),
    }
    if torch is not None:
        programs["torch"] = in_torch(X, y)
    return Case(str(np.dtype(dtype)), programs, 50)


def table(rounds: int) -> str:
    """Measure both float types and return a Markdown table of times over times."""
    found = {c.title: medians(c, rounds) for c in map(case, (np.float64, np.float32))}
    rows = []
    for (dtype, ours, peer), goal in GOALS.items():
        if peer in found[dtype]:
            time, other = found[dtype][ours] / 1000, found[dtype][peer] / 1000
            rows.append(
                f"| {ours}, {dtype} | {time:,.0f} | {peer} | {time / other:.2f} | ≤ {goal} |"
            )
    return "\n".join(["| step | µs | over | ratio | goal |", "|---|---:|---|---:|---|", *rows])
