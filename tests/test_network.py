"""The network's gradients, its stacked seeds, its layers and the errors it answers with."""

import copy
import itertools
import pickle

import mpmath
import numpy as np
import pytest

from coursekit import activations as act
from coursekit import data, gradcheck, network
from coursekit.network import Network

SMOOTH = ["sigmoid", "tanh", "softplus", "silu", "gelu", "gelu_tanh", "elu", "selu", "softsign"]
KINKED = ["relu", "leaky_relu", "hard_sigmoid", "log_sigmoid"]
OUTPUTS = {"cross_entropy": 3, "bce": 1, "mse": 2}


def samples(loss, n=7, d=4, seed=1):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    y = {
        "cross_entropy": rng.integers(0, 3, n),
        "bce": rng.uniform(0, 1, n),
        "mse": rng.normal(size=(n, 2)),
    }
    return X, y[loss]


@pytest.mark.parametrize("loss", OUTPUTS)
@pytest.mark.parametrize("activation", SMOOTH + KINKED)
def test_every_gradient_agrees_with_central_differences(activation, loss):
    net = Network([4, 5, 3, OUTPUTS[loss]], activation, loss=loss, seed=3)
    report = gradcheck.check_network(net, *samples(loss))
    assert report.passed, str(report)


@pytest.mark.parametrize("dropout", [0.0, 0.4])
@pytest.mark.parametrize("batch_norm", [False, True])
def test_batch_norm_and_dropout_have_the_right_gradients(batch_norm, dropout):
    net = Network([4, 5, 5, 3], "tanh", batch_norm=batch_norm, dropout=dropout, seed=0)
    rng = np.random.default_rng(5)
    for name, array in net.params.items():
        array += rng.normal(0, 0.3, array.shape) if not name.startswith("W") else 0
    report = gradcheck.check_network(net, *samples("cross_entropy"))
    assert report.passed, str(report)


def test_an_output_activation_under_mse_has_the_right_gradient():
    net = Network([4, 5, 2], "tanh", loss="mse", output="sigmoid", seed=0)
    assert gradcheck.check_network(net, *samples("mse")).passed


def test_the_gradient_agrees_with_mpmath_to_fourteen_digits():
    net = Network([2, 3, 1], "sigmoid", loss="bce", seed=4)
    X, y = np.array([[0.3, -1.2], [2.0, 0.7]]), np.array([1.0, 0.0])
    mpmath.mp.dps = 40

    def loss_with(shift):
        p = {name: mpmath.matrix(np.atleast_2d(a).tolist()) for name, a in net.params.items()}
        p["W1"][0, 1] += shift
        total = mpmath.mpf(0)
        for row, target in zip(X.tolist(), y.tolist(), strict=True):
            z1 = mpmath.matrix([row]) * p["W1"] + p["b1"]
            a1 = z1.apply(lambda z: 1 / (1 + mpmath.exp(-z)))
            z2 = (a1 * p["W2"] + p["b2"])[0]
            total += mpmath.log(1 + mpmath.exp(z2)) - z2 * target
        return total / 2

    exact = mpmath.diff(loss_with, 0)
    assert abs(net.trace(X, y).gradients["W1"][0, 1] / exact - 1) < 1e-14


@pytest.mark.parametrize("loss", OUTPUTS)
@pytest.mark.parametrize(("batch_norm", "dropout"), [(False, 0.0), (True, 0.3)])
def test_stacked_networks_are_single_ones_to_the_last_bit(loss, batch_norm, dropout):
    sizes = [4, 6, 5, OUTPUTS[loss]]
    options = {"loss": loss, "batch_norm": batch_norm, "dropout": dropout}
    X, y = samples(loss, n=21)
    training = {"epochs": 4, "batch": 5, "optimizer": network.Adam(0.01), "test": (X[:5], y[:5])}
    stacked = Network(sizes, "tanh", seed=[7, 2], **options)
    together = network.train(stacked, X, y, **training)
    for i, seed in enumerate([7, 2]):
        single = Network(sizes, "tanh", seed=seed, **options)
        alone = network.train(single, X, y, **training)
        np.testing.assert_array_equal(stacked.theta[i], single.theta)
        np.testing.assert_array_equal(together.loss[:, i], alone.loss)
        np.testing.assert_array_equal(together.test_accuracy[:, i], alone.test_accuracy)
        np.testing.assert_array_equal(stacked.predict(X)[i], single.predict(X))
        for both, one in zip(stacked.trace(X, y).dz, single.trace(X, y).dz, strict=True):
            np.testing.assert_array_equal(both[i], one)


