"""What a network is trained for: three losses on its outputs z, each with ∂loss/∂z.

Targets t have the shape of z. A loss is a mean over the samples (and, where there are several
outputs that are no classes, over the outputs); stacked networks have one loss each.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from coursekit import activations as act


@dataclass(frozen=True)
class Objective:
    """A loss and what belongs to it; z and t are (…, n, outputs)."""

    loss: Callable[[Any, Any], Any]
    gradient: Callable[[Any, Any], Any]
    targets: Callable[[Any, int], Any]
    """The targets t for what the user calls y and the number of outputs."""
    decide: Callable[[Any], Any]
    """The class of every sample, (…, n); of every output where several are no classes."""
    truth: Callable[[Any], Any]
    """The same of the targets."""
    probability: Callable[[Any], Any]


def cross_entropy(z: Any, t: Any) -> Any:
    """−mean of log softmax(z) at the true class; t is 1 there and 0 elsewhere."""
    return -np.mean(np.sum(t * act.log_softmax(z), axis=-1), axis=-1)


def cross_entropy_gradient(z: Any, t: Any) -> Any:
    """(softmax(z) − t)/n."""
    p = np.exp(z - z.max(-1, keepdims=True))
    p /= p.sum(-1, keepdims=True)
    p -= t
    p /= z.shape[-2]
    return p


def bce(z: Any, t: Any) -> Any:
    """Mean of max(z, 0) − zt + log(1 + e^−|z|), the cross-entropy of σ(z)."""
    return np.mean(act.softplus(-np.abs(z)) + np.maximum(z, 0) - z * t, axis=(-2, -1))


def bce_gradient(z: Any, t: Any) -> Any:
    """(σ(z) − t)/n."""
    return (act.sigmoid(z) - t) / (z.shape[-2] * z.shape[-1])


def mse(z: Any, t: Any) -> Any:
    """Mean of (z − t)²."""
    return np.mean(np.square(z - t), axis=(-2, -1))


def mse_gradient(z: Any, t: Any) -> Any:
    """2(z − t)/n."""
    return 2 * (z - t) / (z.shape[-2] * z.shape[-1])


def one_hot(y: Any, outputs: int) -> Any:
    """Return class numbers as rows of zeros with a single 1, or name the label that is none."""
    labels = np.asarray(y)
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise ValueError(
            f"y must be one class number for each sample, integers of shape (n,), "
            f"not {labels.dtype} of shape {labels.shape}"
        )
    outside = labels[(labels < 0) | (labels >= outputs)]
    if outside.size:
        raise ValueError(
            f"y must hold class numbers from 0 to {outputs - 1}; it holds {outside[0]}"
        )
    return np.eye(outputs)[labels]


def shares(y: Any, outputs: int) -> Any:
    """Return targets in [0, 1] as columns, or name the one that is outside."""
    t = columns(y, outputs)
    outside = t[(t < 0) | (t > 1)]
    if outside.size:
        raise ValueError(f"y must lie in [0, 1], 0 or 1 for a class; it holds {outside[0]:g}")
    return t


def numbers(y: Any, outputs: int) -> Any:
    """Return any targets as columns, class numbers as rows of zeros with a single 1."""
    classes = outputs > 1 and np.ndim(y) == 1
    return one_hot(y, outputs) if classes else columns(y, outputs)


def columns(y: Any, outputs: int) -> Any:
    """Return targets (n,) or (n, outputs) with the shape (n, outputs)."""
    t = np.asarray(y, dtype=float)
    if t.ndim == 1 and outputs == 1:
        return t[:, np.newaxis]
    if t.ndim != 2 or t.shape[1] != outputs:
        wanted = "(n,) or (n, 1)" if outputs == 1 else f"(n, {outputs})"
        raise ValueError(f"y must have shape {wanted}, one row a sample, not {t.shape}")
    return t


def largest(z: Any) -> Any:
    """Return the number of the largest output."""
    return z.argmax(-1)


def above_zero(z: Any) -> Any:
    """Return 1 where σ(z) is more than a half."""
    return _one_or_all(z > 0).astype(int)


def above_half(t: Any) -> Any:
    """Return 1 where t itself is more than a half."""
    return _one_or_all(t > 0.5).astype(int)


def above_half_or_largest(z: Any) -> Any:
    """Return the class by one output or by several."""
    return above_half(z) if z.shape[-1] == 1 else largest(z)


def sigmoid_of_each(z: Any) -> Any:
    """σ(z), of shape (…, n) where there is one output."""
    return _one_or_all(act.sigmoid(z))


def _one_or_all(z: Any) -> Any:
    return z[..., 0] if z.shape[-1] == 1 else z


OBJECTIVES: Mapping[str, Objective] = MappingProxyType(
    {
        "cross_entropy": Objective(
            cross_entropy, cross_entropy_gradient, one_hot, largest, largest, act.softmax
        ),
        "bce": Objective(bce, bce_gradient, shares, above_zero, above_half, sigmoid_of_each),
        "mse": Objective(
            mse, mse_gradient, numbers, above_half_or_largest, above_half_or_largest, _one_or_all
        ),
    }
)
