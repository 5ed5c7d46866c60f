"""The data of the course: two bundled sets and four generated ones, each as `(X, y)`.

X is a float64 array of shape (n, d), one sample a row; y holds the n class numbers as int64. The
arrays are yours: every call makes new ones. Nothing is downloaded; README.md beside this file
names the donors and the licence.
"""

from coursekit.data.bundled import (
    CANCER_CLASSES,
    CANCER_FEATURES,
    breast_cancer,
    digits,
)
from coursekit.data.generated import noisy_xor, two_gaussians, two_moons, xor
from coursekit.data.samples import Samples, split

__all__ = [
    "CANCER_CLASSES",
    "CANCER_FEATURES",
    "Samples",
    "breast_cancer",
    "digits",
    "noisy_xor",
    "split",
    "two_gaussians",
    "two_moons",
    "xor",
]
