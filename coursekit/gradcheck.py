"""Compare a derivative with difference quotients: the check that a wrong one fails."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


def central_difference(f: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
    """(f(x + h) − f(x − h)) / 2h, the slope of an elementwise f with an error of order h².

    x is a number or an array; the result has the shape of f(x). The truncation error is about
    h²/6 · |f‴|, the rounding error about ε|f|/h, so h near ε^(1/3) ≈ 1e-5 balances them.

    >>> float(round(central_difference(np.sin, 0.0), 9))
    1.0

    Source: Press, Teukolsky, Vetterling and Flannery, "Numerical Recipes", 3rd edition,
    Cambridge University Press, 2007, section 5.7.
    """
    return (f(x + h) - f(x - h)) / (2 * h)


def relative_error(a: ArrayLike, b: ArrayLike) -> Any:
    """|a − b| / max(|a|, |b|) element by element, and 0 where both are 0.

    a and b have one shape, which is the result's. Symmetric in a and b, and at most 2.

    >>> relative_error([1.0, 0.0, 1e-20], [1.0, 0.0, 2e-20])
    array([0. , 0. , 0.5])
    """
    size = np.maximum(np.abs(a), np.abs(b))
    return np.abs(np.subtract(a, b)) / np.where(size == 0, 1.0, size)
