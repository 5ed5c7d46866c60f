"""What every activation promises beside accuracy: types, shapes, limits, silence, identities."""

import inspect
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from references import TRUTH

from coursekit import activations as act
from coursekit._elementwise import BLOCK

steady = settings(derandomize=True, deadline=None, database=None, max_examples=200)
finite = st.floats(allow_nan=False, allow_infinity=False)
ELEMENTWISE = sorted(TRUTH)
EVERY = sorted(act.__all__)
inf, nan = np.inf, np.nan

# name: the limits at −∞ and ∞
LIMITS = {
    "sigmoid": (0, 1),
    "sigmoid_grad": (0, 0),
    "logit": (nan, nan),
    "logit_grad": (nan, nan),
    "softplus": (0, inf),
    "softplus_grad": (0, 1),
    "log_sigmoid": (-inf, 0),
    "log_sigmoid_grad": (1, 0),
    "tanh": (-1, 1),
    "tanh_grad": (0, 0),
    "hard_sigmoid": (0, 1),
    "hard_sigmoid_grad": (0, 0),
    "softsign": (-1, 1),
    "softsign_grad": (0, 0),
    "relu": (0, inf),
    "relu_grad": (0, 1),
    "leaky_relu": (-inf, inf),
    "leaky_relu_grad": (0.01, 1),
    "elu": (-1, inf),
    "elu_grad": (0, 1),
    "selu": (-1.7580993408473768599, inf),
    "selu_grad": (0, 1.0507009873554804934),
    "silu": (0, inf),
    "silu_grad": (0, 1),
    "gelu": (0, inf),
    "gelu_grad": (0, 1),
    "gelu_tanh": (0, inf),
    "gelu_tanh_grad": (0, 1),
}


def call(name: str, x: Any, **kwargs: Any) -> Any:
    """Call any of the functions, with the further arguments that a few of them need."""
    if name in ("prelu", "prelu_grad"):
        return getattr(act, name)(x, 0.25, **kwargs)
    if name in ("softmax_grad", "log_softmax_grad"):
        return getattr(act, name)(x, x, **kwargs)
    return getattr(act, name)(x, **kwargs)


def assert_same(y: Any, expected: Any) -> None:
    """Equal to the last bit, NaN included."""
    np.testing.assert_array_equal(y, expected)


def inputs(dtype: Any = np.float64, shape: tuple[int, ...] = (4, 6)) -> Any:
    return np.random.default_rng(7).uniform(-3, 3, shape).astype(dtype)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_shape_and_float_type_are_kept(name: str, dtype: Any) -> None:
    for shape in [(5,), (2, 3), (2, 3, 4), (3, 1)]:
        y = call(name, inputs(dtype, shape))
        assert isinstance(y, np.ndarray)
        assert (y.shape, y.dtype) == (shape, dtype)


@pytest.mark.parametrize("name", EVERY)
def test_integers_booleans_and_lists_become_float64(name: str) -> None:
    for x in ([1, 2, 3], [True, False], np.arange(3, dtype=np.int8), [[0.5], [1.0]], (1, 2)):
        y = call(name, x)
        assert y.dtype == np.float64
        assert y.shape == np.shape(x)


@pytest.mark.parametrize("name", [n for n in EVERY if "softmax" not in n])
def test_numbers_and_0d_arrays_give_numpy_scalars(name: str) -> None:
    assert type(call(name, 0.5)) is np.float64
    assert type(call(name, 1)) is np.float64
    assert type(call(name, np.float32(0.5))) is np.float32
    assert type(call(name, np.array(0.5, np.float16))) is np.float16
    out = np.empty(())
    assert call(name, 0.5, out=out) is out
    assert out == call(name, 0.5)


@pytest.mark.parametrize("name", EVERY)
def test_empty_input_gives_empty_output(name: str) -> None:
    assert call(name, np.empty((0, 3))).shape == (0, 3)


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_infinities_give_the_limits_and_nan_gives_nan(name: str, dtype: Any) -> None:
    y = getattr(act, name)(np.array([-inf, inf, nan], dtype))
    assert np.array_equal(y, np.array([*LIMITS[name], nan]).astype(dtype), equal_nan=True)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("state", ["warn", "raise"])
