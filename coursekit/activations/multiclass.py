"""The sigmoid of many classes: softmax and its logarithm, along one axis of logits.

Their derivative is a matrix for every row, so the `_grad` functions return its product with a
vector v, the gradient of a loss with respect to the outputs (a vector-Jacobian product, vjp).
"""

import numpy as np
from numpy.typing import ArrayLike

from coursekit._elementwise import Array, Block, check_out, real


def softmax(x: ArrayLike, axis: int = -1, *, out: Array | None = None) -> Array:
    """softmax(x)ᵢ = e^xᵢ / Σⱼ e^xⱼ, computed after the largest x of the row is subtracted.

    x of shape (…, k) gives the same shape; the results along `axis` sum to 1. A row that holds ∞,
    or −∞ alone, has no limit and gives NaN.

    >>> softmax([[0.0, 0.0], [1000.0, 0.0]])
    array([[0.5, 0.5],
           [1. , 0. ]])

    Source: Bridle, "Probabilistic interpretation of feedforward classification network outputs,
    with relationships to statistical pattern recognition", Neurocomputing, 1990.
    """
    x = real(x, "x")
    return _result(_softmax(x.astype(np.float64), axis), x, out)


def _softmax(x: Block, axis: int) -> Block:
    with np.errstate(all="ignore"):
        e = np.exp(x - x.max(axis, keepdims=True))
        return e / e.sum(axis, keepdims=True)


def softmax_grad(x: ArrayLike, v: ArrayLike, axis: int = -1, *, out: Array | None = None) -> Array:
    """Jᵀv = s·(v − Σⱼ sⱼvⱼ) with s = softmax(x): v is the gradient at the outputs.

    x and v of one shape, which is the result's.

    >>> softmax_grad([0.0, 0.0], [1.0, 0.0])
    array([ 0.25, -0.25])
    """
    x, v = real(x, "x"), real(v, "v")
    s = _softmax(x.astype(np.float64), axis)
    return _result(s * (v - (s * v).sum(axis, keepdims=True)), x, out)


def log_softmax(x: ArrayLike, axis: int = -1, *, out: Array | None = None) -> Array:
    """log_softmax(x)ᵢ = xᵢ − max − log(1 + Σ e^(xⱼ − max)), summed over all but the largest.

    x of shape (…, k) gives the same shape. Leaving the largest out of the sum, where it is e⁰ = 1,
    keeps the digits of a confident row: log(1 + 1e-20) is 1e-20, not 0.

    >>> log_softmax([50.0, 0.0])
    array([-1.92874985e-22, -5.00000000e+01])
    """
    x = real(x, "x")
    return _result(_log_softmax(x.astype(np.float64), axis), x, out)


def _log_softmax(x: Block, axis: int) -> Block:
    with np.errstate(all="ignore"):
        top = x.argmax(axis, keepdims=True)
        shifted = x - np.take_along_axis(x, top, axis)
        others = np.exp(shifted)
        np.put_along_axis(others, top, 0, axis)
        return shifted - np.log1p(others.sum(axis, keepdims=True))


def log_softmax_grad(
    x: ArrayLike, v: ArrayLike, axis: int = -1, *, out: Array | None = None
) -> Array:
    """Jᵀv = v − softmax(x)·Σⱼ vⱼ: v is the gradient at the outputs.

    x and v of one shape, which is the result's.

    >>> log_softmax_grad([0.0, 0.0], [1.0, 0.0])
    array([ 0.5, -0.5])
    """
    x, v = real(x, "x"), real(v, "v")
    return _result(v - _softmax(x.astype(np.float64), axis) * v.sum(axis, keepdims=True), x, out)


def _result(y: Array, x: Array, out: Array | None) -> Array:
    """Return y in x's dtype, in `out` when there is one."""
    if out is None:
        return y.astype(x.dtype, copy=False)
    check_out(out, x)
    out[...] = y
    return out
