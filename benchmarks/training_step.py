"""Measure one training step of a 64-64-32-10 network by hand, by graph and in torch.

Run it from the repository's root, on an idle machine: python -m benchmarks.training_step
Batch 64, two sigmoid layers, cross-entropy, plain SGD. The programs take turns on one thread;
each time is a median of CPU time. Only the ratios are worth keeping.
"""

import itertools
from functools import partial
from typing import Any

from benchmarks.ratios import Case, medians, torch  # first: it sets the number of threads

import numpy as np  # isort: skip

from coursekit import autograd, network
from coursekit.network.training import step

SIZES, BATCH, LR = [64, 64, 32, 10], 64, 0.1
Batch = tuple[Any, Any]


def batch(dtype: Any) -> Batch:
    """Return random samples and classes."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(BATCH, SIZES[0])).astype(dtype), rng.integers(0, SIZES[-1], BATCH)


def hand_program(samples: Batch, seed: Any = 0) -> Any:
    """A step of coursekit.network, or of several networks stacked."""
    net = network.Network(SIZES, "sigmoid", seed=seed, dtype=samples[0].dtype)
    X, t = net.samples(samples[0]), net.targets(samples[1], BATCH)
    optimizer = network.SGD(LR)
    memory = optimizer.start(net.theta)
    return lambda _: step(net, X, t, optimizer, memory)


def graph_program(samples: Batch) -> Any:
    """A step of coursekit.autograd."""
    X, y = samples
    net = network.Network(SIZES, "sigmoid", dtype=X.dtype)
    tensors = [autograd.Tensor(p) for p in net.params.values()]
    return partial(graph_step, X, y, tensors)


def graph_step(X: Any, y: Any, tensors: list[autograd.Tensor], _: int) -> None:
    """Forwards, backwards and downhill, as a chapter would write it."""
    W1, b1, W2, b2, W3, b3 = tensors
    a2 = autograd.sigmoid(autograd.sigmoid(X @ W1 + b1) @ W2 + b2)
    autograd.cross_entropy(a2 @ W3 + b3, y).backward()
    for tensor in tensors:
        tensor.value -= LR * tensor.grad


def products_program(samples: Batch) -> Any:
    """The eight matrix products of a step and nothing else."""
    X, _ = samples
    W1, W2, W3 = (np.ones(shape, X.dtype) for shape in [(64, 64), (64, 32), (32, 10)])
    z1, z2, z3 = X @ W1, X @ W1 @ W2, X @ W1 @ W2 @ W3
    pairs = [(X, W1), (z1, W2), (z2, W3), (z2.T, z3), (z3, W3.T), (z1.T, z2), (z2, W2.T), (X.T, z1)]
    return lambda _: [a @ b for a, b in pairs]


def torch_program(samples: Batch) -> Any:
    """The same step with torch.nn and torch.optim."""
    X, y = (torch.from_numpy(array) for array in samples)
    layers = [torch.nn.Linear(n_in, n_out) for n_in, n_out in itertools.pairwise(SIZES)]
    squashed = [part for layer in layers for part in (layer, torch.nn.Sigmoid())][:-1]
    net = torch.nn.Sequential(*squashed).to(X.dtype)
    optimizer = torch.optim.SGD(net.parameters(), lr=LR)

    def program(_: int) -> None:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(X), y).backward()
        optimizer.step()

    return program


def main() -> None:
    """Print the ratios for both float types."""
    for dtype in (np.float64, np.float32):
        samples = batch(dtype)
        programs = {
            "by hand": hand_program(samples),
            "five seeds": hand_program(samples, seed=range(5)),
            "by graph": graph_program(samples),
            "products": products_program(samples),
        }
        if torch is not None:
            programs["torch"] = torch_program(samples)
        times = medians(Case("training step", "", programs, 50), 60)
        print(f"{np.dtype(dtype)}: five seeds / one {times['five seeds'] / times['by hand']:.2f}")
        print(f"  by graph / products {times['by graph'] / times['products']:.2f} (goal 5)")
        if torch is not None:
            goal = 0.5 if dtype is np.float64 else 0.4
            print(f"  by hand / torch {times['by hand'] / times['torch']:.2f} (goal {goal})")
            print(f"  by graph / torch {times['by graph'] / times['torch']:.2f} (goal 0.75)")


if __name__ == "__main__":
    main()
