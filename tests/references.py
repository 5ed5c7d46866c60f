"""What every activation should return, computed without coursekit.

TRUTH works with mpmath at any precision and is slow. LONG works on NumPy long doubles, which have
64 bits on x86-64, and DOUBLE on float64 with SciPy's functions; both are fast, and a test holds
them against TRUTH.
"""

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
from mpmath import mp, mpf
from scipy import special

SELU_ALPHA = "1.6732632423543772848170429917"
SELU_SCALE = "1.0507009873554804934193349853"


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def _gelu_tanh_gate(x: Any) -> Any:
    u = mp.sqrt(2 / mp.pi) * (x + mpf("0.044715") * x**3)
    return _sigmoid(2 * u)


def _derivative_of_gelu_tanh(x: Any) -> Any:
    s = _gelu_tanh_gate(x)
    slope = mp.sqrt(2 / mp.pi) * (1 + 3 * mpf("0.044715") * x**2)
    return s + 2 * x * slope * s * (1 - s)


TRUTH: dict[str, Callable[[Any], Any]] = {
    "sigmoid": _sigmoid,
    "sigmoid_grad": lambda x: 1 / (2 + mp.exp(x) + mp.exp(-x)),
    "logit": lambda p: mp.log(p / (1 - p)),
    "logit_grad": lambda p: 1 / (p * (1 - p)),
    "softplus": lambda x: mp.log1p(mp.exp(x)),
    "softplus_grad": _sigmoid,
    "log_sigmoid": lambda x: -mp.log1p(mp.exp(-x)),
    "log_sigmoid_grad": lambda x: _sigmoid(-x),
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
    "silu": lambda x: x * _sigmoid(x),
    "silu_grad": lambda x: _sigmoid(x) * (1 + x * _sigmoid(-x)),
    "gelu": lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2,
    "gelu_grad": lambda x: (
        mp.erfc(-x / mp.sqrt(2)) / 2 + x * mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)
    ),
    "gelu_tanh": lambda x: x * _gelu_tanh_gate(x),
    "gelu_tanh_grad": _derivative_of_gelu_tanh,
}


def truth(name: str, x: Any, bits: int = 2400) -> list[Any]:
    """Return the true values as mpmath numbers; 2400 bits outlast every cancellation here."""
    with mpmath.workprec(bits):
        return [TRUTH[name](mpf(float(v))) for v in np.ravel(x)]


def ulp_error(y: Any, true: list[Any]) -> Any:
    """Return |y − true| in units of the last place of y's dtype at the true value."""
    info = np.finfo(y.dtype)
    with mpmath.workprec(200):
        errors = []
        for value, t in zip(np.ravel(y), true, strict=True):
            exponent = max(mp.frexp(t)[1] - 1 if t else -(10**9), int(info.minexp))
            errors.append(float(abs(mpf(float(value)) - t) / mp.ldexp(1, exponent - info.nmant)))
    return np.array(errors)
