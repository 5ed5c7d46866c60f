"""A teacher's own exercises: a folder beside the course, whose notebooks may come in variants.

An environment variable names the folder, so that processes that grade inherit it; the one that
runs notebooks starts with a clean environment and does not know it. The folder is trusted like
the course: its declarations are run.
"""

import ast
import os
import re
import runpy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from coursekit.compare import one_line
from coursekit.errors import CourseError
from coursekit.exercise import Exercise

VARIABLE = "COURSEKIT_EXAM"
NAME = re.compile(r"(\d\d_\w+?)(?:_v(\d+))?")  # 21_exam, and its variant 21_exam_v7


@dataclass(frozen=True)
class Paper:
    """One variant of an exam: its slug, the values its notebook is given, what it asks."""

    slug: str
    parameters: Mapping[str, Any]
    exercises: tuple[Exercise, ...]

    @property
    def given(self) -> str:
        """The source of the cell that gives the notebook its parameters."""
        return "\n".join(f"{name} = {value!r}" for name, value in self.parameters.items())


def folder() -> Path | None:
    """Return the exam's folder, or None where there is no exam."""
    name = os.environ.get(VARIABLE)
    return Path(name).absolute() if name else None


def without_variant(slug: str) -> str:
    """Return the name that all variants of an exam share; a chapter's is its own.

    >>> without_variant("21_exam_v7"), without_variant("01_definition")
    ('21_exam', '01_definition')
    """
    found = NAME.fullmatch(slug)
    return found[1] if found else slug


def built(root: Path) -> list[str]:
    """Return the slugs of the notebooks that were built in an exam's folder.

    Raises
    ------
    CourseError
        When there is none.
    """
    found = [NAME.fullmatch(path.stem) for path in (root / "chapters").glob("*.ipynb")]
    names = [(match[1], int(match[2] or 0), match[0]) for match in found if match]
    if not names:
        raise CourseError(
            f"{root} holds no built exam such as chapters/21_exam.ipynb; `coursekit exam` makes it."
        )
    return [slug for *_, slug in sorted(names)]


def paper(root: Path, slug: str) -> Paper:
    """Return what the declarations in an exam's folder make of a slug.

    Raises
    ------
    CourseError
        When there is no declaration, it cannot be run, or it declares something else.
    """
    found = NAME.fullmatch(slug)
    path = root / "exercises" / f"_{found[1] if found else slug}.py"
    if found is None or not path.is_file():
        raise CourseError(f"{slug} is declared nowhere; its declarations belong in {path}.")
    try:
        declared = runpy.run_path(str(path), run_name=path.stem)
        draws = declared.get("variant")
        if (found[2] is None) != (draws is None):
            raise CourseError(f"{slug}: {path} {_WANTED[draws is None]}")
        if draws is None:
            return Paper(slug, {}, _asked(declared.get("EXERCISES")))
        parameters, asked = draws(np.random.default_rng(int(found[2])))
        return Paper(slug, _plain(parameters), _asked(asked))
    except CourseError:
        raise
    except Exception as error:  # whatever a teacher's file may raise
        what = one_line(f"{type(error).__name__}: {error}")
        raise CourseError(f"{path} cannot be used: {what}.") from None


_WANTED = {
    True: "declares no variant(rng), so that a seed changes nothing; leave out --seed.",
    False: "declares variant(rng); build it with a seed, such as --seed 7.",
}


def _asked(asked: Any) -> tuple[Exercise, ...]:
    if not asked or not all(isinstance(exercise, Exercise) for exercise in asked):
        raise TypeError("EXERCISES must be a tuple of Exercise")
    names = [exercise.name for exercise in asked]
    if len({*names}) < len(names):
        raise ValueError(f"an exercise is declared twice among {', '.join(names)}")
    return tuple(asked)


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters as values that can be written into a cell."""
    values = {name: v.tolist() if hasattr(v, "tolist") else v for name, v in parameters.items()}
    for name, value in values.items():
        if not name.isidentifier() or not _written(value):
            raise ValueError(f"the parameter {name!r} is no number, text or list of them")
    return values


def _written(value: Any) -> bool:
    """Whether Python's text for a value gives it back."""
    try:
        return bool(ast.literal_eval(repr(value)) == value)
    except (ValueError, SyntaxError):
        return False
