"""The sigmoid of many classes: softmax and its logarithm, along one axis of logits.

Their derivative is a matrix for every row, so the `_grad` functions return its product with a
vector v, the gradient of a loss with respect to the outputs (a vector-Jacobian product, vjp).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from coursekit._elementwise import BLOCK, Array, Block, check_out, real

FEW = 64  # classes: fewer are worth a transposed copy, in which every sum runs along long rows


def softmax(x: ArrayLike, axis: int = -1, *, out: Array | None = None) -> Array:
    """softmax(x)ᵢ = e^xᵢ / Σⱼ e^xⱼ, computed after the row's largest x is subtracted.

    x of shape (…, k) gives the same shape, and sums to 1 along `axis`. Rows that hold ∞, or −∞
    alone, have no limit and give NaN. Error: at most 40 eps of each result for logits from N(0,
    10²).

    >>> softmax([[0.0, 0.0], [1000.0, 0.0]])
    array([[0.5, 0.5],
           [1. , 0. ]])

    Source: Bridle, "Probabilistic interpretation of feedforward classification network outputs,
    with relationships to statistical pattern recognition", Neurocomputing, 1990.
    """
    return _along(axis, _softmax, out, x)


def _softmax(x: Block) -> Block:
    e = np.exp(x - x.max(0))
    return e / e.sum(0)


def softmax_grad(x: ArrayLike, v: ArrayLike, axis: int = -1, *, out: Array | None = None) -> Array:
    """Jᵀv = s·(v − Σⱼ sⱼvⱼ) with s = softmax(x): v is the gradient at the outputs.

    x and v of one shape, which is the result's.

    >>> softmax_grad([0.0, 0.0], [1.0, 0.0])
    array([ 0.25, -0.25])
    """
    return _along(axis, _softmax_grad, out, x, v)


def _softmax_grad(x: Block, v: Block) -> Block:
    s = _softmax(x)
    return s * (v - (s * v).sum(0))


def log_softmax(x: ArrayLike, axis: int = -1, *, out: Array | None = None) -> Array:
    """log_softmax(x)ᵢ = xᵢ − max − log(1 + Σ e^(xⱼ − max)), summed over all but the largest.

    x of shape (…, k) gives the same shape. Leaving the largest out of the sum, where it is e⁰ =
    1, keeps the digits of a confident row: log(1 + 1e-20) is 1e-20, not 0. Error: at most 20
    eps of each result for logits from N(0, 10²).

    >>> log_softmax([50.0, 0.0])
    array([-1.92874985e-22, -5.00000000e+01])
    """
    return _along(axis, _log_softmax, out, x)


def _log_softmax(x: Block) -> Block:
    top = x.argmax(0)[np.newaxis]
    shifted = x - np.take_along_axis(x, top, 0)
    others = np.exp(shifted)
    np.put_along_axis(others, top, 0, 0)
    return shifted - np.log1p(others.sum(0))


def log_softmax_grad(
    x: ArrayLike, v: ArrayLike, axis: int = -1, *, out: Array | None = None
) -> Array:
    """Jᵀv = v − softmax(x)·Σⱼ vⱼ: v is the gradient at the outputs.

    x and v of one shape, which is the result's.

    >>> log_softmax_grad([0.0, 0.0], [1.0, 0.0])
    array([ 0.5, -0.5])
    """
    return _along(axis, _log_softmax_grad, out, x, v)


def _log_softmax_grad(x: Block, v: Block) -> Block:
    return v - _softmax(x) * v.sum(0)


def _along(
    axis: int, kernel: Callable[..., Block], out: Array | None, x: ArrayLike, *v: ArrayLike
) -> Array:
    """Return a kernel on (classes, rows) applied along one axis, block by block, in x's dtype."""
    a = real(x, "x")
    arrays = [a, *(_matching(w, a) for w in v)]
    moved = [w.swapaxes(axis, -1) for w in arrays]
    shape = moved[0].shape
    if shape[-1] == 0:
        raise ValueError(
            f"x must hold at least one class along axis {axis}; its shape is {a.shape}"
        )
    if out is not None:
        check_out(out, a)
    rows = [w.reshape(-1, shape[-1]) for w in moved]
    y = np.empty(rows[0].shape, a.dtype)
    step = max(1, BLOCK // shape[-1])
    with np.errstate(all="ignore"):
        for start in range(0, len(y), step):
            part = slice(start, start + step)
            y[part] = kernel(*(_classes_first(r[part]) for r in rows)).T
    result = y.reshape(shape).swapaxes(axis, -1)
    if out is None:
        return result
    out[...] = result
    return out


def _classes_first(rows: Array) -> Block:
    """Return rows of k classes as k rows in float64, in the order in memory that adds up best."""
    if rows.shape[1] <= FEW:
        return np.asarray(rows.T, np.float64, order="C")
    return np.asarray(rows, np.float64, order="C").T  # NumPy adds neighbours pairwise


def _matching(v: ArrayLike, x: Array) -> Array:
    """Return v, or say that it has not the shape of x."""
    a = real(v, "v")
    if a.shape != x.shape:
        raise ValueError(f"v must have the shape of x, {x.shape}, not {a.shape}")
    return a
