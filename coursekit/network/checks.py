"""Refuse what no network can use, in a sentence that names the shapes."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit._elementwise import real


def checked_sizes(sizes: Sequence[int]) -> tuple[int, ...]:
    """Return the sizes as a tuple: inputs, hidden layers, outputs."""
    found = tuple(sizes)
    whole = all(isinstance(size, int | np.integer) and size > 0 for size in found)
    if len(found) < 2 or not whole:
        raise ValueError(
            f"sizes must be at least two whole numbers above 0, from inputs to outputs, not {sizes}"
        )
    return tuple(int(size) for size in found)


def checked_seeds(seed: int | Sequence[int]) -> tuple[int, ...]:
    """Return the seeds as a tuple."""
    found = (seed,) if isinstance(seed, int | np.integer) else tuple(seed)
    if not found or not all(isinstance(one, int | np.integer) and one >= 0 for one in found):
        raise ValueError(f"seed must be a whole number, 0 or more, or several of them, not {seed}")
    return tuple(int(one) for one in found)


def checked_samples(X: Any, n_in: int, dtype: Any) -> Any:
    """Return X in the network's float type."""
    found = real(X, "X")
    if found.ndim != 2 or found.shape[1] != n_in or not len(found):
        raise ValueError(f"X must have shape (n, {n_in}), one sample a row, not {found.shape}")
    finite = np.isfinite(found)
    if not finite.all():
        row, column = np.argwhere(~finite)[0]
        raise ValueError(f"X must be finite; X[{row}, {column}] is {found[row, column]}")
    return found.astype(dtype, copy=False)


def checked_targets(t: Any, n: int, dtype: Any) -> Any:
    """Return the targets in the network's float type."""
    if len(t) != n:
        raise ValueError(f"X and y must have as many rows: X has {n}, y has {len(t)}")
    if np.isnan(t).any():
        raise ValueError(f"y must hold no NaN; row {np.argwhere(np.isnan(t))[0][0]} does")
    return t.astype(dtype, copy=False)


def checked_share(name: str, value: float) -> float:
    """Return a share that is at least 0 and less than 1."""
    if not 0 <= value < 1:
        raise ValueError(f"{name} must be at least 0 and less than 1, not {value}")
    return value
