"""The fast references are themselves right: mpmath says so."""

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from references import DOUBLE, LAST, LONG, TRUTH, float32s, index32, truth, worst_ulp


@pytest.mark.parametrize("name", TRUTH)
def test_double_references_agree_with_mpmath(name: str) -> None:
    rng = np.random.default_rng(3)
    x = np.concatenate([float32s(-LAST, LAST, LAST // 50).astype(float), rng.uniform(-90, 90, 50)])
    if name.startswith("logit"):
        x = np.concatenate([rng.uniform(0, 1, 50), 10.0 ** rng.uniform(-44, 0, 50)])
    with np.errstate(all="ignore"):
        y = DOUBLE[name](x)
    for value, true in zip(y, truth(name, x), strict=True):
        # A ten-thousandth of a float32 ULP is 2^-24 / 10^4 > 5e-12.
        assert abs(float(value) - true) <= 5e-12 * max(abs(true), mpf(2) ** -126)


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="long double is double here")
@pytest.mark.parametrize("name", LONG)
def test_long_references_agree_with_mpmath(name: str) -> None:
    rng = np.random.default_rng(4)
    x = rng.uniform(0, 1, 60) if name == "logit" else rng.uniform(-745, 745, 60)
    with np.errstate(all="ignore"):
        y = LONG[name](x.astype(np.longdouble))
    with mpmath.workprec(200):
        for value, true in zip(y, truth(name, x), strict=True):
            mantissa, exponent = np.frexp(value)
            head = float(mantissa)
            exact = mpmath.ldexp(mpf(head) + mpf(float(mantissa - head)), int(exponent))
            assert abs(exact - true) <= max(abs(true), mpf(2) ** -1022) * mpf(2) ** -60


def test_float32s_count_through_zero_without_a_gap() -> None:
    x = float32s(-3, 4)
    assert (np.diff(x) > 0).all()
    assert x[3] == 0
    assert x[4] == np.nextafter(np.float32(0), np.float32(1))
    assert float32s(LAST, LAST + 1)[0] == np.finfo(np.float32).max
    assert float32s(index32(-1.5), index32(-1.5) + 1)[0] == -1.5


def test_worst_ulp_sees_a_result_that_is_one_place_off() -> None:
    reference = np.array([1.0, 2.0, 3.0])
    y = reference.astype(np.float32)
    assert worst_ulp(y, reference) == (0.5, 0)
    y[2] = np.nextafter(y[2], np.float32(4))
    assert worst_ulp(y, reference) == (1.0, 2)
    y[1] = np.nextafter(np.float32(2), np.float32(0))
    assert worst_ulp(y[:2], reference[:2]) == (0.5, 1)
