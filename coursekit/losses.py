"""Losses and their gradients: means over the samples, in natural logarithms.

Losses of logits take (z, y), losses of predictions take (y, p); y is the target in both. A loss is
a float, computed in float64; a gradient has the shape and the float type of its logits or
predictions. Wrong shapes, an empty batch and targets outside [0, 1] raise ValueError.
"""

from collections.abc import Callable
from typing import Any

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
    return _mean(_bce, z, _share(y, "y"), "z")


def _bce(z: Block, y: Block) -> Block:
    against = _times(1 - y, np.maximum(z, 0)) + _times(y, np.maximum(-z, 0))  # max(z, 0) − zy
    return against + np.log1p(np.exp(-np.abs(z)))


def bce_with_logits_grad(z: ArrayLike, y: ArrayLike) -> Array:
    """∂BCE/∂z = (σ(z) − y)/n, as ((1 − y)σ(z) − yσ(−z))/n, which loses no digits when y = 1.

    z and y of one shape, which is the result's; y in [0, 1].

    >>> bce_with_logits_grad([0.0, 40.0], [1.0, 1.0])
    array([-2.50000000e-01, -2.12417713e-18])
    """
    return _gradient(_bce_grad, z, _share(y, "y"), "z")


def _bce_grad(z: Block, y: Block) -> Block:
    return (1 - y) * _sigmoid(z) - y * _sigmoid(-z)


def nll(y: ArrayLike, p: ArrayLike) -> float:
    """NLL = −mean of y log p + (1 − y) log(1 − p), the negative log-likelihood of y under p.

    y and p of one shape, both in [0, 1]; a p that is certain and wrong costs ∞.

    >>> nll([1, 0], [0.5, 0.5])
    0.6931471805599453

    Source: Good, "Rational decisions", Journal of the Royal Statistical Society B, 1952.
    """
    return _mean(_nll, _share(p, "p"), _share(y, "y"), "p")


def _nll(p: Block, y: Block) -> Block:
    return -_times(y, np.log(p)) - _times(1 - y, np.log1p(-p))


def nll_grad(y: ArrayLike, p: ArrayLike) -> Array:
    """∂NLL/∂p = ((1 − y)/(1 − p) − y/p)/n.

    y and p of one shape, which is the result's, both in [0, 1].

    >>> nll_grad([1, 0], [0.5, 0.5])
    array([-1.,  1.])
    """
    return _gradient(_nll_grad, _share(p, "p"), _share(y, "y"), "p")


def _nll_grad(p: Block, y: Block) -> Block:
    return _times(1 - y, 1 / (1 - p)) - _times(y, 1 / p)


def brier(y: ArrayLike, p: ArrayLike) -> float:
    """Brier score = mean of (p − y)², the squared error of a probability.

    y and p of one shape, both in [0, 1].

    >>> brier([1, 0], [0.75, 0.5])
    0.15625

    Source: Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather
    Review, 1950.
    """
    return _mean(_squared, _share(p, "p"), _share(y, "y"), "p")


def brier_grad(y: ArrayLike, p: ArrayLike) -> Array:
    """∂Brier/∂p = 2(p − y)/n.

    y and p of one shape, which is the result's, both in [0, 1].

    >>> brier_grad([1, 0], [0.75, 0.5])
    array([-0.25,  0.5 ])
    """
    return _gradient(_squared_grad, _share(p, "p"), _share(y, "y"), "p")


def mse(y: ArrayLike, p: ArrayLike) -> float:
    """MSE = mean of (p − y)² over all elements, for targets of any size.

    y and p of one shape.

    >>> mse([1.0, 2.0], [1.0, 4.0])
    2.0
    """
    return _mean(_squared, p, y, "p")


def _squared(p: Block, y: Block) -> Block:
    return np.square(p - y)


def mse_grad(y: ArrayLike, p: ArrayLike) -> Array:
    """∂MSE/∂p = 2(p − y)/n, where n counts all elements.

    y and p of one shape, which is the result's.

    >>> mse_grad([1.0, 2.0], [1.0, 4.0])
    array([0., 2.])
    """
    return _gradient(_squared_grad, p, y, "p")