def test_a_trace_changes_nothing():
    X, y = samples("cross_entropy", n=12)
    options = {"batch_norm": True, "dropout": 0.5, "seed": 0}
    watched, left_alone = (Network([4, 6, 3], "relu", **options) for _ in range(2))
    watched.trace(X, y)
    for net in (watched, left_alone):
        network.train(net, X, y, epochs=2, batch=4, optimizer=network.SGD(0.1))
    np.testing.assert_array_equal(watched.theta, left_alone.theta)
    np.testing.assert_array_equal(watched.forward(X), left_alone.forward(X))


def test_a_trace_holds_what_the_layers_computed():
    X, y = samples("cross_entropy")
    net = Network([4, 6, 5, 3], "sigmoid", seed=0)
    trace = net.trace(X, y)
    np.testing.assert_allclose(trace.z[0], X @ net.params["W1"] + net.params["b1"])
    np.testing.assert_array_equal(trace.a[1], act.sigmoid(trace.z[1]))
    np.testing.assert_allclose(trace.dW[1], trace.a[0].T @ trace.dz[1])
    np.testing.assert_array_equal(trace.dW[2], trace.gradients["W3"])
    assert trace.loss == pytest.approx(net.loss(X, y))


def test_a_wrong_derivative_can_be_plugged_in_and_the_check_catches_it():
    forgotten = (act.sigmoid, np.ones_like)
    net = Network([4, 5, 3], forgotten, seed=0)
    report = gradcheck.check_network(net, *samples("cross_entropy"))
    assert not report.passed
    assert report.worst.name in {"W1", "b1"}


def test_probabilities_are_softmax_or_sigmoid_and_classes_their_most_likely():
    X, y = samples("cross_entropy")
    net = Network([4, 5, 3], seed=0)
    p = net.predict_proba(X)
    e = np.exp(net.forward(X))
    np.testing.assert_allclose(p, e / e.sum(1, keepdims=True), rtol=1e-12)
    np.testing.assert_array_equal(net.predict(X), p.argmax(1))
    assert net.accuracy(X, y) == np.mean(p.argmax(1) == y)
    assert net.loss(X, y) == pytest.approx(-np.mean(np.log(p[np.arange(7), y])), rel=1e-12)
    one = Network([4, 5, 1], loss="bce", seed=0)
    np.testing.assert_allclose(one.predict_proba(X), 1 / (1 + np.exp(-one.forward(X)[:, 0])))
    np.testing.assert_array_equal(one.predict(X), one.predict_proba(X) > 0.5)


def test_mse_takes_class_numbers_as_one_hot_rows():
    X, _ = samples("mse")
    net = Network([4, 5, 3], loss="mse", seed=0)
    y = np.array([0, 1, 2, 2, 1, 0, 0])
    assert net.loss(X, y) == np.mean((net.forward(X) - np.eye(3)[y]) ** 2)
    assert net.accuracy(X, y) == np.mean(net.forward(X).argmax(1) == y)


def test_a_parameter_is_set_by_writing_into_it():
    net = Network([2, 2, 1], loss="bce", seed=0)
    net.params["W1"][...] = 0
    net.params["b1"][...] = [0.0, 1.0]
    np.testing.assert_array_equal(net.trace([[3.0, 4.0]], [1]).z[0], [[0.0, 1.0]])
    with pytest.raises(TypeError):
        net.params["W1"] = np.zeros((2, 2))


