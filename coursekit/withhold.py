"""Take a library function away while an answer that should not call it is checked."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

from coursekit.exercise import Exercise


def answer_in_library(exercise: Exercise) -> str | None:
    """Return ``module:function`` where the library itself answers the exercise, or None.

    >>> from coursekit import exercises
    >>> answer_in_library(exercises.find("stable_sigmoid"))
    'coursekit.activations.logistic:sigmoid'
    """
    reference = exercise.reference
    if not isinstance(reference, FunctionType) or reference.__name__ == "<lambda>":
        return None
    module = reference.__module__
    outside = module.startswith("coursekit.exercises") or not module.startswith("coursekit.")
    return None if outside else f"{module}:{reference.__name__}"


@contextmanager
def withheld(path: str | None) -> Iterator[None]:
    """Make the library function at `path` raise, under whatever name it was imported.

    The function object stays and its code is swapped, so ``from … import sigmoid`` is
    no way around.
    """
    if path is None:
        yield
        return
    module, _, name = path.partition(":")
    function = getattr(importlib.import_module(module), name)
    code = function.__code__
    function.__code__ = _refuse.__code__
    try:
        yield
    finally:
        function.__code__ = code


def _refuse(*args: Any, **kwargs: Any) -> None:
    raise RuntimeError(
        "this library function is the exercise's answer and is withheld during the check"
    )
