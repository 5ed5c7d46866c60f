"""Samples with their targets, and how to set some of them aside."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Samples(NamedTuple):
    """Samples X of shape (n, d), one a row, and their n class numbers y."""

    X: NDArray[np.float64]
    y: NDArray[np.int64]

    def __repr__(self) -> str:
        return f"Samples(X: {self.X.shape}, y: {self.y.shape})"


def split(samples: Any, *sizes: int, seed: int = 0) -> tuple[Samples, ...]:
    """Shuffle the samples and set `sizes` of them aside: the rest first, then one part a size.

    The last part depends on its own size and the seed alone, so asking for a validation set
    leaves the test set as it was: `train, test = split(s, 360)` and
    `train, validation, test = split(s, 360, 360)` end with the same 360 samples.

    >>> from coursekit.data import digits
    >>> split(digits(), 360)
    (Samples(X: (1437, 64), y: (1437,)), Samples(X: (360, 64), y: (360,)))
    >>> [len(part.y) for part in split(digits(), 360, 360)]
    [1077, 360, 360]
    """
    X, y = np.asarray(samples[0]), np.asarray(samples[1])
    if len(X) != len(y):
        raise ValueError(f"X and y must have as many rows: X has {len(X)}, y has {len(y)}")
    if min(sizes, default=0) < 1 or sum(sizes) >= len(y):
        raise ValueError(
            f"the sizes must be 1 or more and leave at least one of {len(y)} samples, not {sizes}"
        )
    order = np.random.default_rng(seed).permutation(len(y))
    ends = np.cumsum([len(y) - sum(sizes), *sizes])[:-1]
    return tuple(Samples(X[part], y[part]) for part in np.split(order, ends))
