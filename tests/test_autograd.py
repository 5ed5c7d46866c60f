"""Gradients by graph: every operation against the complex step or differences, long and deep."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit import activations as act
from coursekit import autograd as ag
from coursekit import gradcheck, losses, network
from coursekit.autograd import Tensor

RNG = np.random.default_rng(0)
A, B = RNG.normal(size=(3, 4)), RNG.normal(size=(3, 4))
POSITIVE = RNG.uniform(0.5, 2, (3, 4))


def checked(f, **arrays):
    """Whether the gradients of a sum of f's entries, weighted, agree with central differences."""
    tensors = {name: Tensor(array.copy()) for name, array in arrays.items()}
    weights = np.random.default_rng(1).normal(size=np.shape(f(**arrays_of(tensors)).value))
    ag.total(f(**tensors) * weights).backward()
    return gradcheck.check_gradients(
        lambda p: np.sum(f(**{n: Tensor(v) for n, v in p.items()}).value * weights),
        {name: array.copy() for name, array in arrays.items()},
        {name: tensor.grad for name, tensor in tensors.items()},
    )


def arrays_of(tensors):
    return {name: Tensor(tensor.value) for name, tensor in tensors.items()}


TWO = {
    "sum": lambda x, y: x + y,
    "difference": lambda x, y: x - y,
    "product": lambda x, y: x * y,
    "quotient": lambda x, y: x / y,
}


@pytest.mark.parametrize("name", TWO)
@pytest.mark.parametrize("shape", [(3, 4), (4,), (3, 1), (1, 4), (1, 1), (2, 3, 4), ()])
def test_arithmetic_undoes_its_broadcasting(name, shape):
    other = np.random.default_rng(2).uniform(0.5, 2, shape)
    for x, y in [(A, other), (other, POSITIVE)]:
        report = checked(TWO[name], x=x, y=y)
        assert report.passed, str(report)


ONE = {
    "constants on the left": lambda x: 2 - (3 + (4 * x)),
    "constants on the right": lambda x: ((x - 1) * np.arange(4.0) + 2) / 3,
    "arrays on the left": lambda x: B - x + B * x,
    "one over": lambda x: 1 / (x**2 + 1),
    "power": lambda x: (-x) ** 3,
    "exp": ag.exp,
    "sum": lambda x: ag.total(x),
    "sum of rows": lambda x: ag.total(x, axis=0),
    "sum of columns kept": lambda x: ag.total(x, axis=-1, keepdims=True) * x,
    "sum of both": lambda x: ag.total(x, axis=(0, 1)),
    "mean": lambda x: ag.mean(x),
    "mean of rows": lambda x: ag.mean(x, axis=0),
    "row": lambda x: x[1],
    "slice": lambda x: x[:, 1:3],
    "taken twice": lambda x: x[np.array([0, 0, 2])],
    "mask": lambda x: x[A > 0],
    "softmax": ag.softmax,
    "softmax down": lambda x: ag.softmax(x, axis=0),
    "log_softmax": ag.log_softmax,
    "log_softmax down": lambda x: ag.log_softmax(x, axis=0),
    "matrix product": lambda x: x @ B.T,
    "array times tensor": lambda x: B.T @ x,
    "squared": lambda x: x * x + x,
}


@pytest.mark.parametrize("name", ONE)
def test_an_operation_agrees_with_central_differences(name):
    report = checked(ONE[name], x=A)
    assert report.passed, str(report)


def test_log_and_logit_agree_with_central_differences():
    assert checked(ag.log, x=POSITIVE).passed
    assert checked(ag.logit, x=POSITIVE / 3).passed


@pytest.mark.parametrize("shapes", [((3, 4), (4, 2)), ((5, 3, 4), (4, 2)), ((2, 3, 4), (2, 4, 2))])
def test_both_factors_of_a_matrix_product_get_their_gradient(shapes):
    x, y = (np.random.default_rng(3).normal(size=shape) for shape in shapes)
    assert checked(lambda x, y: x @ y, x=x, y=y).passed


NAMES = sorted(
    {name for name in act.__all__ if f"{name}_grad" in act.__all__}
    - {"prelu", "logit", "softmax", "log_softmax"}
)


@pytest.mark.parametrize("name", NAMES)
def test_every_activation_works_on_tensors(name):
    assert checked(getattr(ag, name), x=A).passed
    np.testing.assert_array_equal(getattr(ag, name)(Tensor(A)).value, getattr(act, name)(A))


def test_slopes_of_parametrised_activations_are_passed_on():
    assert checked(lambda x: ag.leaky_relu(x, 0.3) + ag.elu(x, alpha=2.0), x=A).passed
    assert checked(ag.prelu, x=A, alpha=np.array([0.1, 0.2, 0.3, 0.4])).passed


