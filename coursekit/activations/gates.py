"""The input times a gate that is a sigmoid of the input: SiLU and GELU.

Below −40 (GELU) or −1000 (SiLU) the gate is 0 in float64; the input is held there, since −∞ · 0
would be NaN instead of 0.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from coursekit._elementwise import Array, Block, elementwise
from coursekit.activations.logistic import _sigmoid, _sigmoid_grad, _times_sigmoid

_erfc_of_each = np.frompyfunc(math.erfc, 1, 1)  # NumPy has no error function


def silu(x: ArrayLike, *, out: Array | None = None) -> Array:
    """silu(x) = x·σ(x), also called Swish.

    Any shape in, the same shape out. Error: at most 3 ULP in float64.

    >>> silu([-1.0, 0.0, 1.0])
    array([-0.26894142,  0.        ,  0.73105858])

    Source: Elfwing, Uchibe & Doya, "Sigmoid-weighted linear units for neural network function
    approximation in reinforcement learning", Neural Networks, 2018; found by a search in
    Ramachandran, Zoph & Le, "Searching for activation functions", 2017.
    """
    return elementwise(_silu, x, out)


def _silu(x: Block) -> Block:
    x = np.maximum(x, -1000)
    return _times_sigmoid(x, x)


def silu_grad(x: ArrayLike, *, out: Array | None = None) -> Array:
    """silu′(x) = σ(x) + x·σ′(x) = σ(x)(1 + x·σ(−x)).

    Any shape in, the same shape out. Error: at most 4 eps of |silu′| or of 0.1, whichever is
    larger, since it crosses 0 at −1.278.

    >>> silu_grad([0.0, 1.0])
    array([0.5       , 0.92767051])
    """
    return elementwise(_silu_grad, x, out)


def _silu_grad(x: Block) -> Block:
    x = np.clip(x, -1000, 1000)
    return _times_sigmoid(1 + x * _sigmoid(-x), x)


def gelu(x: ArrayLike, *, out: Array | None = None) -> Array:
    """gelu(x) = x·Φ(x) = ½x·erfc(−x/√2), where Φ is the normal distribution function.

    Any shape in, the same shape out. Error: at most 4 ULP in float64, down to x = −37.

    >>> gelu([-1.0, 0.0, 1.0])
    array([-0.15865525,  0.        ,  0.84134475])

    Source: Hendrycks & Gimpel, "Gaussian error linear units (GELUs)", 2016.
    """
    return elementwise(_gelu, x, out)


def _gelu(x: Block) -> Block:
    x = np.maximum(x, -40)
    return x * _normal_cdf(x)


def gelu_grad(x: ArrayLike, *, out: Array | None = None) -> Array:
    """gelu′(x) = Φ(x) + x·φ(x), where φ is the normal density.

    Any shape in, the same shape out. Error: at most 4 eps of |gelu′| or of 0.1, whichever is
    larger, since it crosses 0 at −0.752.

    >>> gelu_grad([0.0, 1.0])
    array([0.5       , 1.08331547])
    """
    return elementwise(_gelu_grad, x, out)


def _gelu_grad(x: Block) -> Block:
    x = np.clip(x, -40, 40)
    return _normal_cdf(x) + x * _normal_pdf(x)


def _normal_cdf(x: Block) -> Block:
    """Φ(x) = ½erfc(t)·e^(t² − x²/2), where t = |x|/√2 is rounded and the exponent mends that."""
    x = np.clip(x, -40, 40)
    t = np.abs(x) / math.sqrt(2)
    h, k = _head(x), _head(t)
    mend = (k * k - h * h / 2) + (t - k) * (t + k) - (x - h) * (x + h) / 2
    tail = 0.5 * np.asarray(_erfc_of_each(t), np.float64) * np.exp(mend)
    return (0.5 + np.copysign(0.5, x)) - np.copysign(tail, x)  # tail, or 1 − tail


def _normal_pdf(x: Block) -> Block:
    """φ(x) = e^(−x²/2)/√(2π), with x² in an exact and a small part."""
    h = _head(x)
    return np.exp(-h * h / 2) * np.exp(-(x - h) * (x + h) / 2) / math.sqrt(2 * math.pi)


def _head(x: Block) -> Block:
    """Return x to 24 binary digits, so that its square is exact in float64."""
    return x.astype(np.float32).astype(np.float64)


def gelu_tanh(x: ArrayLike, *, out: Array | None = None) -> Array:
    """gelu_tanh(x) = ½x(1 + tanh u) = x·σ(2u) with u = √(2/π)(x + 0.044715x³).

    Any shape in, the same shape out. It differs from the exact `gelu` by at most 4.8e-4. Error:
    at most 4 eps of |gelu_tanh| or of 0.1, whichever is larger.

    >>> gelu_tanh([-1.0, 0.0, 1.0])
    array([-0.15880801,  0.        ,  0.84119199])

    Source: Hendrycks & Gimpel, "Gaussian error linear units (GELUs)", 2016.
    """
    return elementwise(_gelu_tanh, x, out)


def _gelu_tanh(x: Block) -> Block:
    x = np.maximum(x, -40)
    return x * _sigmoid(_twice_u(x))


def gelu_tanh_grad(x: ArrayLike, *, out: Array | None = None) -> Array:
    """gelu_tanh′(x) = σ(2u) + 2x·u′·σ′(2u) with u′ = √(2/π)(1 + 0.134145x²).

    Any shape in, the same shape out. Error: at most 8 eps of |gelu_tanh′| or of 0.1, whichever
    is larger.

    >>> gelu_tanh_grad([0.0, 1.0])
    array([0.5       , 1.08296408])
    """
    return elementwise(_gelu_tanh_grad, x, out)


def _gelu_tanh_grad(x: Block) -> Block:
    x = np.clip(x, -40, 40)
    slope = math.sqrt(8 / math.pi) * (1 + 0.134145 * x * x)
    return _sigmoid(_twice_u(x)) + x * slope * _sigmoid_grad(_twice_u(x))


def _twice_u(x: Block) -> Block:
    return math.sqrt(8 / math.pi) * (x + 0.044715 * x * x * x)
