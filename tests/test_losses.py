"""Losses against mpmath, gradients against the complex step, and what they refuse."""

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from coursekit import losses

EPS = np.finfo(np.float64).eps
steady = settings(derandomize=True, deadline=None, database=None, max_examples=200)


def true_bce(z: float, y: float) -> Any:
    with mpmath.workprec(2400):
        p = 1 / (1 + mp.exp(-mpf(z)))
        return -(mpf(y) * mp.log(p) + (1 - mpf(y)) * mp.log(1 - p))


def true_bce_grad(z: float, y: float) -> Any:
    with mpmath.workprec(2400):
        return 1 / (1 + mp.exp(-mpf(z))) - mpf(y)


@pytest.mark.parametrize("y", [0.0, 1.0, 0.25, 0.9])
def test_bce_is_within_4_eps_for_all_logits_to_700(y: float) -> None:
    rng = np.random.default_rng(5)
    z = np.concatenate([rng.uniform(-700, 700, 60), rng.uniform(-5, 5, 60), [-700, 0, 700]])
    for value in z:
        true = true_bce(value, y)
        assert abs(losses.bce_with_logits([value], [y]) - true) <= 4 * EPS * true


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_bce_gradient_keeps_its_digits_on_confident_correct_examples(y: float) -> None:
    for value in np.linspace(-700, 700, 101):
        true = true_bce_grad(value, y)
        grad = losses.bce_with_logits_grad([value], [y])[0]
        assert abs(float(grad) - true) <= 4 * EPS * abs(true)


@steady
@given(st.lists(st.tuples(st.floats(-700, 700), st.floats(0, 1)), min_size=1, max_size=8))
def test_bce_is_the_mean_over_the_samples(pairs: list[tuple[float, float]]) -> None:
    z, y = (list(column) for column in zip(*pairs, strict=True))
    single = [losses.bce_with_logits([a], [b]) for a, b in pairs]
    assert losses.bce_with_logits(z, y) == pytest.approx(np.mean(single), rel=1e-14)


def test_infinite_logits_cost_nothing_or_everything() -> None:
    assert losses.bce_with_logits([np.inf, -np.inf], [1, 0]) == 0
    assert losses.bce_with_logits([np.inf], [0]) == np.inf
    assert losses.bce_with_logits_grad([np.inf, -np.inf, np.inf], [1, 0, 0]).tolist() == [
        0,
        0,
        pytest.approx(1 / 3),
    ]


def test_certain_probabilities_cost_nothing_or_everything() -> None:
    assert losses.nll([1, 0], [1.0, 0.0]) == 0
    assert losses.nll([1, 0], [0.0, 0.0]) == np.inf
    assert losses.nll_grad([1, 0], [1.0, 0.0]).tolist() == [-0.5, 0.5]


def test_nll_of_sigmoid_is_bce_with_logits() -> None:
    z, y = np.linspace(-5, 5, 21), np.arange(21) % 2
    p = 1 / (1 + np.exp(-z))
    assert losses.nll(y, p) == pytest.approx(losses.bce_with_logits(z, y), rel=1e-13)


def test_cross_entropy_of_two_classes_is_bce_of_the_difference() -> None:
    z, y = np.linspace(-30, 30, 21), np.arange(21) % 2
    both = np.stack([np.zeros_like(z), z], axis=1)
    assert losses.cross_entropy(both, y) == pytest.approx(losses.bce_with_logits(z, y), rel=1e-14)
    np.testing.assert_allclose(
        losses.cross_entropy_grad(both, y)[:, 1], losses.bce_with_logits_grad(z, y), rtol=1e-13
    )


Loss = Callable[[Any, Any], Any]

# name: the textbook formula, prediction first, in complex arithmetic
TEXTBOOK: dict[str, Loss] = {
    "bce_with_logits": lambda z, y: np.mean(np.log(1 + np.exp(z)) - z * y),
    "nll": lambda p, y: -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)),
    "brier": lambda p, y: np.mean((p - y) ** 2),
    "mse": lambda p, y: np.mean((p - y) ** 2),
    "cross_entropy": lambda z, y: -np.mean(z[np.arange(len(y)), y] - np.log(np.exp(z).sum(1))),
}


