"""The exhaustive run is itself right: its short cuts are true, and it sees a wrong function."""

import importlib
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from references import DOUBLE

from coursekit import activations as act


@pytest.fixture
def exhaustive(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1]))
    return importlib.import_module("benchmarks.exhaustive")


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("reach", [(1e-45, 9.5e-7), (257.0, 3e38)])
def test_polynomials_and_asymptotes_agree_with_the_full_references(
    exhaustive: Any, sign: int, reach: tuple[float, float]
) -> None:
    x = sign * np.geomspace(*reach, 500).astype(np.float32)
    assert set(exhaustive.TAYLOR) == set(exhaustive.ASYMPTOTE)
    for name in exhaustive.TAYLOR:
        with np.errstate(all="ignore"):
            full = DOUBLE[name](x.astype(np.float64))
        short = exhaustive.reference(name, x)
        assert (np.abs(short - full) <= 5e-12 * np.maximum(np.abs(full), 2.0**-126)).all(), name


def test_a_textbook_sigmoid_in_float32_is_found_out(
    exhaustive: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(act, "sigmoid", lambda x: 1 / (1 + np.exp(-x)))
    start = exhaustive.index32(-20.0)
    found = exhaustive.examine(exhaustive.Task("sigmoid", start, start + 500_000, 1))
    assert found.error > 1
    assert found.count == 500_000


def test_every_fall_is_counted_across_chunks_too(
    exhaustive: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(act, "sigmoid", lambda x: -x)
    count = 2 * exhaustive.CHUNK + 5
    assert exhaustive.examine(exhaustive.Task("sigmoid", 0, count, 1)).falls == count - 1


def test_a_nan_is_an_error(exhaustive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(act, "sigmoid", lambda x: np.where(x > 1, np.nan, x))
    start = exhaustive.index32(1.0)
    assert np.isnan(exhaustive.examine(exhaustive.Task("sigmoid", start, start + 9, 1)).error)


def test_tasks_cover_every_float_once_and_share_the_borders(exhaustive: Any) -> None:
    mine = [t for t in exhaustive.tasks(1) if t.name == "sigmoid"]
    assert mine[0].start == -exhaustive.LAST
    assert mine[-1].stop == exhaustive.LAST + 1
    assert all(a.stop == b.start + 1 for a, b in itertools.pairwise(mine))
