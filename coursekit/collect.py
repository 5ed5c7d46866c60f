"""Call an answer and write down what happened, as plain data.

This is all that runs beside student code: it knows neither references nor tolerances.
"""

import copy
import sys
import warnings
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from coursekit.callables import BY_NAME, Node

NUMBERS = "biuf"  # dtype kinds that may be handed in: bool, integers, floats
DEEPEST = 8  # containers within containers
LONGEST = 140  # characters of an error


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
    """Call `function` on a copy of `args`, under NumPy's default error state.

    A recursion limit that the function sets ends with the call.
    """
    own, limit = copy.deepcopy(args), sys.getrecursionlimit()
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        value, error = _attempt(lambda: function(*own))
    sys.setrecursionlimit(limit)
    return Outcome(value, error, _runtime_warning(caught), mutated=not identical(own, args))


def value_of(answer: Any) -> Outcome:
    """Return the outcome of an exercise whose answer is a value, not a program.

    Where the number itself is the answer, the precision that it was computed in is not.
    """
    value, error = _attempt(lambda: answer)
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    return Outcome(value, error)


def _attempt(action: Callable[[], Any]) -> tuple[Any, str | None]:
    """Return the action's plain value and its error; only Ctrl-C gets through."""
    try:
        return plain(action()), None
    except KeyboardInterrupt:
        raise
    except BaseException as problem:  # answers may raise anything, SystemExit included
        return None, _first_line(problem)


def plain(value: Any, depth: int = 0) -> Any:
    """Copy `value` into numbers, strings, nodes, arrays and containers of them."""
    if value is None or value is ... or type(value) in (bool, int, float, str, Node):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, np.ndarray | np.generic):
        return _plain_array(np.array(value, subok=False))
    for kind in (float, int):  # subclasses may lie; their plain value does not
        if isinstance(value, kind):
            return kind(value)
    if depth == DEEPEST:
        return Foreign("deeply nested container")
    if isinstance(value, tuple | list):
        items = (plain(item, depth + 1) for item in value)
        return tuple(items) if isinstance(value, tuple) else list(items)
    if isinstance(value, set | frozenset):
        return frozenset(map(str, value))
    if isinstance(value, dict):
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    return Foreign(type(value).__name__)


def _plain_array(array: np.ndarray) -> np.ndarray | Foreign:
    if array.dtype.kind not in NUMBERS:
        return Foreign(f"{array.dtype} array" if array.ndim else str(array.dtype))
    if array.dtype.itemsize > 8:
        return array.astype(float)
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def identical(a: Any, b: Any) -> bool:
    """Whether two argument structures are equal bit for bit."""
    if isinstance(a, np.ndarray):
        same_form = (a.dtype, a.shape) == (b.dtype, b.shape)
        return same_form and a.tobytes() == bytes(b.tobytes())
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(identical, a, b))
    if isinstance(a, int | float | str):
        return bool(a == b or (a != a and b != b))
    if type(a) in (Node, *BY_NAME.values()):
        return a is b or (type(a) is type(b) and asdict(a) == asdict(b))
    return True  # functions and opaque objects: nothing to change


def _first_line(problem: BaseException) -> str:
    try:
        first = str(problem).strip().partition("\n")[0]
    except Exception:  # an exception of the student's own making may not even print
        first = ""
    name = type(problem).__name__
    return f"{name}: {first}"[:LONGEST] if first else name


def _runtime_warning(caught: list[warnings.WarningMessage]) -> str | None:
    messages = [w.message for w in caught if issubclass(w.category, RuntimeWarning)]
    return f"RuntimeWarning: {messages[0]}"[:LONGEST] if messages else None