def test_the_losses_agree_with_differences_and_with_the_library():
    y, t = np.array([0, 3, 1]), RNG.uniform(size=(3, 4))
    assert checked(lambda z: ag.cross_entropy(z, y), z=A).passed
    assert checked(lambda z: ag.bce_with_logits(z, t), z=A).passed
    value = ag.cross_entropy(Tensor(A), y).value
    assert abs(value / losses.cross_entropy(A, y) - 1) < 1e-14
    assert ag.bce_with_logits(Tensor(A), t).value == losses.bce_with_logits(A, t)


@pytest.mark.parametrize(
    ("ours", "complex_f"),
    [
        (ag.sigmoid, lambda z: 1 / (1 + np.exp(-z))),
        (ag.tanh, np.tanh),
        (ag.softplus, lambda z: np.log(1 + np.exp(z))),
        (ag.silu, lambda z: z / (1 + np.exp(-z))),
        (ag.exp, np.exp),
        (lambda x: ag.softmax(x)[:, 1], lambda z: (np.exp(z) / np.exp(z).sum(1)[:, None])[:, 1]),
    ],
)
def test_a_gradient_agrees_with_the_complex_step_to_thirteen_digits(ours, complex_f):
    x = Tensor(A)
    ag.total(ours(x)).backward()
    for index in np.ndindex(A.shape):
        z = A.astype(complex)
        z[index] += 1e-200j
        exact = np.sum(complex_f(z)).imag / 1e-200
        assert abs(x.grad[index] - exact) <= 1e-13 * max(abs(exact), 0.1)


@given(
    st.lists(st.integers(1, 6), min_size=2, max_size=5),
    st.sampled_from(["sigmoid", "tanh", "softplus", "selu", "gelu"]),
    st.integers(0, 1000),
)
def test_graph_and_hand_agree_on_networks_of_any_shape(sizes, name, seed):
    net = network.Network(sizes, name, init="lecun_normal", seed=seed)
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(5, sizes[0])), rng.integers(0, sizes[-1], 5)
    tensors = {key: Tensor(array) for key, array in net.params.items()}
    a = X
    for i in range(1, len(sizes)):
        z = a @ tensors[f"W{i}"] + tensors[f"b{i}"]
        a = getattr(ag, name)(z)
    ag.cross_entropy(z, y).backward()
    for key, gradient in net.trace(X, y).gradients.items():
        np.testing.assert_allclose(tensors[key].grad, gradient, rtol=1e-9, atol=1e-14)


def test_a_chain_of_twenty_thousand_operations_needs_no_deeper_stack():
    limit = sys.getrecursionlimit()
    x = Tensor(1.0)
    y = x
    for _ in range(20_000):
        y = y * 1.0001
    y.backward()
    assert abs(x.grad / 1.0001**20_000 - 1) < 1e-9
    assert sys.getrecursionlimit() == limit
    del y  # taking the chain down is a walk, too


def test_a_diamond_of_sixty_levels_takes_sixty_steps():
    x = Tensor(1.0)
    y = x
    for _ in range(60):
        y = y + y
    assert len(ag.topological_order(y)) == 61
    y.backward()
    assert x.grad == 2.0**60


def test_parents_come_before_their_children_and_each_once():
    x = Tensor(2.0)
    y = x * x
    z = y + x * y
    order = ag.topological_order(z)
    assert order[-1] is z
    assert len(set(order)) == len(order) == 4
    for i, node in enumerate(order):
        assert all(parent in order[:i] for parent, _ in node.links)


def test_backward_starts_anew_each_time_and_leaves_shared_gradients_alone():
    x, y = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    loss = ag.total(x + y + x)
    for _ in range(2):
        loss.backward()
        np.testing.assert_array_equal(x.grad, [2.0, 2.0])
        np.testing.assert_array_equal(y.grad, [1.0, 1.0])


def test_constants_are_not_remembered():
    assert (Tensor(1.0) * 3.0).links[0][0].value == 1.0
    assert len((Tensor(A) * B).links) == 1
    assert (ag.sigmoid(A)).links == ()


def test_a_float32_graph_stays_float32():
    x = Tensor(A.astype(np.float32))
    W = Tensor(B.T.astype(np.float32))
    ag.cross_entropy(ag.sigmoid(x @ W), np.array([0, 1, 2])).backward()
    assert x.grad.dtype == W.grad.dtype == np.float32


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"starts from one number, not from shape \(3, 4\)"):
        Tensor(A).backward()
    with pytest.raises(ValueError, match=r"not \(3, 4\) and \(3, 4\)"):
        Tensor(A) @ Tensor(B)
    with pytest.raises(ValueError, match=r"\(3,4\) \(3,\)"):
        Tensor(A) + np.ones(3)
    with pytest.raises(TypeError, match="value must hold real numbers"):
        Tensor("text")
    with pytest.raises(TypeError, match="operand must hold real numbers"):
        Tensor(A) + None
    with pytest.raises(ValueError, match="from 0 to 3"):
        ag.cross_entropy(Tensor(A), [0, 1, 4])
    with pytest.raises(AttributeError, match="no attribute 'sigmod'"):
        ag.sigmod  # noqa: B018
