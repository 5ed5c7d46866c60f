"""Functions that travel as data: inputs for exercises that take a function.

Each is a frozen dataclass of numbers, so that the grader can send it to another process
by name and fields, and a verdict can print it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Sine:
    """The function a·sin(b·x + c), elementwise.

    >>> float(Sine(a=2.0, b=1.0, c=0.0)(0.0))
    0.0
    """

    a: float
    b: float
    c: float

    def __call__(self, x: Any) -> Any:
        """Return the function at x."""
        return self.a * np.sin(self.b * np.asarray(x) + self.c)[()]


@dataclass(frozen=True)
class Cubic:
    """The function a·x³ + b·x² + c·x, elementwise.

    >>> Cubic(a=1.0, b=0.0, c=-1.0)(2.0)
    6.0
    """

    a: float
    b: float
    c: float

    def __call__(self, x: Any) -> Any:
        """Return the function at x."""
        return ((self.a * x + self.b) * x + self.c) * x


@dataclass(frozen=True)
class Bowl:
    """The number Σ (k + 1)(a·wₖ³ + wₖ) + b·(Σ wₖ)², a loss of all entries of w together.

    >>> Bowl(a=1.0, b=0.0)(np.array([[2.0]]))
    10.0
    """

    a: float
    b: float

    def __call__(self, w: Any) -> float:
        """Return the loss at w, an array of any shape."""
        flat = np.ravel(w)
        of_each = np.arange(1, flat.size + 1) * (self.a * flat**3 + flat)
        return float(np.sum(of_each) + self.b * np.sum(flat) ** 2)


BY_NAME = {kind.__name__: kind for kind in (Sine, Cubic, Bowl)}
