"""A chapter as a master notebook for ``otter assign``.

Raw cells say where a question, its solution and its tests begin and end. The public test shows
the verdict; where inputs are drawn, the points hang on a hidden one.
"""

from collections.abc import Iterator, Mapping, Sequence

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_raw_cell

from coursekit.exercise import Exercise
from coursekit.interop.source import Source

CONFIG = """\
# ASSIGNMENT CONFIG
name: {slug}
generate: true
export_cell: false
check_all_cell: false
tests:
    ok_format: false
"""


def assignment(source: Source, seeds: Mapping[str, Sequence[int]]) -> NotebookNode:
    """Return the master notebook; `seeds` are an exercise's hidden ones."""
    notebook: NotebookNode = nbformat.from_dict(source.chapter)
    cells = [new_raw_cell(CONFIG.format(slug=source.slug), id="config")]
    for cell in notebook.cells:
        exercise = source.answered_by(cell)
        if exercise is None:
            cells.append(cell)
        else:
            answer = source.with_solution(cell, exercise)
            cells += _question(exercise, answer, seeds[exercise.name])
    notebook.cells = cells
    return notebook


def tests(exercise: Exercise, seeds: Sequence[int]) -> Iterator[str]:
    """Yield the sources of an exercise's test cells; their points add up to the exercise's."""
    if exercise.partial:
        for points in range(1, exercise.points + 1):
            yield _case(exercise, f", points={points}", points=1)
    elif exercise.kind != "function":
        yield _case(exercise, "", points=exercise.points)
    else:
        yield _case(exercise, "", points=0)
        yield _case(exercise, f", seeds={list(seeds)}", points=exercise.points, hidden=True)


def _case(exercise: Exercise, more: str, *, points: int, hidden: bool = False) -> str:
    return "\n".join(
        [
            '""" # BEGIN TEST CONFIG',
            f"points: {points}",
            f"hidden: {str(hidden).lower()}",
            '""" # END TEST CONFIG',
            f"def test_{exercise.name}(env):",
            "    from coursekit.interop import require",
            f'    require("{exercise.name}", env{more})',
        ]
    )


def _question(exercise: Exercise, answer: NotebookNode, seeds: Sequence[int]) -> list[NotebookNode]:
    """Return an exercise's cells, from where its question begins to where it ends."""
    key = exercise.name.replace("_", "-")
    config = f"# BEGIN QUESTION\nname: {exercise.name}\npoints: {exercise.points}"
    cases = enumerate(tests(exercise, seeds), 1)
    return [
        new_raw_cell(config, id=f"question-{key}"),
        new_raw_cell("# BEGIN SOLUTION", id=f"solution-{key}"),
        answer,
        new_raw_cell("# END SOLUTION", id=f"solved-{key}"),
        new_raw_cell("# BEGIN TESTS", id=f"tests-{key}"),
        *(new_code_cell(code, id=f"test-{key}-{n}") for n, code in cases),
        new_raw_cell("# END TESTS", id=f"tested-{key}"),
        new_raw_cell("# END QUESTION", id=f"end-{key}"),
    ]
