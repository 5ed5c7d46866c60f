"""Network and autograd against torch: the same gradients to ten digits, whatever the sizes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit import autograd as ag
from coursekit import network

torch = pytest.importorskip("torch", reason="torch is not installed: pip install '.[peers]'")

PEERS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": torch.nn.functional.leaky_relu,
    "elu": torch.nn.functional.elu,
    "selu": torch.selu,
    "silu": torch.nn.functional.silu,
    "gelu": torch.nn.functional.gelu,
    "gelu_tanh": lambda z: torch.nn.functional.gelu(z, approximate="tanh"),
    "softplus": lambda z: torch.nn.functional.softplus(z, threshold=1000),
    "softsign": torch.nn.functional.softsign,
    "log_sigmoid": torch.nn.functional.logsigmoid,
    # its own hardsigmoid has the slope 1/6 in float32 only
    "hard_sigmoid": lambda z: torch.clamp((z + 3) / 6, 0, 1),
}
LOSSES = {
    "cross_entropy": torch.nn.functional.cross_entropy,
    "bce": torch.nn.functional.binary_cross_entropy_with_logits,
    "mse": torch.nn.functional.mse_loss,
}

hidden = st.lists(st.integers(1, 9), min_size=0, max_size=4)
seeds = st.integers(0, 10_000)


def targets(loss, n, outputs, rng):
    if loss == "cross_entropy":
        return rng.integers(0, outputs, n)
    return rng.uniform(size=(n, outputs))


def agree(ours, theirs):
    """To 1e-10, relative to the largest entry of the gradient."""
    size = np.abs(theirs).max(initial=1e-300)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10 * size)


def their_gradients(net, X, y, name, loss):
    """Torch's loss and gradients for the parameters of a network, and what it took for its z."""
    params = {key: torch.tensor(p, requires_grad=True) for key, p in net.params.items()}
    a, last = torch.tensor(X), len(net.sizes) - 1
    for i in range(1, last + 1):
        z = a @ params[f"W{i}"] + params[f"b{i}"]
        if f"gamma{i}" in params:
            z = torch.nn.functional.batch_norm(
                z, None, None, params[f"gamma{i}"], params[f"beta{i}"], training=True
            )
        a = PEERS[name](z)
    value = LOSSES[loss](z, torch.tensor(y))
    value.backward()
    return value.item(), {key: p.grad.numpy() for key, p in params.items()}


@settings(max_examples=80)
@given(
    hidden,
    st.integers(1, 9),
    st.integers(1, 9),
    st.integers(2, 12),
    st.sampled_from(sorted(PEERS)),
    st.sampled_from(sorted(LOSSES)),
    st.sampled_from(["xavier_uniform", "he_normal", "standard"]),
    st.booleans(),
    seeds,
)
def test_the_network_has_torchs_gradients(
    middle, n_in, n_out, n, name, loss, init, batch_norm, seed
):
    rng = np.random.default_rng(seed)
    net = network.Network(
        [n_in, *middle, n_out], name, init=init, loss=loss, batch_norm=batch_norm, seed=seed
    )
    X, y = rng.normal(size=(n, n_in)), targets(loss, n, n_out, rng)
    value, gradients = their_gradients(net, X, y, name, loss)
    trace = net.trace(X, y)
    assert trace.loss == pytest.approx(value, rel=1e-12)
    whole = np.concatenate([g.ravel() for g in gradients.values()])
    agree(np.concatenate([g.ravel() for g in trace.gradients.values()]), whole)
    if not batch_norm:  # which makes some gradients 0 up to rounding
        for key, gradient in gradients.items():
            agree(trace.gradients[key], gradient)


@settings(max_examples=60)
@given(
    hidden,
    st.integers(1, 9),
    st.integers(1, 9),
    st.sampled_from(sorted(PEERS)),
    st.sampled_from(["cross_entropy", "bce", "mse"]),
    seeds,
)
def test_autograd_has_torchs_gradients(middle, n_in, n_out, name, loss, seed):
    rng = np.random.default_rng(seed)
    net = network.Network([n_in, *middle, n_out], name, init="lecun_normal", seed=seed)
    X, y = rng.normal(size=(5, n_in)), targets(loss, 5, n_out, rng)
    _, gradients = their_gradients(net, X, y, name, loss)
    tensors = {key: ag.Tensor(p) for key, p in net.params.items()}
    a = X
    for i in range(1, len(net.sizes)):
        z = a @ tensors[f"W{i}"] + tensors[f"b{i}"]
        a = getattr(ag, name)(z)
    ours = {
        "cross_entropy": ag.cross_entropy,
        "bce": ag.bce_with_logits,
        "mse": lambda z, t: ag.mean((z - t) ** 2),
    }
    ours[loss](z, y).backward()
    for key, gradient in gradients.items():
        agree(tensors[key].grad, gradient)
