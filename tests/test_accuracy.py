"""The errors that the docstrings state, against references that share no code with coursekit."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from references import (
    DOUBLE,
    HARD,
    LAST,
    LONG,
    TRUTH,
    float32s,
    index32,
    truth,
    ulp_error,
    worst_ulp,
)

from coursekit import activations as act

# The largest error in float64, in ULP, as benchmarks/exhaustive.py and mpmath find it, rounded up.
FLOAT64 = {
    "sigmoid": 2.2,
    "sigmoid_grad": 4.0,
    "logit": 1.6,
    "logit_grad": 2.0,
    "softplus": 1.75,
    "softplus_grad": 2.2,
    "log_sigmoid": 1.75,
    "log_sigmoid_grad": 2.2,
    "tanh": 2.5,
    "tanh_grad": 4.0,
    "hard_sigmoid": 1.5,
    "hard_sigmoid_grad": 0.5,
    "softsign": 1.5,
    "softsign_grad": 3.6,
    "relu": 0.0,
    "relu_grad": 0.0,
    "leaky_relu": 0.5,
    "leaky_relu_grad": 0.0,
    "elu": 1.0,
    "elu_grad": 1.0,
    "selu": 1.6,
    "selu_grad": 1.6,
    "silu": 3.0,
    "gelu": 4.0,
}
# These cross 0, where no bound in ULP can hold, or have an inner function that their tail
# magnifies: the error relative to max(|true|, floor), in units of 2^-52.
RELATIVE = {
    "silu_grad": (4.0, 0.1),
    "gelu_grad": (4.0, 0.1),
    "gelu_tanh": (4.0, 0.1),
    "gelu_tanh_grad": (8.0, 0.1),
}
ROUNDED_ONCE = [
    "sigmoid",
    "softplus",
    "log_sigmoid",
    "silu",
    "sigmoid_grad",
    "tanh_grad",
    "logit",
    "tanh",
]
RISING = ["sigmoid", "softplus", "log_sigmoid", "tanh", "elu", "selu", "softsign", "logit"]
LONG_IS_LONGER = np.finfo(np.longdouble).nmant >= 63


def points(name: str, n: int = 40) -> Any:
    """Points in float64 around every place where one of the formulas changes its behaviour."""
    rng = np.random.default_rng(20)
    sign = rng.choice([-1.0, 1.0], 4 * n)
    if name.startswith("logit"):
        near_half = 0.5 + sign[:n] * 10.0 ** rng.uniform(-16, -0.31, n)
        edges = np.array([0.25, 0.75, np.nextafter(0.25, 1), np.nextafter(0.75, 0), 0.5])
        tiny = 10.0 ** rng.uniform(-320 if name == "logit" else -300, 0, n)
        inside = rng.uniform(0.001, 0.999, n)
        return np.concatenate([inside, near_half, edges, tiny, 1 - 10.0 ** rng.uniform(-15, -1, n)])
    special = [0.0, -0.0, 37.0, -37.0, 709.7, -709.7, -745.1, -745.2, 5e-324, -5e-324, 2.3e-308]
    strata = [rng.uniform(-r, r, n) for r in (1, 5, 40, 700)]
    tails = [rng.uniform(-746, -699, n), rng.uniform(699, 746, n), rng.uniform(36, 38, n)]
    scales = [sign * 10.0 ** rng.uniform(-320, 3, 4 * n)]
    x = np.concatenate([special, *strata, *tails, *scales])
    return x[np.abs(x) < 38] if name.startswith("gelu") else x


def samples(name: str, count: int) -> Iterator[Any]:
    """About `count` float32 numbers, evenly spread over all finite ones, a million at a time."""
    first, last = (1, index32(1) - 1) if name == "logit" else (-LAST, LAST)
    step = max(1, (last - first) // count)
    for start in range(first, last, step * 1_000_000):
        yield float32s(start, min(start + step * 1_000_000, last + 1), step)


@pytest.mark.parametrize("name", FLOAT64)
def test_float64_stays_within_its_bound_against_mpmath(name: str) -> None:
    x = points(name)
    error = ulp_error(getattr(act, name)(x), truth(name, x))
    worst = error.argmax()
    assert error[worst] <= FLOAT64[name], f"{error[worst]:.3f} ULP at {x[worst]!r}"


@pytest.mark.parametrize("name", RELATIVE)
def test_float64_relative_error_of_functions_that_cross_zero(name: str) -> None:
    bound, floor = RELATIVE[name]
    x = points(name)
    true = truth(name, x)
    y = getattr(act, name)(x)
    error = [float(abs(float(v) - t) / max(abs(t), floor)) for v, t in zip(y, true, strict=True)]
    assert max(error) <= bound * 2.0**-52


@pytest.mark.skipif(not LONG_IS_LONGER, reason="long double is double here")
@pytest.mark.parametrize("name", LONG)
def test_float64_stays_within_its_bound_on_many_points(name: str) -> None:
    rng = np.random.default_rng(21)
    if name == "logit":
        x = np.concatenate([rng.uniform(0, 1, 50_000), rng.uniform(0.2, 0.3, 50_000)])
    else:
        x = np.concatenate([rng.uniform(-2, 2, 50_000), rng.uniform(-745, 745, 50_000)])
    x = np.concatenate([x, *(rng.uniform(*w, 20_000) for w in HARD.get(name, []))])
    with np.errstate(all="ignore"):
        reference = LONG[name](x.astype(np.longdouble))
    error, where = worst_ulp(getattr(act, name)(x), reference)
    assert error <= FLOAT64[name], f"{error:.3f} ULP at {x[where]!r}"


@pytest.mark.parametrize("name", ROUNDED_ONCE)
def test_float32_is_correctly_rounded_on_ten_million_floats(name: str) -> None:
    for x in samples(name, 10_000_000):
        with np.errstate(all="ignore"):
            reference = DOUBLE[name](x.astype(np.float64))
        error, where = worst_ulp(getattr(act, name)(x), reference)
        assert error <= 0.501, f"{error:.4f} ULP at {x[where]!r}"


@pytest.mark.parametrize("name", [n for n in TRUTH if n not in ROUNDED_ONCE])
def test_float32_is_correctly_rounded_on_two_hundred_thousand_floats(name: str) -> None:
    for x in samples("logit" if name == "logit_grad" else name, 200_000):
        with np.errstate(all="ignore"):
            reference = DOUBLE[name](x.astype(np.float64))
        error, where = worst_ulp(getattr(act, name)(x), reference)
        assert error <= 0.501, f"{error:.4f} ULP at {x[where]!r}"


@pytest.mark.parametrize("name", TRUTH)
def test_float16_is_correctly_rounded_on_every_float(name: str) -> None:
    x = every_float16()
    if name.startswith("logit"):
        x = x[(x > 0) & (x < 1)]
    with np.errstate(all="ignore"):
        reference = DOUBLE[name](x.astype(np.float64))
    error, where = worst_ulp(getattr(act, name)(x), reference)
    assert error <= 0.501, f"{error:.4f} ULP at {x[where]!r}"


@pytest.mark.parametrize("name", RISING)
def test_float16_never_falls_from_one_float_to_the_next(name: str) -> None:
    x = every_float16()
    x = x[(x >= 0) & (x <= 1)] if name == "logit" else x
    y = getattr(act, name)(x)
    assert (y[1:] >= y[:-1]).all()


@pytest.mark.parametrize("name", RISING)
@pytest.mark.parametrize("centre", [0.0, 1e-3, 0.5, 0.75, -0.5, -1.0, 2.0, 17.33, -88.0, -104.0])
def test_float32_never_falls_from_one_float_to_the_next(name: str, centre: float) -> None:
    middle = index32(centre)
    x = float32s(middle - 100_000, middle + 100_000)
    x = x[(x >= 0) & (x <= 1)] if name == "logit" else x
    y = getattr(act, name)(x)
    assert (y[1:] >= y[:-1]).all()


def every_float16() -> Any:
    """All finite float16 numbers in rising order, −0 before 0."""
    x = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    return np.sort(x[np.isfinite(x)], kind="stable")


def test_sigmoid_keeps_every_subnormal_result() -> None:
    x = np.linspace(-745.13, -708.4, 2000)
    y = act.sigmoid(x)
    assert (y > 0).all()
    assert (y < np.finfo(np.float64).tiny).all()
    assert ulp_error(y, truth("sigmoid", x)).max() <= 1.0


def test_sigmoid_is_one_where_the_rounded_result_is_one() -> None:
    first_ones = {np.float64: 37.43, np.float32: 17.33, np.float16: 8.32}
    for dtype, x in first_ones.items():
        assert act.sigmoid(dtype(x + 0.02)) == 1
    assert act.sigmoid(np.float32(17.32)) < 1
    assert act.sigmoid(np.float16(8.31)) < 1
    assert act.sigmoid(36.7) < 1


def test_derivatives_do_not_vanish_where_the_textbook_forms_do() -> None:
    assert act.sigmoid_grad(40.0) == act.sigmoid_grad(-40.0) > 0
    assert act.tanh_grad(20.0) == act.tanh_grad(-20.0) > 0
