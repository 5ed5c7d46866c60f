"""Calibration against scikit-learn, scipy and numbers worked out by hand."""

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import expit
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression

from coursekit import calibration, data, losses, plot

X, Y = data.breast_cancer()
Z = (X - X.mean(axis=0)) / X.std(axis=0)


def drawn(seed, n=200, true=3.0):
    rng = np.random.default_rng(seed)
    z = rng.normal(0, 4, n)
    return z, (rng.random(n) < 1 / (1 + np.exp(-z / true))).astype(int)


@pytest.mark.parametrize("C", [0.01, 1.0, 100.0, 1e4])
def test_the_fit_is_that_of_scikit_learn(C):
    w, b = calibration.logistic_regression(Z[:300], Y[:300], C)
    theirs = LogisticRegression(C=C, tol=1e-10, solver="newton-cholesky").fit(Z[:300], Y[:300])
    scale = np.abs(w).max()
    np.testing.assert_allclose(w, theirs.coef_[0], rtol=0, atol=1e-6 * scale)
    assert abs(b - theirs.intercept_[0]) < 1e-6 * scale


@pytest.mark.parametrize("C", [1.0, 1e6])
def test_the_gradient_is_zero_at_the_fit(C):
    w, b = calibration.logistic_regression(Z[:300], Y[:300], C)
    at_zero = np.linalg.norm(Z[:300].T @ (0.5 - Y[:300]))
    error = expit(Z[:300] @ w + b) - Y[:300]
    assert np.linalg.norm(Z[:300].T @ error + w / C) < 1e-6 * at_zero
    assert abs(error.sum()) < 1e-6 * at_zero


@pytest.mark.parametrize("bins", [1, 7, 10])
def test_the_curve_is_that_of_scikit_learn_with_the_empty_bins(bins):
    rng = np.random.default_rng(bins)
    p = np.append(rng.beta(0.3, 0.3, 60), [0.0, 1.0])
    y = (rng.random(62) < p).astype(int)
    mean_p, share, count = calibration.reliability_curve(y, p, bins)
    true_share, true_mean = calibration_curve(y, p, n_bins=bins)
    np.testing.assert_allclose(share[count > 0], true_share)
    np.testing.assert_allclose(mean_p[count > 0], true_mean)
    np.testing.assert_array_equal(count, np.histogram(p, bins, range=(0, 1))[0])


def test_an_empty_bin_has_no_mean():
    mean_p, share, count = calibration.reliability_curve([1, 1], [0.95, 1.0], bins=2)
    np.testing.assert_array_equal(count, [0, 2])
    np.testing.assert_array_equal(mean_p, [np.nan, 0.975])
    np.testing.assert_array_equal(share, [np.nan, 1.0])


def test_the_calibration_error_by_hand():
    y, p = [0, 1, 1, 0, 1], [0.1, 0.3, 0.8, 0.9, 1.0]
    # [0, ½): mean 0.2, share 0.5, 2 of 5; [½, 1]: mean 0.9, share 2/3, 3 of 5
    expected = 2 / 5 * 0.3 + 3 / 5 * (0.9 - 2 / 3)
    assert calibration.expected_calibration_error(y, p, bins=2) == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(5))
def test_the_temperature_is_that_of_scipys_search(seed):
    z, y = drawn(seed)
    search = minimize_scalar(
        lambda t: losses.bce_with_logits(z / np.exp(t), y), bounds=(-5, 5), method="bounded"
    )
    assert calibration.temperature(z, y) == pytest.approx(np.exp(search.x), rel=1e-4)


def test_the_temperature_follows_the_scale_of_the_scores():
    z, y = drawn(0)
    assert calibration.temperature(10 * z, y) == pytest.approx(10 * calibration.temperature(z, y))


def test_scores_without_an_inner_optimum_end_at_the_edge():
    z, y = np.array([-1.0, -2.0, 1.0, 2.0]), np.array([0, 0, 1, 1])
    assert calibration.temperature(z, y) == pytest.approx(calibration.COLDEST)
    assert calibration.temperature(-z, y) == pytest.approx(calibration.HOTTEST)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: calibration.logistic_regression([[1.0], [2.0]], [1, 1]), "both labels"),
        (lambda: calibration.logistic_regression([1.0, 2.0], [0, 1]), r"shape \(2, d\)"),
        (lambda: calibration.logistic_regression([[1.0], [2.0]], [0, 1], C=0), "positive"),
        (lambda: calibration.reliability_curve([0, 1], [0.5]), r"\(2,\), not \(1,\)"),
        (lambda: calibration.reliability_curve([0, 1], [0.5, 1.5]), r"lie in \[0, 1\]"),
        (lambda: calibration.reliability_curve([0, 2], [0.5, 0.5]), "labels 0 and 1"),
        (lambda: calibration.temperature([], []), "n ≥ 1"),
    ],
)
def test_what_does_not_fit_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_diagram_has_a_mark_for_every_filled_bin():
    curve = calibration.reliability_curve([1, 0, 1], [0.1, 0.15, 1.0])
    ax = plot.reliability({"name": curve})
    assert len(ax.collections[0].get_offsets()) == 2
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["honest", "name"]
    plt.close(ax.figure)
