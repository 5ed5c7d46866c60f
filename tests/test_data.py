"""The bundled sets are the known ones, splits keep every sample, drawn sets are as described."""

from pathlib import Path

import numpy as np
import pytest
from sklearn import datasets

from coursekit import activations as act
from coursekit import data

PACKAGE = Path(data.__file__).parent


def test_the_digits_are_those_of_scikit_learn():
    theirs = datasets.load_digits()
    X, y = data.digits()
    np.testing.assert_array_equal(X * 16, theirs.data)
    np.testing.assert_array_equal(y, theirs.target)
    assert (X.dtype, y.dtype) == (np.float64, np.int64)


def test_the_tumours_are_those_of_scikit_learn_to_the_last_bit():
    theirs = datasets.load_breast_cancer()
    X, y = data.breast_cancer()
    np.testing.assert_array_equal(X, theirs.data)
    np.testing.assert_array_equal(y, theirs.target)
    assert tuple(theirs.feature_names) == data.CANCER_FEATURES
    assert tuple(theirs.target_names) == data.CANCER_CLASSES


@pytest.mark.parametrize("load", [data.digits, data.breast_cancer, data.xor])
def test_every_call_gives_arrays_of_its_own(load):
    first, second = load(), load()
    first.X[:] = -1
    first.y[:] = -1
    assert not np.array_equal(first.X, second.X)
    assert not np.array_equal(first.y, second.y)


def test_the_files_are_small():
    assert (PACKAGE / "digits.npz").stat().st_size <= 46_080
    assert (PACKAGE / "breast_cancer.npz").stat().st_size <= 35_000


def test_the_licence_and_the_donors_are_named_beside_the_files():
    text = (PACKAGE / "README.md").read_text(encoding="utf-8")
    for word in ["CC BY 4.0", "Alpaydin", "Kaynak", "Wolberg", "Mangasarian", "Street"]:
        assert word in text


def test_a_split_keeps_every_sample_once_with_its_class():
    X, y = np.arange(50.0)[:, np.newaxis], np.arange(50)
    parts = data.split((X, y), 10, 5)
    assert [len(part.y) for part in parts] == [35, 10, 5]
    for part in parts:
        np.testing.assert_array_equal(part.X[:, 0], part.y)
    assert sorted(np.concatenate([part.y for part in parts])) == list(range(50))


def test_a_validation_set_leaves_the_test_set_as_it_was():
    samples = data.digits()
    _, test = data.split(samples, 360)
    _, _, same = data.split(samples, 200, 360)
    np.testing.assert_array_equal(test.X, same.X)
    np.testing.assert_array_equal(test.y, same.y)


def test_a_split_depends_on_its_seed_alone():
    samples = data.breast_cancer()
    first, again, other = (data.split(samples, 100, seed=seed)[1].y for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("sizes", [(), (0,), (4,), (2, 2), (-1,)])
def test_a_split_without_a_rest_is_refused(sizes):
    with pytest.raises(ValueError, match="of 4 samples"):
        data.split(data.xor(), *sizes)


def test_a_split_of_unequal_lengths_names_them():
    with pytest.raises(ValueError, match="X has 3, y has 2"):
        data.split((np.zeros((3, 1)), np.zeros(2)), 1)


def test_the_corners_of_noisy_xor_are_those_of_xor():
    X, y = data.noisy_xor(400, noise=0.01)
    np.testing.assert_array_equal(y, np.logical_xor(*(X.T > 0.5)))


def test_no_line_separates_the_moons_and_a_curve_does():
    X, y = data.two_moons(400, noise=0.02)
    centres = np.stack([[0, 0], [1, 0.5]])
    away = np.abs(np.linalg.norm(X[:, np.newaxis] - centres, axis=2) - 1)
    assert np.all(away[np.arange(400), y] < 0.1)
    lines = [
        np.mean((X @ [np.cos(t), np.sin(t)] > c) == y)
        for t in np.linspace(0, 7, 60)
        for c in np.linspace(-2, 2, 40)
    ]
    assert max(lines) < 0.95


def test_the_sigmoid_is_the_posterior_of_two_gaussians():
    X, y = data.two_gaussians(20_000, distance=2.0)
    p = act.sigmoid(2.0 * X[:, 0])
    for low in np.arange(0, 1, 0.1):
        inside = (p >= low) & (p < low + 0.1)
        assert abs(y[inside].mean() - p[inside].mean()) < 0.05


@pytest.mark.parametrize("make", [data.noisy_xor, data.two_moons, data.two_gaussians])
def test_bad_sizes_of_a_generated_set_are_named(make):
    with pytest.raises(ValueError, match="not 0"):
        make(0)
    with pytest.raises(ValueError, match="cannot be -1"):
        make(10, -1)
