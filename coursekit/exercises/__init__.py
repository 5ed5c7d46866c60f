"""The declarations: every exercise of every chapter, each written once.

A chapter's module is named after its notebook with a leading underscore, which Python
needs before a digit: ``_01_definition.py`` declares what ``01_definition.ipynb`` asks.
"""

import difflib
import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from coursekit.errors import CourseError
from coursekit.exercise import Exercise

Chapters = Mapping[str, tuple[Exercise, ...]]


@cache
def chapters() -> Chapters:
    """Return the exercises of every chapter, in the order of the course.

    >>> next(iter(chapters()))
    '01_definition'
    """
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name[1].isdigit())
    modules = {name[1:]: importlib.import_module(f"{__name__}.{name}") for name in names}
    return MappingProxyType({slug: module.EXERCISES for slug, module in modules.items()})


def every(course: Chapters | None = None) -> dict[str, Exercise]:
    """Return all exercises by name."""
    course = chapters() if course is None else course
    return {exercise.name: exercise for part in course.values() for exercise in part}


def find(name: str) -> Exercise:
    """Return the exercise called `name`.

    Raises
    ------
    CourseError
        When there is none; the sentence suggests the nearest name.

    >>> find("sigmoid").points
    2
    """
    known = every()
    if name not in known:
        raise CourseError(f"No exercise is called {name!r}. {suggestion(name, known)}")
    return known[name]


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return ``Did you mean …?``, or the list of what there is.

    >>> suggestion("sigmod", ["sigmoid", "logit"])
    'Did you mean sigmoid?'
    """
    known = list(known)
    near = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