def test_no_floating_point_state_makes_it_warn_or_raise(name: str, dtype: Any, state: Any) -> None:
    big = float(np.finfo(dtype).max)
    small = float(np.finfo(dtype).smallest_subnormal)
    edges = [0, 1, 17, 37, 88, 104, 709, 745, 1e4, big, small, inf]
    x = np.array([s * v for v in edges for s in (-1, 1) if v <= big or v == inf] + [nan]).astype(
        dtype
    )
    with np.errstate(all=state):
        call(name, x)
        call(name, np.tile(x, 1 + BLOCK // x.size))
        for value in x:
            call(name, np.array([value]))


@pytest.mark.parametrize("name", EVERY)
def test_inputs_are_not_changed_and_may_be_read_only(name: str) -> None:
    for shape in [(4, 6), (3, BLOCK // 2)]:
        x = inputs(shape=shape)
        before = x.copy()
        x.flags.writeable = False
        y = call(name, x)
        assert np.array_equal(x, before)
        assert not np.shares_memory(x, y)
        assert y.flags.writeable


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("shape", [(6, 8), (60, BLOCK // 50)])
def test_layout_of_the_input_does_not_matter(name: str, shape: tuple[int, int]) -> None:
    x = inputs(shape=shape)
    expected = call(name, x)
    wide = np.zeros((shape[0], 2 * shape[1]))
    wide[:, ::2] = x
    swapped = x.astype(x.dtype.newbyteorder("S"))
    for same in [np.asfortranarray(x), wide[:, ::2], x[::-1][::-1], swapped]:
        assert_same(call(name, same), expected)
        assert call(name, same).dtype == np.float64


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(6, 8), (60, BLOCK // 50)])
def test_out_takes_the_result_whatever_its_layout(
    name: str, dtype: Any, shape: tuple[int, int]
) -> None:
    x = inputs(dtype, shape)
    expected = call(name, x)
    spare = np.zeros((shape[0], 2 * shape[1]), dtype)
    for out in [np.empty(shape, dtype), np.empty(shape, dtype, order="F"), spare[:, ::2]]:
        assert call(name, x, out=out) is out
        assert_same(out, expected)
    assert not spare[:, 1::2].any()


@pytest.mark.parametrize("name", [n for n in EVERY if not n.endswith("softmax_grad")])
@pytest.mark.parametrize("n", [1000, BLOCK // 2])
def test_out_may_be_the_input_or_overlap_it(name: str, n: int) -> None:
    x = inputs(shape=(n, 3))
    expected = call(name, x)
    same = x.copy()
    assert_same(call(name, same, out=same), expected)
    for shift in (1, -1):
        shared = np.zeros((n + 2, 3))
        source, target = shared[1:-1], shared[1 + shift : n + 1 + shift]
        source[...] = x
        assert_same(call(name, source, out=target), expected)


@pytest.mark.parametrize("name", EVERY)
def test_a_long_array_gives_what_its_elements_give(name: str) -> None:
    x = inputs(shape=(BLOCK // 2, 3))
    assert_same(call(name, x)[-5:], call(name, x[-5:]))


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(
    ("x", "error"),
    [
        ("0.5", TypeError),
        (["a", "b"], TypeError),
        (1j, TypeError),
        (np.array([1 + 2j]), TypeError),
        (None, TypeError),
        ([1.0, None], TypeError),
        (np.array([1.0, 2.0], object), TypeError),
        ({1.0, 2.0}, TypeError),
        (np.array(["2026-01-01"], "M8[D]"), TypeError),
        ([[1.0], [1.0, 2.0]], ValueError),
    ],
)
def test_what_is_not_real_numbers_is_named(name: str, x: Any, error: type[Exception]) -> None:
    argument = "p" if name.startswith("logit") else "x"
    with pytest.raises(error, match=rf"^{argument} must .* number"):
        call(name, x)


@pytest.mark.parametrize("name", EVERY)
def test_an_unfit_out_is_named(name: str) -> None:
    x = inputs()
    locked = np.empty_like(x)
    locked.flags.writeable = False
    for out in (np.empty((6, 4)), np.empty((4, 6), np.float32), locked):
        with pytest.raises(ValueError, match=r"^out must"):
            call(name, x, out=out)
    with pytest.raises(TypeError, match=r"^out must be a NumPy array, not list"):
        call(name, x, out=[1.0])


@pytest.mark.parametrize("name", ["elu", "leaky_relu", "prelu", "prelu_grad"])
def test_an_unfit_alpha_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=r"^alpha must be a number or broadcast .*\(4, 6\)"):
        getattr(act, name)(inputs(), np.ones(5))
    with pytest.raises(TypeError, match=r"^alpha must hold real numbers"):
        getattr(act, name)(inputs(), "0.1")


@pytest.mark.parametrize("name", EVERY)
def test_functions_are_plain_documented_and_take_out_by_name_only(name: str) -> None:
    f = getattr(act, name)
    assert inspect.isfunction(f)
    assert f.__closure__ is None
    assert not hasattr(f, "__wrapped__")
    assert f.__doc__
    assert ">>> " in f.__doc__
    assert inspect.signature(f).parameters["out"].kind is inspect.Parameter.KEYWORD_ONLY
    called = set(f.__code__.co_names) - {name}  # tanh names np.tanh
    assert not called & set(EVERY), "a public function must not call another one"


def test_import_loads_numpy_and_the_standard_library_only() -> None:
    code = (
        "import sys, coursekit.activations, coursekit.losses;"
        "print([m for m in ('scipy', 'matplotlib', 'IPython', 'torch') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_prelu_takes_one_slope_per_channel() -> None:
    x = inputs(shape=(BLOCK, 3))
    alpha = np.array([0.0, 0.25, 2.0])
    assert np.array_equal(act.prelu(x, alpha), np.where(x > 0, x, alpha * x))
    assert np.array_equal(act.prelu_grad(x, alpha), np.where(x > 0, 1, alpha + 0 * x))
    assert np.array_equal(act.prelu_alpha_grad(x), np.minimum(x, 0))


def test_a_slope_above_one_does_not_turn_leaky_relu_around() -> None:
    assert act.leaky_relu(-1.0, 2.0) == -2
    assert act.leaky_relu(1.0, 2.0) == 1
    assert act.elu(10.0, 0.01) == 10
    assert act.elu(-1.0, 2.0) == 2 * np.expm1(-1.0)


@steady
@given(finite)
def test_sigmoid_of_minus_x_completes_it_to_one(x: float) -> None:
    assert abs(act.sigmoid(-x) + act.sigmoid(x) - 1) <= np.finfo(float).eps


@steady
@given(st.floats(-30, 30))
def test_logit_undoes_sigmoid(x: float) -> None:
    p = act.sigmoid(x)
    # One place of p moves logit(p) by spacing(p)/(p(1 − p)).
    assert abs(act.logit(p) - x) <= 3 * np.spacing(p) / (p * (1 - p)) + 4e-16 * abs(x)


@steady
@given(st.floats(1e-300, 1 - 1e-16))
def test_sigmoid_undoes_logit(p: float) -> None:
    x = act.logit(p)
    assert abs(act.sigmoid(x) - p) <= p * (1 - p) * (2 * np.spacing(abs(x))) + 3 * np.spacing(p)


@steady
@given(st.floats(-400, 400))
def test_tanh_is_a_stretched_sigmoid(x: float) -> None:
    assert abs(act.tanh(x) - (2 * act.sigmoid(2 * x) - 1)) <= 2 * np.finfo(float).eps


@steady
@given(st.floats(-700, 700), st.floats(-700, 700))
def test_softmax_of_two_logits_is_the_sigmoid_of_their_difference(a: float, b: float) -> None:
    np.testing.assert_allclose(act.softmax([a, b])[1], act.sigmoid(b - a), rtol=5e-13, atol=1e-320)


@steady
@given(finite)
def test_the_derivative_of_softplus_is_sigmoid(x: float) -> None:
    assert act.softplus_grad(x) == act.sigmoid(x)
    assert act.log_sigmoid_grad(x) == act.sigmoid(-x)


@steady
@given(finite)
def test_log_sigmoid_mirrors_softplus(x: float) -> None:
    assert act.log_sigmoid(x) == -act.softplus(-x)


@steady
@given(st.floats(-40, 40))
def test_neighbours_do_not_fall_in_float64(x: float) -> None:
    assert act.sigmoid(np.nextafter(x, 99)) >= act.sigmoid(x) * (1 - 2e-16)


SMOOTH: dict[str, Any] = {
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "logit": lambda p: np.log(p / (1 - p)),
    "softplus": lambda x: np.log(1 + np.exp(x)),
    "log_sigmoid": lambda x: -np.log(1 + np.exp(-x)),
    "tanh": np.tanh,
    "silu": lambda x: x / (1 + np.exp(-x)),
    "gelu_tanh": lambda x: 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
}


@pytest.mark.parametrize("name", SMOOTH)
def test_derivatives_agree_with_the_complex_step(name: str) -> None:
    x = np.linspace(0.01, 0.99, 50) if name == "logit" else np.linspace(-5, 5, 101)
    derivative = SMOOTH[name](x + 1e-200j).imag / 1e-200
    np.testing.assert_allclose(getattr(act, f"{name}_grad")(x), derivative, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", [n for n in ELEMENTWISE if not n.endswith("_grad")])
def test_derivatives_agree_with_finite_differences(name: str) -> None:
    x = np.linspace(0.03, 0.97, 48) if name == "logit" else np.linspace(-4.03, 4.05, 60)
    f, h = getattr(act, name), 1e-5
    slope = (f(x + h) - f(x - h)) / (2 * h)
    np.testing.assert_allclose(getattr(act, f"{name}_grad")(x), slope, rtol=1e-6, atol=1e-9)


def test_gelu_and_its_tanh_form_differ_by_less_than_half_a_thousandth() -> None:
    x = np.linspace(-8, 8, 4001)
    assert 4.7e-4 < np.abs(act.gelu(x) - act.gelu_tanh(x)).max() < 4.8e-4
