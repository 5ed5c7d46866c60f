"""The figures of training draw the numbers they are given, on the axes they are given."""

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from coursekit import data, network, plot


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_gradient_flow_draws_the_mean_over_seeds_and_a_band(ax):
    rms = np.array([[1e-6, 3e-6], [1e-3, 1e-3], [1.0, 2.0]])
    assert plot.gradient_flow({"deep": rms, "flat": [1.0, 1.0, 1.0]}, ax) is ax
    deep, flat = ax.lines
    np.testing.assert_allclose(deep.get_ydata(), [2e-6, 1e-3, 1.5])
    np.testing.assert_array_equal(deep.get_xdata(), [1, 2, 3])
    assert ax.get_yscale() == "log"
    assert len(ax.collections) == 1
    assert (deep.get_linestyle(), deep.get_color()) != (flat.get_linestyle(), flat.get_color())


def test_loss_curves_draw_a_history_each_from_its_first_epoch(ax):
    X, y = data.xor()
    net = network.Network([2, 3, 1], loss="bce", seed=[0, 1, 2])
    history = network.train(net, X, y, epochs=4, optimizer=network.SGD(0.5), every=2)
    plot.loss_curves({"lr 0.5": history, "again": history}, ax, what="accuracy")
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), [0, 2, 4])
    np.testing.assert_allclose(ax.lines[0].get_ydata(), history.accuracy.mean(1))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["lr 0.5", "again"]
    assert ax.get_ylabel() == "accuracy"


@pytest.mark.parametrize("style", [None, "coursekit.course"])
def test_without_axes_each_makes_its_own_in_the_style_of_the_course(style):
    ax = plot.gradient_flow({"one": [1.0, 0.1]})
    assert not ax.spines["top"].get_visible()
    plt.close(ax.figure)
