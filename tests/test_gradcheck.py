"""The gradient check, checked: right gradients pass, every classic wrong one is caught."""

import numpy as np
import pytest

from coursekit import activations as act
from coursekit import data, gradcheck, losses

X, Y = data.noisy_xor(12)
T = Y[:, np.newaxis].astype(float)


def start():
    rng = np.random.default_rng(0)
    shapes = {"W1": (2, 3), "b1": (3,), "W2": (3, 1), "b2": (1,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def forward(p):
    a1 = act.sigmoid(X @ p["W1"] + p["b1"])
    return a1, a1 @ p["W2"] + p["b2"]


def loss(p):
    return losses.bce_with_logits(forward(p)[1], T)


def backward(p, dz2=None, dz1=None):
    """The right gradients, in which either delta can be replaced by a wrong one."""
    a1, z2 = forward(p)
    d2 = (act.sigmoid(z2) - T) / len(T) if dz2 is None else dz2(a1, z2)
    d1 = d2 @ p["W2"].T * a1 * (1 - a1) if dz1 is None else dz1(d2, a1, p)
    return {"W1": X.T @ d1, "b1": d1.sum(0), "W2": a1.T @ d2, "b2": d2.sum(0)}


def test_right_gradients_pass_and_leave_the_parameters_as_they_were():
    p = start()
    before = {name: array.copy() for name, array in p.items()}
    report = gradcheck.check_gradients(loss, p, backward(p))
    assert report.passed
    assert report.worst.error < 1e-6
    for name, array in p.items():
        np.testing.assert_array_equal(array, before[name])


def with_(name, change):
    """Right gradients but for one parameter."""

    def gradients(p):
        g = backward(p)
        return {**g, name: change(g[name])}

    return gradients


WRONG = {
    "the opposite sign": with_("W1", np.negative),
    "a sum instead of a mean": lambda p: backward(p, dz2=lambda a1, z2: act.sigmoid(z2) - T),
    "an extra slope at the output": lambda p: backward(
        p, dz2=lambda a1, z2: (act.sigmoid(z2) - T) / len(T) * act.sigmoid_grad(z2)
    ),
    "the factor 2": with_("W2", lambda g: 2 * g),
    "the slope forgotten": lambda p: backward(p, dz1=lambda d2, a1, p: d2 @ p["W2"].T),
    "the slope of a": lambda p: backward(
        p, dz1=lambda d2, a1, p: d2 @ p["W2"].T * act.sigmoid_grad(a1)
    ),
    "z(1 − z)": lambda p: backward(
        p, dz1=lambda d2, a1, p: d2 @ p["W2"].T * act.logit(a1) * (1 - act.logit(a1))
    ),
    "tanh's slope": lambda p: backward(p, dz1=lambda d2, a1, p: d2 @ p["W2"].T * (1 - a1**2)),
    "a constant slope": lambda p: backward(p, dz1=lambda d2, a1, p: d2 @ p["W2"].T / 4),
    "no weights on the way back": lambda p: backward(p, dz1=lambda d2, a1, p: d2 * a1 * (1 - a1)),
    "a bias forgotten": with_("b1", np.zeros_like),
    "a bias averaged": with_("b2", lambda g: g / len(T)),
    "one entry, by a thousandth": with_("W1", lambda g: g * [[1, 1, 1], [1, 1.001, 1]]),
    "NaN in one entry": with_("W1", lambda g: np.where([[0, 0, 0], [0, 0, 1]], np.nan, g)),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_classic_wrong_gradient_is_caught(what):
    p = start()
    assert not gradcheck.check_gradients(loss, p, WRONG[what](p)).passed


def test_the_report_names_the_parameter_the_entry_and_both_values():
    p = start()
    right = backward(p)
    report = gradcheck.check_gradients(loss, p, WRONG["one entry, by a thousandth"](p))
    worst = report.worst
    assert (worst.name, worst.index) == ("W1", (1, 1))
    assert worst.error == pytest.approx(1 - 1 / 1.001, rel=1e-3)
    assert worst.gradient == pytest.approx(1.001 * right["W1"][1, 1])
    assert worst.measured == pytest.approx(right["W1"][1, 1], rel=1e-6)
    lines = str(report).splitlines()
    assert "DISAGREE" in lines[0]
    assert lines[1].split()[:3] == ["W1[1,", "1]", "error"]
    assert [entry.name for entry in report.entries[1:]].count("W1") == 0
    assert len(lines) == 5


def test_a_nan_is_the_worst_of_all():
    p = start()
    worst = gradcheck.check_gradients(loss, p, WRONG["NaN in one entry"](p)).worst
    assert (worst.name, worst.index) == ("W1", (1, 2))


def test_the_rounding_of_the_loss_is_no_error():
    p = {"w": np.array([1e-7, 1.0])}
    report = gradcheck.check_gradients(
        lambda q: 1e3 + q["w"][0] ** 3 + q["w"][1], p, {"w": np.array([3e-14, 1.0])}
    )
    assert report.passed
    assert "agree" in str(report)


@pytest.mark.parametrize(
    ("params", "gradients", "error", "message"),
    [
        ({}, {}, ValueError, "a gradient for every parameter"),
        ({"w": np.ones(2)}, {"v": np.ones(2)}, ValueError, r"\['w'\].*\['v'\]"),
        ({"w": np.ones(2)}, {"w": np.ones(3)}, ValueError, r"w must have its shape, \(2,\)"),
        ({"w": np.ones(2, np.float32)}, {"w": np.ones(2)}, TypeError, "w must be a float64 array"),
        ({"w": [1.0]}, {"w": [1.0]}, TypeError, "w must be a float64 array"),
    ],
)
def test_bad_input_is_named(params, gradients, error, message):
    with pytest.raises(error, match=message):
        gradcheck.check_gradients(lambda p: 0.0, params, gradients)


def test_stacked_networks_are_checked_one_at_a_time():
    from coursekit import network

    net = network.Network([2, 1], loss="bce", seed=[0, 1])
    with pytest.raises(ValueError, match=r"one network at a time.*\(0, 1\)"):
        gradcheck.check_network(net, X, Y)
