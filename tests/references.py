"""What every activation should return, computed without coursekit.

TRUTH works with mpmath, at any precision, and is slow. DOUBLE (with SciPy's functions) and LONG
(in long double, which has 64 bits on x86-64) are fast; test_references.py holds both against TRUTH.
"""

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
from mpmath import mp, mpf
from scipy import special

Function = Callable[[Any], Any]

LAST = 0x7F7FFFFF  # the bits of the largest finite float32

SELU_ALPHA = "1.6732632423543772848170429917"
SELU_SCALE = "1.0507009873554804934193349853"


def _mp_sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def _mp_twice_u(x: Any) -> Any:
    return mp.sqrt(8 / mp.pi) * (x + mpf("0.044715") * x**3)


def _mp_gelu_tanh_grad(x: Any) -> Any:
    s, other = _mp_sigmoid(_mp_twice_u(x)), _mp_sigmoid(-_mp_twice_u(x))
    return s + x * mp.sqrt(8 / mp.pi) * (1 + 3 * mpf("0.044715") * x**2) * s * other


def _mp_ndtr(x: Any) -> Any:
    return mp.erfc(-x / mp.sqrt(2)) / 2


TRUTH: dict[str, Function] = {
    "sigmoid": _mp_sigmoid,
    "sigmoid_grad": lambda x: 1 / (2 + mp.exp(x) + mp.exp(-x)),
    "logit": lambda p: mp.log(p / (1 - p)),
    "logit_grad": lambda p: 1 / (p * (1 - p)),
    "softplus": lambda x: mp.log1p(mp.exp(x)),
    "softplus_grad": _mp_sigmoid,
    "log_sigmoid": lambda x: -mp.log1p(mp.exp(-x)),
    "log_sigmoid_grad": lambda x: _mp_sigmoid(-x),
    "tanh": mp.tanh,
    "tanh_grad": lambda x: mp.sech(x) ** 2,
    "hard_sigmoid": lambda x: min(max(x / 6 + mpf(1) / 2, mpf(0)), mpf(1)),
    "hard_sigmoid_grad": lambda x: mpf(1) / 6 if -3 < x < 3 else mpf(0),
    "softsign": lambda x: x / (1 + abs(x)),
    "softsign_grad": lambda x: 1 / (1 + abs(x)) ** 2,
    "relu": lambda x: max(x, mpf(0)),
    "relu_grad": lambda x: mpf(x > 0),
    "leaky_relu": lambda x: x if x > 0 else x * mpf(0.01),
    "leaky_relu_grad": lambda x: mpf(1) if x > 0 else mpf(0.01),
    "elu": lambda x: x if x > 0 else mp.expm1(x),
    "elu_grad": lambda x: mpf(1) if x > 0 else mp.exp(x),
    "selu": lambda x: mpf(SELU_SCALE) * (x if x > 0 else mpf(SELU_ALPHA) * mp.expm1(x)),
    "selu_grad": lambda x: mpf(SELU_SCALE) * (1 if x > 0 else mpf(SELU_ALPHA) * mp.exp(x)),
    "silu": lambda x: x * _mp_sigmoid(x),
    "silu_grad": lambda x: _mp_sigmoid(x) * (1 + x * _mp_sigmoid(-x)),
    "gelu": lambda x: x * _mp_ndtr(x),
    "gelu_grad": lambda x: _mp_ndtr(x) + x * mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi),
    "gelu_tanh": lambda x: x * _mp_sigmoid(_mp_twice_u(x)),
    "gelu_tanh_grad": _mp_gelu_tanh_grad,
}


def _tanh(x: Any) -> Any:
    e = np.expm1(-2 * np.abs(x))
    return np.copysign(e / (e + 2), x)


def _twice_u(x: Any) -> Any:
    return math.sqrt(8 / math.pi) * x * (1 + 0.044715 * x**2)


def _gelu_tanh_grad(x: Any) -> Any:
    s = special.expit(_twice_u(x))
    slope = math.sqrt(8 / math.pi) * (1 + 3 * 0.044715 * x**2)
    return s * (1 + x * slope * special.expit(-_twice_u(x)))


def _elu(x: Any, alpha: Any = 1.0, scale: Any = 1.0) -> Any:
    return scale * np.where(x > 0, x, alpha * special.expm1(x))


def _elu_grad(x: Any, alpha: Any = 1.0, scale: Any = 1.0) -> Any:
    return scale * np.where(x > 0, 1, alpha * np.exp(x))


def _held(f: Function, limit: float) -> Function:
    """Evaluate f at −limit and limit instead of beyond, where ∞ · 0 would come up."""
    return lambda x: f(np.clip(x, -limit, limit))


