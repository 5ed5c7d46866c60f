"""Say which names there are when somebody asks for one that isn't there."""

import difflib
from collections.abc import Mapping
from typing import TypeVar

Value = TypeVar("Value")


def choose(kind: str, name: object, known: Mapping[str, Value]) -> Value:
    """Return `known[name]`, or raise a ValueError that gives the nearest name and all others.

    >>> choose("activation", "sigmod", {"sigmoid": 1, "tanh": 2})
    Traceback (most recent call last):
    ValueError: there is no activation 'sigmod'; did you mean 'sigmoid'? There are: sigmoid, tanh
    """
    if isinstance(name, str) and name in known:
        return known[name]
    near = difflib.get_close_matches(str(name), known, n=1)
    guess = f"did you mean {near[0]!r}? " if near else ""
    raise ValueError(f"there is no {kind} {name!r}; {guess}There are: {', '.join(known)}")
