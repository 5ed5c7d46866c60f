"""Softmax, its logarithm and their vector-Jacobian products."""

from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf
from scipy import special

from coursekit import activations as act

EPS = np.finfo(np.float64).eps


def logits(*shape: int) -> Any:
    return 10 * np.random.default_rng(11).standard_normal(shape)


def true_log_softmax(row: Any) -> list[Any]:
    """Subtract before the logarithm is taken, at 800 bits, so that nothing cancels."""
    with mpmath.workprec(800):
        total = mp.fsum(mp.exp(mpf(float(v))) for v in row)
        return [mpf(float(v)) - mp.log(total) for v in row]


@pytest.mark.parametrize("k", [2, 10, 100])
def test_log_softmax_is_within_20_eps_of_mpmath(k: int) -> None:
    x = logits(30, k)
    for row, y in zip(x, act.log_softmax(x), strict=True):
        for value, true in zip(y, true_log_softmax(row), strict=True):
            assert abs(float(value) - true) <= 20 * EPS * abs(true)


@pytest.mark.parametrize("k", [2, 10, 100])
def test_softmax_is_the_exponential_of_the_true_logarithm(k: int) -> None:
    x = logits(20, k)
    for row, y in zip(x, act.softmax(x), strict=True):
        for value, true in zip(y, true_log_softmax(row), strict=True):
            # The largest exponent, about 60, is rounded once: 60 eps/2 in the result.
            assert abs(float(value) - mp.exp(true)) <= 40 * EPS * mp.exp(true)


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2])
@pytest.mark.parametrize("shape", [(3, 4, 5), (2, 300, 200), (70, 65, 9)])
def test_every_axis_agrees_with_scipy(axis: int, shape: tuple[int, ...]) -> None:
    x = logits(*shape)
    np.testing.assert_allclose(act.softmax(x, axis), special.softmax(x, axis), rtol=1e-13)
    # SciPy adds the largest term too, and so loses digits near 0.
    y = act.log_softmax(x, axis)
    np.testing.assert_allclose(y, special.log_softmax(x, axis), rtol=1e-12, atol=1e-14)


def test_confident_rows_keep_their_digits() -> None:
    assert act.log_softmax([50.0, 0.0])[0] == -np.exp(-50.0)
    assert act.log_softmax([1e4, -1e4]).tolist() == [0, -2e4]
    assert act.softmax([-1e4, 1e4]).tolist() == [0, 1]


def test_minus_infinity_is_an_impossible_class() -> None:
    assert act.softmax([-np.inf, 0.0, 0.0]).tolist() == [0, 0.5, 0.5]
    assert act.log_softmax([-np.inf, 0.0]).tolist() == [-np.inf, 0]


def test_rows_without_a_limit_are_nan_and_leave_the_others_alone() -> None:
    x = np.array([[np.inf, 0.0], [-np.inf, -np.inf], [np.nan, 0.0], [0.0, 0.0]])
    assert np.isnan(act.softmax(x)[:3]).all()
    assert act.softmax(x)[3].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_narrow_types_are_rounded_once(dtype: Any) -> None:
    x = logits(500, 10).astype(dtype)
    assert np.array_equal(act.softmax(x), special.softmax(x.astype(float), -1).astype(dtype))


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_vjp_agrees_with_the_complex_step(name: str) -> None:
    rng = np.random.default_rng(12)
    x, v = rng.uniform(-2, 2, (5, 4)), rng.uniform(-1, 1, (5, 4))

    def loss(z: Any) -> Any:
        e = np.exp(z)
        s = e / e.sum(-1, keepdims=True)
        return ((s if name == "softmax" else np.log(s)) * v).sum()

    expected = np.empty_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape, complex)
        step[i] = 1e-200j
        expected[i] = loss(x + step).imag / 1e-200
    vjp = getattr(act, f"{name}_grad")
    np.testing.assert_allclose(vjp(x, v), expected, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(vjp(x.T, v.T, 0), expected.T, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", ["softmax_grad", "log_softmax_grad"])
def test_a_v_of_another_shape_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=r"^v must have the shape of x, \(2, 3\), not \(3,\)"):
        getattr(act, name)(np.zeros((2, 3)), np.zeros(3))
    with pytest.raises(TypeError, match=r"^v must hold real numbers"):
        getattr(act, name)(np.zeros(2), None)


def test_no_class_and_no_axis_are_named() -> None:
    with pytest.raises(ValueError, match=r"^x must hold at least one class along axis -1"):
        act.softmax(np.empty((3, 0)))
    with pytest.raises(ValueError, match="axis 2 is out of bounds"):
        act.softmax(np.zeros((3, 3)), 2)