DOUBLE: dict[str, Function] = {
    "sigmoid": special.expit,
    "sigmoid_grad": lambda x: special.expit(x) * special.expit(-x),
    "logit": special.logit,
    "logit_grad": lambda p: 1 / p + 1 / (1 - p),
    "softplus": lambda x: np.logaddexp(x, 0),
    "softplus_grad": special.expit,
    "log_sigmoid": special.log_expit,
    "log_sigmoid_grad": lambda x: special.expit(-x),
    "tanh": _tanh,
    "tanh_grad": lambda x: 1 / np.cosh(x) ** 2,
    "hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "hard_sigmoid_grad": lambda x: np.where(np.abs(x) < 3, 1 / 6, 0),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "softsign_grad": lambda x: 1 / (1 + 2 * np.abs(x) + x * x),
    "relu": lambda x: np.where(x > 0, x, 0),
    "relu_grad": lambda x: np.where(x > 0, 1.0, 0.0),
    "leaky_relu": lambda x: x * np.where(x > 0, 1, 0.01),
    "leaky_relu_grad": lambda x: np.where(x > 0, 1, 0.01),
    "elu": _elu,
    "elu_grad": _elu_grad,
    "selu": lambda x: _elu(x, float(SELU_ALPHA), float(SELU_SCALE)),
    "selu_grad": lambda x: _elu_grad(x, float(SELU_ALPHA), float(SELU_SCALE)),
    "silu": lambda x: x * special.expit(x),
    "silu_grad": _held(lambda x: special.expit(x) * (1 + x * special.expit(-x)), 1e4),
    "gelu": lambda x: x * special.ndtr(x),
    "gelu_grad": _held(
        lambda x: special.ndtr(x) + x * np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi), 1e4
    ),
    "gelu_tanh": lambda x: x * special.expit(_twice_u(x)),
    "gelu_tanh_grad": _held(_gelu_tanh_grad, 1e4),
}

LONG: dict[str, Function] = {
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "sigmoid_grad": lambda x: 1 / (2 + np.exp(x) + np.exp(-x)),
    "logit": lambda p: np.where(
        abs(p - 0.5) < 0.25, 2 * np.arctanh(2 * p - 1), np.log(p) - np.log1p(-p)
    ),
    "softplus": lambda x: np.log1p(np.exp(x)),
    "log_sigmoid": lambda x: -np.log1p(np.exp(-x)),
    "tanh": lambda x: np.copysign(np.tanh(np.abs(x)), x),
    "tanh_grad": lambda x: 1 / np.square(np.cosh(x)),
    "softsign": lambda x: x / (1 + abs(x)),
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "selu": lambda x: (
        np.longdouble(SELU_SCALE) * np.where(x > 0, x, np.longdouble(SELU_ALPHA) * np.expm1(x))
    ),
    "silu": lambda x: x / (1 + np.exp(-x)),
}


# Narrow intervals in which long searches in float64 found the largest errors.
HARD: dict[str, list[tuple[float, float]]] = {
    "sigmoid": [(-36.78, -36.72), (-37.5, -36), (-36.05, -35.95), (-0.01, 0)],
    "silu": [(-36.95, -36.8), (-37.5, -36)],
    "sigmoid_grad": [(-4.2, -4.1)],
    "tanh_grad": [(2.6, 2.9), (1.6, 1.8)],
    "softplus": [(-4.16, -4.15)],
    "log_sigmoid": [(4.15, 4.16)],
    "logit": [(0.12, 0.13), (0.87, 0.885)],
}


def truth(name: str, x: Any, bits: int = 200) -> list[Any]:
    """Return the true values as mpmath numbers."""
    with mpmath.workprec(bits):
        return [TRUTH[name](mpf(float(v))) for v in np.ravel(x)]


def ulp_error(y: Any, true: list[Any]) -> Any:
    """Return |y − true| in units of the last place of y's dtype at the true value."""
    info = np.finfo(y.dtype)
    errors = []
    with mpmath.workprec(200):
        for value, t in zip(np.ravel(y), true, strict=True):
            exponent = max(mp.frexp(t)[1] - 1, int(info.minexp)) if t else int(info.minexp)
            errors.append(float(abs(mpf(float(value)) - t) / mp.ldexp(1, exponent - info.nmant)))
    return np.array(errors)


def worst_ulp(y: Any, reference: Any) -> tuple[float, int]:
    """Return the largest error of y in ULP against a wider reference, and its index.

    Where y is the rounded reference the error is at most ½, and only the rest is worked out.
    """
    info = np.finfo(y.dtype)
    with np.errstate(over="ignore", under="ignore"):
        differ = np.flatnonzero(y != reference.astype(y.dtype))
    if differ.size == 0:
        return 0.5, 0
    wide = reference[differ]
    exponent = np.maximum(np.frexp(wide)[1] - 1, info.minexp)
    error = np.abs(y[differ] - wide) / np.ldexp(wide.dtype.type(1), exponent - info.nmant)
    return float(error.max()), int(differ[error.argmax()])


def float32s(start: int, stop: int, step: int = 1) -> Any:
    """Return the float32 number `start`, … counted from 0 in rising order: −1 is −1.4e−45."""
    sign = 0x80000000
    if start >= 0:
        return np.arange(start, stop, step, np.uint32).view(np.float32)
    if stop <= 0:
        return np.arange(sign - start, sign - stop, -step, np.uint32).view(np.float32)
    i = np.arange(start, stop, step)
    return np.where(i < 0, sign - i, i).astype(np.uint32).view(np.float32)


def index32(x: float) -> int:
    """Return the number of a float32 in that order."""
    bits = int(np.float32(abs(x)).view(np.uint32))
    return bits if x >= 0 else -bits