def _squared_grad(p: Block, y: Block) -> Block:
    return 2 * (p - y)


def cross_entropy(z: ArrayLike, y: ArrayLike) -> float:
    """Cross-entropy = −mean of log softmax(z)_y, the loss of k classes.

    z of shape (n, k), y the n class numbers from 0 to k − 1.

    >>> cross_entropy([[0.0, 0.0], [0.0, 800.0]], [0, 0])
    400.34657359027995
    """
    logits, true = _classes(z, y)
    with np.errstate(all="ignore"):
        return float(-np.mean(_log_softmax(logits.T)[true]))


def cross_entropy_grad(z: ArrayLike, y: ArrayLike) -> Array:
    """∂Cross-entropy/∂z = (softmax(z) − onehot(y))/n.

    z of shape (n, k), y the n class numbers from 0 to k − 1; the result has the shape of z.

    >>> cross_entropy_grad([[0.0, 0.0]], [1])
    array([[ 0.5, -0.5]])
    """
    logits, true = _classes(z, y)
    with np.errstate(all="ignore"):
        grad = _softmax(logits.T)
        grad[true] = 0
        grad[true] = -grad.sum(0)  # p − 1 for the true class is minus the sum of the others
        return _cast(grad.T / len(logits), real(z, "z"))


def _mean(kernel: Callable[[Block, Block], Block], z: ArrayLike, y: ArrayLike, name: str) -> float:
    """Return the mean of a loss per sample."""
    a, b = _pair(z, y, name)
    with np.errstate(all="ignore"):
        return float(np.mean(kernel(a, b)))


def _gradient(
    kernel: Callable[[Block, Block], Block], z: ArrayLike, y: ArrayLike, name: str
) -> Array:
    """Return the gradient of that mean, in z's shape and dtype."""
    a, b = _pair(z, y, name)
    with np.errstate(all="ignore"):
        return _cast((kernel(a, b) / a.size).reshape(np.shape(z)), real(z, name))


def _pair(z: ArrayLike, y: ArrayLike, name: str) -> tuple[Block, Block]:
    """Return predictions and targets in float64, or say which shapes differ."""
    a, b = real(z, name).astype(np.float64), real(y, "y").astype(np.float64)
    if a.shape != b.shape:
        raise ValueError(f"{name} and y must have the same shape, not {a.shape} and {b.shape}")
    if a.size == 0:
        raise ValueError(f"{name} must hold at least one sample; its shape is {a.shape}")
    return np.atleast_1d(a), np.atleast_1d(b)


def _share(y: ArrayLike, name: str) -> Array:
    """Return y if it lies in [0, 1], NaN included, or name the value that does not."""
    a = real(y, name)
    outside = (a < 0) | (a > 1)
    if outside.any():
        raise ValueError(f"{name} must lie in [0, 1]; it holds {a[outside].flat[0]}")
    return a


def _classes(z: ArrayLike, y: ArrayLike) -> tuple[Block, tuple[Any, Any]]:
    """Return logits in float64 and the place of every true class in their transpose."""
    real(y, "y")  # text, None or ragged lists end here
    logits, labels = real(z, "z").astype(np.float64), np.asarray(y)
    if logits.ndim != 2 or logits.size == 0:
        raise ValueError(f"z must have shape (n, k), at least (1, 1), not {logits.shape}")
    n, k = logits.shape
    if labels.shape != (n,) or labels.dtype.kind not in "iu":
        raise ValueError(
            f"y must be {n} integers, the class numbers, not {labels.dtype} of shape {labels.shape}"
        )
    if labels.min() < 0 or labels.max() >= k:
        raise ValueError(f"y must hold class numbers from 0 to {k - 1}")
    return logits, (labels, np.arange(n))


def _cast(grad: Block, like: Array) -> Array:
    """Return a gradient rounded to the float type of the array it belongs to."""
    return np.asarray(grad, like.dtype)


def _times(a: Block, b: Block) -> Block:
    """a·b, where a target of 0 silences even an infinite b."""
    return np.where(a == 0, 0, a * b)
