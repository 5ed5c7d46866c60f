"""The two sets that come with the course, read from the files beside this one."""

from pathlib import Path
from typing import Any

import numpy as np

from coursekit.data.samples import Samples

CANCER_CLASSES = ("malignant", "benign")
_MEASURED = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)
CANCER_FEATURES = (
    *(f"mean {name}" for name in _MEASURED),
    *(f"{name} error" for name in _MEASURED),
    *(f"worst {name}" for name in _MEASURED),
)


def digits() -> Samples:
    """1797 images of handwritten digits: X (1797, 64) from 0 to 1, y from 0 to 9.

    A row is an image of 8 × 8 pixels, in sixteenths: `X[i].reshape(8, 8)`.

    >>> X, y = digits()
    >>> X.shape, float(X.min()), float(X.max()), np.unique(y).size
    ((1797, 64), 0.0, 1.0, 10)

    Source: Alpaydin & Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
    Repository, 1998.
    """
    with np.load(_file("digits.npz")) as file:
        return Samples(file["X"] / 16, file["y"].astype(np.int64))


def breast_cancer() -> Samples:
    """569 tumours measured under the microscope: X (569, 30) in its units, y 1 for benign.

    The columns are `CANCER_FEATURES`, the classes 0 and 1 `CANCER_CLASSES`. Columns differ in size
    by a factor of a million, so standardize them before a gradient sees them.

    >>> X, y = breast_cancer()
    >>> X.shape, int(y.sum()), CANCER_CLASSES[y[0]]
    ((569, 30), 357, 'malignant')

    Source: Wolberg, Mangasarian, Street & Street, "Breast Cancer Wisconsin (Diagnostic)", UCI
    Machine Learning Repository, 1993.
    """
    with np.load(_file("breast_cancer.npz")) as file:
        low, middle, high = file["planes"].astype(np.float64)
        integers = low + 256 * middle + 65536 * high
        return Samples(integers.T / 10.0 ** file["places"], file["y"].astype(np.int64))


def _file(name: str) -> Any:
    return Path(__file__).with_name(name)
