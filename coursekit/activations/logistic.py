"""The sigmoid σ, its inverse, its logarithm and its integral.

Most are built from z = e^−|x|, which lies in [0, 1] and cannot overflow. σ itself is the textbook
formula, except in its far left tail.
"""

import numpy as np
from numpy.typing import ArrayLike

from coursekit._elementwise import Array, Block, elementwise


def sigmoid(x: ArrayLike, *, out: Array | None = None) -> Array:
    """σ(x) = 1 / (1 + e^−x), the probability whose log-odds are x.

    Any shape in, the same shape out. Error: at most 2.2 ULP in float64, subnormal results
    included; at most 0.501 in float32.

    >>> sigmoid([-800.0, 0.0, 40.0])
    array([0. , 0.5, 1. ])

    Source: Verhulst, "Recherches mathématiques sur la loi d'accroissement de la population",
    Nouveaux mémoires de l'Académie royale de Bruxelles, 1845, which named the curve "logistique".
    """
    return elementwise(_sigmoid, x, out, narrow=_textbook_sigmoid)


def _textbook_sigmoid(x: Block) -> Block:
    """σ(x) as written: when e^−x overflows to ∞, the quotient is 0."""
    return 1 / (1 + np.exp(-x))


def _sigmoid(x: Block) -> Block:
    """σ(x) with a tail: below −36, σ(x) = e^x − e^2x to the last digit.

    There 1 + e^−x loses the 1, from −36.74 on by a tie in every rounding, and at −709.78 e^−x
    overflows although σ(x) has subnormal values left.
    """
    s = _textbook_sigmoid(x)
    low = x < -36
    if np.count_nonzero(low):
        z = np.exp(x[low])
        s[low] = z - z * z
    return s


def _times_sigmoid(factor: Block, x: Block) -> Block:
    """factor·σ(x), right even where σ(x) alone would be subnormal and short of digits."""
    if not (x < -700).any():
        return factor * _sigmoid(x)
    near, far = np.maximum(x, -700), np.minimum(x + 700, 0)
    return factor * _sigmoid(near) * np.exp(far)


def sigmoid_grad(x: ArrayLike, *, out: Array | None = None) -> Array:
    """σ′(x) = σ(x)(1 − σ(x)) = z / (1 + z)² with z = e^−|x|, at the input x, not the activation.

    Any shape in, the same shape out. On the right, 1 − σ cancels, and is 0 from x = 36.74 on.
    σ′ is even, so it is taken on the left, at −|x|, where σ ≤ ½ and nothing cancels. Error: at
    most 4 ULP in float64, in both tails.

    >>> sigmoid_grad([0.0, 40.0])
    array([2.50000000e-01, 4.24835426e-18])
    """
    return elementwise(_sigmoid_grad, x, out)


def _sigmoid_grad(x: Block) -> Block:
    z = np.exp(-np.abs(x))
    s = z / (1 + z)
    return s * (1 - s)


def logit(p: ArrayLike, *, out: Array | None = None) -> Array:
    """logit(p) = log(p / (1 − p)), the log-odds: the inverse of σ.

    Any shape in, the same shape out; logit(0) = −∞, logit(1) = ∞, outside [0, 1] NaN. Near ½
    both logarithms cancel, and 2·artanh(2p − 1) takes over, where 2p − 1 is exact. Error: at
    most 1.6 ULP in float64.

    >>> logit([0.0, 0.5, 0.9])
    array([      -inf, 0.        , 2.19722458])

    Source: Berkson, "Application of the logistic function to bio-assay", Journal of the American
    Statistical Association, 1944, which coined the word.
    """
    return elementwise(_logit, p, out, name="p")


def _logit(p: Block) -> Block:
    near_half = np.abs(p - 0.5) < 0.25
    return np.where(near_half, 2 * np.arctanh(2 * p - 1), np.log(p) - np.log1p(-p))


def logit_grad(p: ArrayLike, *, out: Array | None = None) -> Array:
    """logit′(p) = 1 / (p(1 − p)), which is ∞ at 0 and 1.

    Any shape in, the same shape out; NaN outside [0, 1]. Error: at most 2 ULP in float64.

    >>> logit_grad([0.0, 0.5])
    array([inf,  4.])
    """
    return elementwise(_logit_grad, p, out, name="p")


def _logit_grad(p: Block) -> Block:
    return np.where(np.abs(p - 0.5) <= 0.5, 1 / np.abs(p * (1 - p)), np.nan)


def softplus(x: ArrayLike, *, out: Array | None = None) -> Array:
    """softplus(x) = log(1 + e^x) = max(x, 0) + log(1 + e^−|x|), the integral of σ.

    Any shape in, the same shape out. Error: at most 1.75 ULP in float64, subnormal results
    included.

    >>> softplus([-800.0, 0.0, 800.0])
    array([0.00000000e+00, 6.93147181e-01, 8.00000000e+02])

    Source: Dugas, Bengio, Bélisle, Nadeau & Garcia, "Incorporating second-order functional
    knowledge for better option pricing", NIPS, 2000.
    """
    return elementwise(_softplus, x, out)


def _softplus(x: Block) -> Block:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def softplus_grad(x: ArrayLike, *, out: Array | None = None) -> Array:
    """softplus′(x) = σ(x).

    Any shape in, the same shape out. Error: as `sigmoid`.

    >>> softplus_grad(0.0)
    np.float64(0.5)
    """
    return elementwise(_sigmoid, x, out, narrow=_textbook_sigmoid)


def log_sigmoid(x: ArrayLike, *, out: Array | None = None) -> Array:
    """log_sigmoid(x) = log σ(x) = min(x, 0) − log(1 + e^−|x|).

    Any shape in, the same shape out. It is the log-likelihood of a success with log-odds x. The
    logarithm of a computed σ would be −∞ below x = −745. Error: at most 1.75 ULP in float64.

    >>> log_sigmoid([-800.0, 0.0])
    array([-8.00000000e+02, -6.93147181e-01])
    """
    return elementwise(_log_sigmoid, x, out)


def _log_sigmoid(x: Block) -> Block:
    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))


def log_sigmoid_grad(x: ArrayLike, *, out: Array | None = None) -> Array:
    """(log σ)′(x) = 1 − σ(x) = σ(−x), without the subtraction.

    Any shape in, the same shape out. Error: as `sigmoid`.

    >>> log_sigmoid_grad([0.0, 40.0])
    array([5.00000000e-01, 4.24835426e-18])
    """
    return elementwise(_log_sigmoid_grad, x, out)


def _log_sigmoid_grad(x: Block) -> Block:
    return _sigmoid(-x)
