"""Numbers that describe a layer: each function takes a list of arrays, one a layer.

The arrays are (n, units), or (seeds, n, units); the result is (layers,), or (layers, seeds).
"""

from collections.abc import Iterable
from typing import Any

import numpy as np


def rms(arrays: Iterable[Any]) -> Any:
    """√(mean of g²) of every layer: the typical size of an entry.

    >>> rms([np.array([[3.0, 4.0]]), np.array([[0.0, 0.0]])])
    array([3.53553391, 0.        ])
    """
    return np.array([np.sqrt(np.mean(np.square(g), axis=(-2, -1))) for g in arrays])


def saturation(
    arrays: Iterable[Any], tol: float = 0.05, low: float = 0.0, high: float = 1.0
) -> Any:
    """Share of entries closer to `low` or `high` than a part `tol` of the way between them.

    Use low=−1 for tanh.

    >>> saturation([np.array([[0.01, 0.5, 0.5, 0.99]])])
    array([0.5])
    """
    edge = tol * (high - low)
    return np.array([np.mean((a < low + edge) | (a > high - edge), axis=(-2, -1)) for a in arrays])
