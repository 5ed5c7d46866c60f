"""The declarations: every exercise of every chapter, each written once.

A chapter's module is named after its notebook with a leading underscore, which Python
needs before a digit: ``_01_definition.py`` declares what ``01_definition.ipynb`` asks.
"""

import difflib
import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from coursekit.errors import CourseError
from coursekit.exercise import Exercise
from coursekit.exercises import exam

Chapters = Mapping[str, tuple[Exercise, ...]]


def chapters() -> Chapters:
    """Return the exercises of every chapter, in the order of the course; then of the exam.

    Raises
    ------
    CourseError
        When there is an exam, and its declarations cannot be used.

    >>> next(iter(chapters()))
    '01_definition'
    """
    root = exam.folder()
    return course() if root is None else _with_exam(root, tuple(exam.built(root)))


@cache
def course() -> Chapters:
    """Return the exercises of the course's own chapters."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name[1].isdigit())
    modules = {name[1:]: importlib.import_module(f"{__name__}.{name}") for name in names}
    return MappingProxyType({slug: module.EXERCISES for slug, module in modules.items()})


@cache
def _with_exam(root: Path, slugs: tuple[str, ...]) -> Chapters:
    return joined([exam.paper(root, slug) for slug in slugs])


def joined(papers: Iterable[exam.Paper]) -> Chapters:
    """Return the course with an exam's notebooks.

    Raises
    ------
    CourseError
        When two chapters ask an exercise of one name, or two variants ask different ones.
    """
    joint = dict(course())
    places = {exercise.name: slug for slug, part in joint.items() for exercise in part}
    first: dict[str, exam.Paper] = {}
    for paper in papers:
        name = exam.without_variant(paper.slug)
        if name in course():
            raise CourseError(f"{name} is a chapter of the course; give the exam another name.")
        for exercise in paper.exercises:
            if (place := places.setdefault(exercise.name, name)) != name:
                raise CourseError(
                    f"{paper.slug} asks {exercise.name!r}, and so does {place}; rename it."
                )
        if _worth(paper) != _worth(first.setdefault(name, paper)):
            raise CourseError(
                f"{paper.slug} and {first[name].slug} do not ask exercises of the same names "
                "for the same points; let all variants do so."
            )
        joint[paper.slug] = paper.exercises
    return MappingProxyType(joint)


def _worth(paper: exam.Paper) -> dict[str, int]:
    return {exercise.name: exercise.points for exercise in paper.exercises}


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
