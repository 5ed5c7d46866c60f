"""Losses and their gradients: means over the samples, in natural logarithms.

Losses of logits take (z, y), losses of predictions take (y, p), y being the target in both. A loss
is a float, computed in float64; a gradient has the shape and dtype of its logits or predictions.
"""

import numpy as np
from numpy.typing import ArrayLike

from coursekit._elementwise import Array, Block, real
from coursekit.activations.logistic import _sigmoid
from coursekit.activations.multiclass import _log_softmax, _softmax


def bce_with_logits(z: ArrayLike, y: ArrayLike) -> float:
    """BCE = mean of max(z, 0) − zy + log(1 + e^−|z|), the cross-entropy of σ(z) without σ.

    z and y of one shape, y in [0, 1].

    >>> bce_with_logits([0.0, 800.0], [1.0, 0.0])
    400.34657359027995
    """
    z, y = _pair(z, y, "z")
    with np.errstate(all="ignore"):
        wrong = _times(1 - y, np.maximum(z, 0)) + _times(y, np.maximum(-z, 0))
        return float(np.mean(wrong + np.log1p(np.exp(-np.abs(z)))))


def bce_with_logits_grad(z: ArrayLike, y: ArrayLike) -> Array:
    """∂BCE/∂z = (σ(z) − y)/n, as ((1 − y)σ(z) − yσ(−z))/n, which does not cancel for y = 1.

    z and y of one shape, which is the result's.

    >>> bce_with_logits_grad([0.0, 40.0], [1.0, 1.0])
    array([-2.50000000e-01, -2.12417713e-18])
    """
    dtype = real(z, "z").dtype
    z, y = _pair(z, y, "z")
    with np.errstate(all="ignore"):
        return (((1 - y) * _sigmoid(z) - y * _sigmoid(-z)) / z.size).astype(dtype)


def nll(y: ArrayLike, p: ArrayLike) -> float:
    """NLL = −mean of y log p + (1 − y) log(1 − p), the negative log-likelihood of y under p.

    y and p of one shape, both in [0, 1]; a certain and wrong p costs ∞.

    >>> nll([1, 0], [0.5, 0.5])
    0.6931471805599453
    """
    p, y = _pair(p, y, "p")
    with np.errstate(all="ignore"):
        return float(-np.mean(_times(y, np.log(p)) + _times(1 - y, np.log1p(-p))))


def nll_grad(y: ArrayLike, p: ArrayLike) -> Array:
    """∂NLL/∂p = ((1 − y)/(1 − p) − y/p)/n.

    y and p of one shape, which is the result's.

    >>> nll_grad([1, 0], [0.5, 0.5])
    array([-1.,  1.])
    """
    dtype = real(p, "p").dtype
    p, y = _pair(p, y, "p")
    with np.errstate(all="ignore"):
        return ((_times(1 - y, 1 / (1 - p)) - _times(y, 1 / p)) / p.size).astype(dtype)


def brier(y: ArrayLike, p: ArrayLike) -> float:
    """Brier score = mean of (p − y)², the squared error of a probability.

    y and p of one shape.

    >>> brier([1, 0], [0.75, 0.5])
    0.15625

    Source: Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather
    Review, 1950.
    """
    p, y = _pair(p, y, "p")
    return float(np.mean((p - y) ** 2))


def brier_grad(y: ArrayLike, p: ArrayLike) -> Array:
    """∂Brier/∂p = 2(p − y)/n.

    y and p of one shape, which is the result's.

    >>> brier_grad([1, 0], [0.75, 0.5])
    array([-0.25,  0.5 ])
    """
    dtype = real(p, "p").dtype
    p, y = _pair(p, y, "p")
    return (2 * (p - y) / p.size).astype(dtype)


def mse(y: ArrayLike, p: ArrayLike) -> float:
    """MSE = mean of (p − y)² over all elements, for targets of any size.

    y and p of one shape.

    >>> mse([1.0, 2.0], [1.0, 4.0])
    2.0
    """
    p, y = _pair(p, y, "p")
    return float(np.mean((p - y) ** 2))


def mse_grad(y: ArrayLike, p: ArrayLike) -> Array:
    """∂MSE/∂p = 2(p − y)/n, n counting all elements.

    y and p of one shape, which is the result's.

    >>> mse_grad([1.0, 2.0], [1.0, 4.0])
    array([0., 2.])
    """
    dtype = real(p, "p").dtype
    p, y = _pair(p, y, "p")
    return (2 * (p - y) / p.size).astype(dtype)


def cross_entropy(z: ArrayLike, y: ArrayLike) -> float:
    """Cross-entropy = −mean of log softmax(z)_y, the loss of k classes.

    z of shape (n, k), y the n class numbers from 0 to k − 1.

    >>> cross_entropy([[0.0, 0.0], [0.0, 800.0]], [0, 0])
    400.34657359027995
    """
    z, y = _classes(z, y)
    rows = np.arange(len(y))
    return float(-np.mean(_log_softmax(z.astype(np.float64), -1)[rows, y]))


def cross_entropy_grad(z: ArrayLike, y: ArrayLike) -> Array:
    """∂Cross-entropy/∂z = (softmax(z) − onehot(y))/n.

    z of shape (n, k), y the n class numbers; the result has the shape of z.

    >>> cross_entropy_grad([[0.0, 0.0]], [1])
    array([[ 0.5, -0.5]])
    """
    z, y = _classes(z, y)
    grad = _softmax(z.astype(np.float64), -1)
    grad[np.arange(len(y)), y] -= 1
    return (grad / len(y)).astype(z.dtype)


def _pair(p: ArrayLike, y: ArrayLike, name: str) -> tuple[Block, Block]:
    """Return both as float64 arrays of one shape."""
    p, y = real(p, name).astype(np.float64), real(y, "y").astype(np.float64)
    if p.shape != y.shape:
        raise ValueError(f"{name} and y must have one shape, not {p.shape} and {y.shape}")
    return p, y


def _classes(z: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Return logits of shape (n, k) and n class numbers."""
    z, y = real(z, "z"), np.asarray(y)
    if z.ndim != 2:
        raise ValueError(f"z must have shape (n, k), not {z.shape}")
    if y.shape != z.shape[:1] or y.dtype.kind not in "iu":
        raise ValueError(f"y must be {len(z)} class numbers, not {y.dtype} of shape {y.shape}")
    if y.size and not 0 <= y.min() <= y.max() < z.shape[1]:
        raise ValueError(f"y must hold class numbers from 0 to {z.shape[1] - 1}")
    return z, y


def _times(a: Block, b: Block) -> Block:
    """a·b, where a target of 0 silences even an infinite b."""
    return np.where(a == 0, 0, a * b)
