"""Compare a derivative with difference quotients: the check that a wrong one fails."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class GradientReport:
    """What a gradient check found: the worst entry of every parameter, the worst of all first."""

    entries: tuple["WorstEntry", ...]
    tolerance: float

    @property
    def worst(self) -> "WorstEntry":
        """The entry with the largest relative error of all."""
        return self.entries[0]

    @property
    def passed(self) -> bool:
        """Whether every entry agrees to within the tolerance."""
        return self.worst.error <= self.tolerance

    def __str__(self) -> str:
        verdict = "agree" if self.passed else "DISAGREE"
        lines = [f"The gradients {verdict} (relative error, tolerance {self.tolerance:.0e}):"]
        return "\n".join([*lines, *(f"  {entry}" for entry in self.entries)])

    __repr__ = __str__


@dataclass(frozen=True)
class WorstEntry:
    """The entry of one parameter where the gradient and the difference quotient differ most."""

    name: str
    index: tuple[int, ...]
    gradient: float
    measured: float
    error: float

    def __str__(self) -> str:
        place = f"{self.name}[{', '.join(map(str, self.index))}]" if self.index else self.name
        return (
            f"{place:12} error {self.error:.1e}: "
            f"gradient {self.gradient:.6g}, measured {self.measured:.6g}"
        )


def check_gradients(
    loss: Callable[[Any], Any],
    params: Mapping[str, Any],
    gradients: Mapping[str, Any],
    *,
    h: float = 1e-5,
    tolerance: float = 1e-5,
) -> GradientReport:
    """Compare ∂loss/∂params with central differences, entry by entry, and report the worst.

    loss(params) returns a number; params are float64 arrays, which are changed one entry at a time
    and hold their old bits afterwards. A difference that the rounding of the
    loss explains counts as 0. Costs two losses an entry.

    >>> w = {"w": np.array([1.0, 2.0])}
    >>> def square(p):
    ...     return np.sum(p["w"] ** 2)
    >>> check_gradients(square, w, {"w": np.array([2.0, 4.0])}).passed
    True
    >>> print(check_gradients(square, w, {"w": np.array([2.0, -4.0])}))
    The gradients DISAGREE (relative error, tolerance 1e-05):
      w[1]         error 2.0e+00: gradient -4, measured 4
    """
    _check_shapes(params, gradients)
    floor = 4 * np.finfo(float).eps * abs(float(loss(params))) / h  # the rounding of a quotient
    entries = []
    for name, array in params.items():
        measured = _differences(loss, params, array, h)
        given = np.asarray(gradients[name], dtype=float)
        error = relative_error(given, measured)
        error = np.where(np.abs(given - measured) <= floor, 0.0, error)
        at = np.unravel_index(np.argmax(np.nan_to_num(error, nan=np.inf)), error.shape)
        index = tuple(int(i) for i in at)
        entries.append(WorstEntry(name, index, *(float(v[at]) for v in (given, measured, error))))
    entries.sort(key=lambda entry: -np.nan_to_num(entry.error, nan=np.inf))
    return GradientReport(tuple(entries), tolerance)


def check_network(
    net: Any, X: Any, y: Any, *, h: float = 1e-5, tolerance: float = 1e-5
) -> GradientReport:
    """Check the gradients of one `network.Network` on samples X and targets y.

    >>> from coursekit import network
    >>> net = network.Network([2, 3, 1], "tanh", loss="bce", seed=0)
    >>> check_network(net, [[0.0, 1.0], [1.0, 1.0]], [1, 0]).passed
    True
    """
    if net.stack:
        raise ValueError(f"check one network at a time; this one stacks the seeds {net.seeds}")
    gradients = net.trace(X, y).gradients
    return check_gradients(
        lambda _: net.trace(X, y).loss, net.params, gradients, h=h, tolerance=tolerance
    )


def _differences(loss: Callable[[Any], Any], params: Any, array: Any, h: float) -> Any:
    """Return the central difference of the loss in every entry of one of its parameters."""
    slopes = np.empty(array.shape)
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + h
        above = float(loss(params))
        array[index] = kept - h
        below = float(loss(params))
        array[index] = kept
        slopes[index] = (above - below) / (2 * h)
    return slopes


def _check_shapes(params: Mapping[str, Any], gradients: Mapping[str, Any]) -> None:
    if not params or set(params) != set(gradients):
        raise ValueError(
            f"there must be a gradient for every parameter: the parameters are "
            f"{sorted(params)}, the gradients {sorted(gradients)}"
        )
    for name, array in params.items():
        if not isinstance(array, np.ndarray) or array.dtype != np.float64 or not array.size:
            raise TypeError(f"{name} must be a float64 array with at least one entry")
        if np.shape(gradients[name]) != array.shape:
            raise ValueError(
                f"the gradient of {name} must have its shape, {array.shape}, "
                f"not {np.shape(gradients[name])}"
            )