@pytest.mark.parametrize("take", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_copy_is_refused_because_it_would_tear_the_views_apart(take):
    with pytest.raises(TypeError, match="views of one vector"):
        take(Network([2, 1]))


def test_dropout_drops_its_share_and_keeps_the_mean():
    layer = network.Dropout(0.25, [np.random.default_rng(0)])
    out = layer.forward(np.ones((200, 500)), training=True)
    assert abs(np.mean(out == 0) - 0.25) < 0.01
    assert abs(out.mean() - 1) < 0.01
    np.testing.assert_array_equal(layer.forward(np.ones((2, 3)), training=False), 1)


def test_batch_norm_normalises_the_batch_and_then_uses_its_running_statistics():
    gamma, beta, dgamma, dbeta = np.full(3, 2.0), np.full(3, 1.0), np.zeros(3), np.zeros(3)
    layer = network.BatchNorm(gamma, beta, dgamma, dbeta)
    x = np.random.default_rng(0).normal(5, 3, (64, 3))
    out = layer.forward(x, training=True)
    np.testing.assert_allclose(out.mean(0), 1, atol=1e-12)
    np.testing.assert_allclose(out.std(0), 2, rtol=1e-5)
    np.testing.assert_allclose(layer.mean, 0.1 * x.mean(0))
    np.testing.assert_allclose(layer.var, 0.9 + 0.1 * x.var(0))
    for _ in range(300):
        layer.forward(x, training=True)
    np.testing.assert_allclose(layer.forward(x, training=False), out, rtol=1e-9)


@pytest.mark.parametrize(
    ("name", "variance"),
    [
        ("standard", 1 / 300),
        ("xavier_uniform", 2 / 300),
        ("xavier_normal", 2 / 300),
        ("xavier_sigmoid", 16 * 2 / 300),
        ("lecun_normal", 1 / 100),
        ("he_normal", 2 / 100),
        ("he_uniform", 2 / 100),
        (0.5, 0.25),
    ],
)
def test_an_initialisation_has_the_variance_of_its_paper(name, variance):
    net = Network([100, 200], init=name, seed=0)
    expected = 1 / 3 / 100 if name == "standard" else variance
    assert abs(net.params["W1"].var() / expected - 1) < 0.05
    assert not net.params["b1"].any()


def test_uniform_rules_stay_in_their_limits_and_zeros_are_zero():
    W = Network([60, 40], init="xavier_uniform", seed=0).params["W1"]
    assert 0.99 * (6 / 100) ** 0.5 < abs(W).max() <= (6 / 100) ** 0.5
    W = Network([60, 40], init="standard", seed=0).params["W1"]
    assert 0.99 * 60**-0.5 < abs(W).max() <= 60**-0.5
    assert not Network([60, 40], init="zeros").params["W1"].any()


@pytest.mark.parametrize("sizes", [(30, 20), (20, 30), (20, 20)])
def test_orthogonal_columns_or_rows_are_orthonormal(sizes):
    W = Network(sizes, init="orthogonal", seed=0).params["W1"]
    gram = W.T @ W if sizes[0] >= sizes[1] else W @ W.T
    np.testing.assert_allclose(gram, np.eye(min(sizes)), atol=1e-12)


def test_an_initialisation_may_be_a_function():
    net = Network([3, 2], init=lambda rng, n_in, n_out: np.full((n_in, n_out), 7.0))
    np.testing.assert_array_equal(net.params["W1"], 7.0)


def test_float32_stays_float32():
    net = Network([4, 5, 3], "sigmoid", batch_norm=True, dropout=0.2, dtype=np.float32)
    network.train(net, *samples("cross_entropy"), epochs=2, optimizer=network.Adam())
    assert net.theta.dtype == np.float32
    assert net.forward(samples("cross_entropy")[0]).dtype == np.float32


def test_saturation_and_rms_give_one_number_a_layer_and_seed():
    net = Network([4, 6, 5, 3], seed=[0, 1], init=5.0)
    trace = net.trace(*samples("cross_entropy"))
    assert network.rms(trace.dW).shape == (3, 2)
    shares = network.saturation(trace.a)
    assert shares.shape == (2, 2)
    a = trace.a[1][0]
    assert shares[1, 0] == np.mean((a < 0.05) | (a > 0.95))
    assert network.saturation([np.array([[-0.95, 0.0]])], low=-1) == 0.5


X_GOOD, Y_GOOD = samples("cross_entropy")
BAD = {
    "an unknown activation": (lambda: Network([4, 3], "sigmod"), "did you mean 'sigmoid'"),
    "an activation of no z": (lambda: Network([4, 3], "softmax"), "no activation 'softmax'"),
    "an unknown initialisation": (
        lambda: Network([4, 3], init="xavier"),
        "no initialisation 'xavier'; did you mean 'xavier_.*There are: zeros, standard",
    ),
    "an unknown loss": (lambda: Network([4, 3], loss="nll"), "no loss 'nll'.*cross_entropy"),
    "logits after an activation": (
        lambda: Network([4, 1], loss="bce", output="sigmoid"),
        "takes logits",
    ),
    "a negative deviation": (lambda: Network([4, 3], init=-1.0), "0 or more, not -1.0"),
    "too few sizes": (lambda: Network([4]), "at least two whole numbers"),
    "a size of 0": (lambda: Network([4, 0, 3]), "at least two whole numbers"),
    "a negative seed": (lambda: Network([4, 3], seed=-1), "0 or more.*not -1"),
    "no seeds": (lambda: Network([4, 3], seed=[]), "several of them"),
    "dropping everything": (lambda: Network([4, 3], dropout=1.0), "less than 1, not 1.0"),
    "a wrong number of columns": (
        lambda: Network([5, 3]).forward(X_GOOD),
        r"X must have shape \(n, 5\).*not \(7, 4\)",
    ),
    "no samples": (lambda: Network([4, 3]).forward(X_GOOD[:0]), r"not \(0, 4\)"),
    "NaN in X": (
        lambda: Network([2, 3]).forward([[0.0, 1.0], [np.nan, 1.0]]),
        r"X\[1, 0\] is nan",
    ),
    "a label out of range": (
        lambda: Network([4, 2]).loss(X_GOOD, Y_GOOD * 0 + 2),
        "from 0 to 1; it holds 2",
    ),
    "labels that are floats": (lambda: Network([4, 3]).loss(X_GOOD, Y_GOOD * 1.0), "float64"),
    "too few labels": (
        lambda: Network([4, 3]).loss(X_GOOD, Y_GOOD[:3]),
        "X has 7, y has 3",
    ),
    "a target above 1": (
        lambda: Network([4, 1], loss="bce").loss(X_GOOD, np.full(7, 1.5)),
        "it holds 1.5",
    ),
    "NaN in y": (
        lambda: Network([4, 1], loss="mse").loss(X_GOOD, np.full(7, np.nan)),
        "row 0 does",
    ),
    "targets of a wrong shape": (
        lambda: Network([4, 2], loss="mse").loss(X_GOOD, np.zeros((7, 3))),
        r"\(n, 2\).*not \(7, 3\)",
    ),
    "a negative variance": (
        lambda: network.normalize(np.ones((2, 1)), 1.0, 0.0, 0.0, np.array([-0.5])),
        "cannot be negative: -0.5",
    ),
    "a negative learning rate": (lambda: network.SGD(-0.1), "0 or more, not -0.1"),
    "a NaN learning rate": (lambda: network.Adam(np.nan), "0 or more, not nan"),
    "a momentum of 1": (lambda: network.SGD(0.1, 1.0), "momentum must be .* not 1.0"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_named(what):
    call, message = BAD[what]
    with pytest.raises(ValueError, match=message):
        call()


def test_text_as_data_is_refused():
    with pytest.raises(TypeError, match="X must hold real numbers"):
        Network([2, 1], loss="bce").forward([["a", "b"]])


def test_the_digits_are_learnt():
    train, test = data.split(data.digits(), 360)
    net = Network([64, 32, 10], "tanh", seed=0)
    network.train(net, *train, epochs=10, batch=32, optimizer=network.SGD(0.1, 0.9), every=10)
    assert net.accuracy(*test) > 0.93


def test_every_activation_of_one_variable_can_be_named():
    names = {name for name in act.__all__ if f"{name}_grad" in act.__all__}
    for name in names - {"softmax", "log_softmax", "prelu", "logit"}:
        Network([2, 2, 1], name)


def test_networks_of_one_seed_start_and_shuffle_alike_whatever_else_differs():
    nets = [Network([4, 5, 3], act_, init=0.1, seed=3) for act_ in ("sigmoid", "relu")]
    for one, other in itertools.pairwise(nets):
        np.testing.assert_array_equal(one.theta, other.theta)
