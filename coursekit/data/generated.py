"""Small sets in the plane, made to be drawn: each from a seed, half of the samples in class 1."""

from typing import Any

import numpy as np

from coursekit.data.samples import Samples


def xor() -> Samples:
    """Exclusive or: the four corners of the unit square, 1 where exactly one input is 1.

    >>> X, y = xor()
    >>> X.tolist(), y.tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])

    Source: Minsky & Papert, "Perceptrons", MIT Press, 1969: no single unit can compute it.
    """
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return Samples(X, np.array([0, 1, 1, 0], dtype=np.int64))


def noisy_xor(n: int = 200, noise: float = 0.15, seed: int = 0) -> Samples:
    """The corners of XOR, n samples in all, with normal noise of that standard deviation.

    >>> noisy_xor(100)
    Samples(X: (100, 2), y: (100,))
    """
    rng = _generator(n, noise, seed)
    corners, classes = xor()
    which = np.arange(n) % 4
    return Samples(corners[which] + rng.normal(0, noise, (n, 2)), classes[which])


def two_moons(n: int = 200, noise: float = 0.1, seed: int = 0) -> Samples:
    """Two half circles, one hooked into the other: no line separates them, a curve does.

    >>> two_moons(100)
    Samples(X: (100, 2), y: (100,))
    """
    rng = _generator(n, noise, seed)
    y = np.arange(n, dtype=np.int64) % 2
    angle = rng.uniform(0, np.pi, n) + np.pi * y
    centre = np.stack([1.0 * y, 0.5 * y], axis=1)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Samples(centre + circle + rng.normal(0, noise, (n, 2)), y)


def two_gaussians(n: int = 200, distance: float = 2.0, seed: int = 0) -> Samples:
    """Two round clouds of variance 1, their centres `distance` apart on the first axis.

    Here the sigmoid is not a choice but the answer: P(y = 1 | x) = σ(distance · x₁) exactly.

    >>> two_gaussians(100)
    Samples(X: (100, 2), y: (100,))
    """
    rng = _generator(n, distance, seed)
    y = np.arange(n, dtype=np.int64) % 2
    X = rng.normal(size=(n, 2))
    X[:, 0] += distance * (y - 0.5)
    return Samples(X, y)


def _generator(n: int, spread: Any, seed: int) -> np.random.Generator:
    if n < 1:
        raise ValueError(f"n must be 1 or more, not {n}")
    if not spread >= 0:
        raise ValueError(f"a distance or a standard deviation cannot be {spread}; use 0 or more")
    return np.random.default_rng(seed)
