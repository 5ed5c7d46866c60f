"""Call an answer and write down what happened, as plain data.

This is all that runs beside student code: it knows neither references nor tolerances.
"""

import copy
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

NUMBERS = "biuf"  # dtype kinds that may be handed in: bool, integers, floats


@dataclass(frozen=True)
class Foreign:
    """Stands for a value that no exercise asks for, such as a function or a generator."""

    kind: str


@dataclass(frozen=True)
class Outcome:
    """What one call did: the value it gave, or the error; warnings; changed arguments."""

    value: Any = None
    error: str | None = None
    warning: str | None = None
    mutated: bool = False


def collect(answer: Any, inputs: Iterable[tuple[Any, ...]]) -> list[Outcome]:
    """Call `answer` on a fresh copy of every argument tuple."""
    return [call(answer, args) for args in inputs]


def call(function: Callable[..., Any], args: tuple[Any, ...]) -> Outcome:
    """Call `function` on a copy of `args`, under NumPy's default error state."""
    own = copy.deepcopy(args)
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        try:
            value, error = plain(function(*own)), None
        except (Exception, SystemExit) as problem:
            value, error = None, _first_line(problem)
    return Outcome(value, error, _runtime_warning(caught), mutated=not identical(own, args))


def value_of(answer: Any) -> Outcome:
    """Return the outcome of an exercise whose answer is a value, not a program."""
    return Outcome(plain(answer))


def plain(value: Any) -> Any:
    """Copy `value` into numbers, strings, arrays and containers of them."""
    if value is None or value is ... or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, np.ndarray | np.generic):
        array = np.array(value, subok=False)
        if array.dtype.kind not in NUMBERS:
            return Foreign(f"array of {array.dtype}")
        return array if array.dtype.itemsize <= 8 else array.astype(float)
    for kind in (float, int, str):  # subclasses may lie; their plain value does not
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, tuple | list):
        return (tuple if isinstance(value, tuple) else list)(plain(item) for item in value)
    if isinstance(value, set | frozenset):
        return frozenset(map(str, value))
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return Foreign(type(value).__name__)


def identical(a: Any, b: Any) -> bool:
    """Whether two argument structures are equal bit for bit."""
    if isinstance(a, np.ndarray):
        same_form = (a.dtype, a.shape) == (b.dtype, b.shape)
        return same_form and a.tobytes() == bytes(b.tobytes())
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(identical, a, b))
    if isinstance(a, int | float | str):
        return bool(a == b or (a != a and b != b))
    return True  # functions and opaque objects: nothing to change


def _first_line(problem: BaseException) -> str:
    first = str(problem).strip().partition("\n")[0]
    return f"{type(problem).__name__}: {first}" if first else type(problem).__name__


def _runtime_warning(caught: list[warnings.WarningMessage]) -> str | None:
    messages = [w.message for w in caught if issubclass(w.category, RuntimeWarning)]
    return f"RuntimeWarning: {messages[0]}" if messages else None
