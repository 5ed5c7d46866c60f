"""A course on the sigmoid: check exercises, take hints, draw figures.

>>> import coursekit
>>> print(*dir(coursekit))
activations autograd calibration check data gradcheck hint losses network plot
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursekit import activations, autograd, calibration, data, gradcheck, losses, network, plot
    from coursekit.student import check, hint

__all__ = [
    "activations",
    "autograd",
    "calibration",
    "check",
    "data",
    "gradcheck",
    "hint",
    "losses",
    "network",
    "plot",
]

_WORDS = {"check": "coursekit.student", "hint": "coursekit.student"}


def __getattr__(name: str) -> Any:
    """Load a public word when it is first used, so that the import costs nothing."""
    if name in _WORDS:
        return getattr(importlib.import_module(_WORDS[name]), name)
    if name in __all__:
        return importlib.import_module(f"coursekit.{name}")
    raise AttributeError(f"module 'coursekit' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
