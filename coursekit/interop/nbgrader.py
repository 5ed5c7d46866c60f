"""A chapter as a source notebook for ``nbgrader generate_assignment``.

Every answer gets a test cell, which holds the points. Its hidden part is drawn from seeds that
nbgrader keeps from students until it grades.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from coursekit.exercise import Exercise
from coursekit.interop.source import Source

CONFIG = """\
c = get_config()  # noqa
c.CourseDirectory.course_id = "sigmoid"
# A solution leaves nothing behind: above it stands what students replace.
c.ClearSolutions.code_stub = {"python": ""}
"""


def assignment(source: Source, seeds: Mapping[str, Sequence[int]]) -> NotebookNode:
    """Return the source notebook; `seeds` are an exercise's hidden ones."""
    notebook: NotebookNode = nbformat.from_dict(source.chapter)
    cells: list[NotebookNode] = []
    waiting: list[NotebookNode] = []
    for cell in notebook.cells:
        exercise = source.answered_by(cell)
        if exercise is None:
            cells += [cell, *waiting]
            waiting = []
            continue
        answer = source.with_solution(cell, exercise)
        answer.metadata.nbgrader = about(f"answer-{exercise.name}", solution=True)
        cells.append(answer)
        waiting = [test(exercise, seeds[exercise.name])]  # behind the check, which never raises
    notebook.cells = [*cells, *waiting]
    return notebook


def test(exercise: Exercise, seeds: Sequence[int]) -> NotebookNode:
    """Return the cell that tests an answer and is worth its points."""
    metadata = about(f"test-{exercise.name}", grade=True, locked=True, points=exercise.points)
    cell: NotebookNode = new_code_cell(
        test_code(exercise, seeds), id=f"test-{exercise.name.replace('_', '-')}"
    )
    cell.metadata.nbgrader = metadata
    return cell


def test_code(exercise: Exercise, seeds: Sequence[int]) -> str:
    """Return the source of a test cell."""
    word = "earned" if exercise.partial else "require"
    public = f'{word}("{exercise.name}", globals())'
    lines = [f"from coursekit.interop import {word}", "", public]
    if exercise.kind == "function":
        hidden = f'require("{exercise.name}", globals(), seeds={list(seeds)})'
        lines += ["### BEGIN HIDDEN TESTS", hidden, "### END HIDDEN TESTS"]
    return "\n".join(lines)


def about(grade_id: str, **fields: Any) -> NotebookNode:
    """Return a cell's metadata: exactly what the third version of nbgrader's schema knows."""
    every = {"grade": False, "locked": False, "solution": False, "task": False}
    metadata: NotebookNode = nbformat.from_dict(
        {"schema_version": 3, "grade_id": grade_id, **every, **fields}
    )
    return metadata