def prediction(name: str) -> tuple[Any, Any]:
    rng = np.random.default_rng(9)
    if name == "cross_entropy":
        return rng.uniform(-2, 2, (6, 4)), rng.integers(0, 4, 6)
    p = rng.uniform(-3, 3, (5, 2)) if name in ("bce_with_logits", "mse") else rng.random((5, 2))
    return p, rng.integers(0, 2, (5, 2))


def call(name: str, p: Any, y: Any) -> Any:
    """Call a loss with its arguments in its own order."""
    logits_first = name.startswith(("bce", "cross"))
    return getattr(losses, name)(*((p, y) if logits_first else (y, p)))


@pytest.mark.parametrize("name", TEXTBOOK)
def test_loss_and_gradient_agree_with_the_textbook_and_its_complex_step(name: str) -> None:
    p, y = prediction(name)
    value = call(name, p, y)
    assert type(value) is float
    assert value == pytest.approx(TEXTBOOK[name](p, y), rel=1e-13)
    expected = np.empty_like(p)
    for i in np.ndindex(p.shape):
        step = np.zeros(p.shape, complex)
        step[i] = 1e-200j
        expected[i] = TEXTBOOK[name](p + step, y).imag / 1e-200
    np.testing.assert_allclose(call(f"{name}_grad", p, y), expected, rtol=1e-12)


@pytest.mark.parametrize("name", TEXTBOOK)
def test_gradients_keep_shape_and_float_type_and_change_nothing(name: str) -> None:
    p, y = prediction(name)
    for dtype in (np.float16, np.float32, np.float64):
        narrow = p.astype(dtype)
        before = narrow.copy(), y.copy()
        grad = call(f"{name}_grad", narrow, y)
        call(name, narrow, y)
        assert (grad.shape, grad.dtype) == (p.shape, dtype)
        assert np.array_equal(narrow, before[0])
        assert np.array_equal(y, before[1])


@pytest.mark.parametrize("name", TEXTBOOK)
@pytest.mark.parametrize("state", ["warn", "raise"])
def test_no_floating_point_state_makes_it_warn_or_raise(name: str, state: Any) -> None:
    with np.errstate(all=state):
        for extreme in (0.0, 1.0) if name in ("nll", "brier") else (-1e308, -745.0, 745.0, 1e308):
            p = np.full((2, 2), extreme)
            y = np.array([0, 1]) if name == "cross_entropy" else np.array([[0, 1], [1, 0]])
            call(name, p, y)
            call(f"{name}_grad", p, y)


@pytest.mark.parametrize("name", [n + end for n in TEXTBOOK for end in ("", "_grad")])
def test_bad_arguments_are_named(name: str) -> None:
    p, y = prediction(name.removesuffix("_grad"))
    for bad in (None, "text", [1j], [object()], [[1.0], [1.0, 2.0]]):
        with pytest.raises((TypeError, ValueError), match=r"^[pz] must"):
            call(name, bad, y)
        with pytest.raises((TypeError, ValueError), match=r"^y must"):
            call(name, p, bad)
    with pytest.raises(ValueError, match="must"):
        call(name, p, y[:-1])
    with pytest.raises(ValueError, match="must"):
        call(name, np.empty((0, 2)), np.empty(0, int) if "cross" in name else np.empty((0, 2)))


@pytest.mark.parametrize("name", ["bce_with_logits", "nll", "brier"])
def test_targets_outside_0_and_1_are_named(name: str) -> None:
    with pytest.raises(ValueError, match=r"^y must lie in \[0, 1\]; it holds -1"):
        call(name, [0.5, 0.5], [-1, 1])


def test_class_numbers_that_do_not_exist_are_named() -> None:
    with pytest.raises(ValueError, match=r"^y must hold class numbers from 0 to 2"):
        losses.cross_entropy(np.zeros((2, 3)), [0, 3])
    with pytest.raises(ValueError, match=r"^y must be 2 integers, the class numbers, not float64"):
        losses.cross_entropy(np.zeros((2, 3)), [0.0, 1.0])
