"""Fit a logistic regression, and ask whether its probabilities are what they claim to be.

y holds the n labels, 0 or 1; p the n probabilities of label 1, z the n scores with p = σ(z). Wrong
shapes, an empty batch and labels other than 0 and 1 raise ValueError.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from coursekit.activations.logistic import sigmoid, sigmoid_grad
from coursekit.losses import bce_with_logits

COLDEST, HOTTEST = 1e-3, 1e3  # where the search for a temperature ends


def logistic_regression(X: ArrayLike, y: ArrayLike, C: float = 1.0) -> tuple[Any, float]:
    """(w, b) that minimise ½‖w‖² + C · Σ BCE(Xw + b, y), by Newton's method with halved steps.

    X of shape (n, d), w of shape (d,). A large C leaves the weights free, a small one pulls them
    towards 0; b is not pulled. Both labels must occur.

    >>> w, b = logistic_regression([[-2.0], [-1.0], [1.0], [2.0]], [0, 0, 1, 1])
    >>> w.round(3), abs(b) < 1e-9
    (array([1.007]), True)
    """
    table, labels = np.asarray(X, dtype=float), _labels(y)
    if table.ndim != 2 or len(table) != len(labels):
        raise ValueError(f"X must have shape ({len(labels)}, d) for y, not {table.shape}")
    if np.all(labels == labels[0]):
        raise ValueError(f"y must hold both labels; every one is {labels[0]:g}")
    if not C > 0:
        raise ValueError(f"C must be positive, not {C}")
    A = np.column_stack([table, np.ones(len(table))])  # the last weight is b
    pull = np.append(np.full(table.shape[1], 1 / C), 0.0)

    def objective(w: Any) -> float:
        return len(labels) * bce_with_logits(A @ w, labels) + float(pull @ w**2) / 2

    w = np.zeros(A.shape[1])
    for _ in range(200):
        slope = A.T @ (sigmoid(A @ w) - labels) + pull * w
        step = np.linalg.solve((A.T * sigmoid_grad(A @ w)) @ A + np.diag(pull), slope)
        here, length = objective(w), 1.0
        while objective(w - length * step) > here and length > 1e-6:
            length /= 2
        w = w - length * step
        if slope @ step < 1e-12 * max(here, 1e-3):  # twice what is left to gain
            break
    return w[:-1], float(w[-1])


def reliability_curve(y: ArrayLike, p: ArrayLike, bins: int = 10) -> tuple[Any, Any, Any]:
    """(mean of p, share of ones, count) in each of the bins [k/B, (k+1)/B), the last closed.

    y and p of shape (n,), p in [0, 1]; the results have shape (bins,), with nan for the mean and
    the share of an empty bin.

    >>> reliability_curve([0, 1, 1], [0.2, 0.7, 0.9], bins=2)
    (array([0.2, 0.8]), array([0., 1.]), array([1, 2]))

    Source: Murphy & Winkler, "Reliability of subjective probability forecasts of precipitation and
    temperature", Journal of the Royal Statistical Society C, 1977.
    """
    labels, claimed = _pair(y, p, "p")
    if not np.all((claimed >= 0) & (claimed <= 1)):
        raise ValueError("p must lie in [0, 1]")
    place = np.minimum((claimed * bins).astype(int), bins - 1)
    count = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        means = [np.bincount(place, values, bins) / count for values in (claimed, labels)]
    return means[0], means[1], count


def expected_calibration_error(y: ArrayLike, p: ArrayLike, bins: int = 10) -> float:
    """ECE = Σ count/n · |share of ones − mean of p| over the bins of `reliability_curve`.

    >>> round(expected_calibration_error([0, 1, 1], [0.2, 0.7, 0.9], bins=2), 3)
    0.2

    Source: Naeini, Cooper & Hauskrecht, "Obtaining well calibrated probabilities using Bayesian
    binning", AAAI, 2015.
    """
    mean_p, share, count = reliability_curve(y, p, bins)
    filled = count > 0
    gaps = np.abs(share - mean_p)[filled]
    return float(np.sum(count[filled] * gaps) / np.sum(count))


def temperature(z: ArrayLike, y: ArrayLike) -> float:
    """T > 0 that minimises the mean BCE of the scores z/T, to eleven digits.

    z and y of shape (n,). Scores that separate the labels want T → 0 and scores that point the
    wrong way T → ∞; the search ends at 0.001 and 1000.

    >>> round(temperature([3.0, 3.0, 3.0, -3.0, -3.0, -3.0], [1, 1, 0, 0, 0, 1]), 6)
    4.328085

    Source: Guo, Pleiss, Sun & Weinberger, "On calibration of modern neural networks", ICML, 2017.
    """
    labels, scores = _pair(y, z, "z")
    low, high = np.log(COLDEST), np.log(HOTTEST)
    for _ in range(50):  # the loss is convex in 1/T, so its slope there changes sign once
        middle = (low + high) / 2
        too_sure = np.mean(scores * (sigmoid(scores * np.exp(-middle)) - labels)) > 0
        low, high = (middle, high) if too_sure else (low, middle)
    return float(np.exp((low + high) / 2))


def _labels(y: ArrayLike) -> Any:
    labels = np.asarray(y, dtype=float)
    if labels.ndim != 1 or labels.size == 0:
        raise ValueError(f"y must have shape (n,) with n ≥ 1, not {labels.shape}")
    if not np.all((labels == 0) | (labels == 1)):
        raise ValueError("y must hold the labels 0 and 1 only")
    return labels


def _pair(y: ArrayLike, other: ArrayLike, name: str) -> tuple[Any, Any]:
    labels, values = _labels(y), np.asarray(other, dtype=float)
    if values.shape != labels.shape:
        raise ValueError(f"{name} must have the shape of y, {labels.shape}, not {values.shape}")
    return labels, values
