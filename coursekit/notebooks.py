"""One source in, two notebooks out: the solved one with outputs, the chapter without."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit.compare import one_line
from coursekit.errors import CourseError
from coursekit.exercise import Exercise
from coursekit.exercises import suggestion
from coursekit.exercises.exam import Paper
from coursekit.reading import digest
from coursekit.stub import definition, stub

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}

LONGEST_CELL = 300  # seconds
OF_THIS_MACHINE = "nbval-ignore-output"  # the tag of cells that print times or have sliders


def solved(text: str, slug: str, exercises: Sequence[Exercise]) -> NotebookNode:
    """Return the solved notebook of a MyST source, not yet executed.

    Raises
    ------
    CourseError
        When the source is malformed, or asks other exercises than the declared ones.
    """
    return _notebook(_cells(text, exercises), slug)


def solved_exam(text: str, paper: Paper) -> NotebookNode:
    """Return the solved notebook of an exam's source, with this variant's parameters.

    Nothing in it checks an answer or gives a hint. The letters of its quizzes come from the
    declarations, as a variant may shuffle them.

    Raises
    ------
    CourseError
        As for `solved`, and when no cell is there to hold the parameters.
    """
    asked = {exercise.name: exercise for exercise in paper.exercises}
    cells = [cell for cell in _cells(text, paper.exercises) if not _tagged(cell, "check")]
    given = [cell for cell in cells if _tagged(cell, "parameters")]
    if len(given) != bool(paper.parameters):
        raise CourseError(
            f"one cell tagged `parameters` holds what variant(rng) draws: {len(given)} found, "
            f"{len(paper.parameters)} parameters drawn."
        )
    for cell in given:
        cell.source, cell.metadata.tags = paper.given, ["setup", "parameters"]
    for question, answer in pairwise(cells):
        if _tagged(answer, "exercise"):
            exercise = asked[definition(answer.source)[0]]
            question.source = exercise.question
            if exercise.kind == "quiz":
                answer.source = f"{exercise.name} = {exercise.reference!r}"
    return _notebook(cells, paper.slug)


def _cells(text: str, exercises: Sequence[Exercise]) -> list[NotebookNode]:
    """Return a source's cells, with an exercise's three for each answer."""
    import jupytext

    try:
        source = jupytext.reads(text, fmt="md:myst")
    except Exception as error:  # its parsers raise many types
        raise CourseError(f"the text is not MyST Markdown: {one_line(str(error))}") from None
    declared = {exercise.name: exercise for exercise in exercises}
    cells: list[NotebookNode] = []
    for cell in source.cells:
        cells += _exercise_cells(cell, declared) if _tagged(cell, "exercise") else [cell]
    if declared:
        raise CourseError(f"no cell answers the declared exercise {next(iter(declared))!r}.")
    return cells


def _notebook(cells: list[NotebookNode], slug: str) -> NotebookNode:
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    notebook: NotebookNode = new_notebook(
        cells=cells, metadata={**metadata, "coursekit": {"chapter": slug}}
    )
    _name_cells(notebook)
    return notebook


def unsolved(notebook: NotebookNode) -> NotebookNode:
    """Return the chapter that students open: stubs for answers, no outputs."""
    chapter: NotebookNode = nbformat.from_dict(notebook)
    for cell in chapter.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if _tagged(cell, "exercise"):
                cell.source = stub(cell.source)
    chapter.metadata.coursekit.digest = digest(chapter.cells)
    return chapter


def execute(notebook: NotebookNode, source: Path) -> NotebookNode:
    """Run every cell in a fresh kernel and return the notebook with its outputs.

    What a cell tagged ``nbval-ignore-output`` shows depends on the machine or the reader: it is
    left out.

    Raises
    ------
    CourseError
        When a cell raises, takes too long, or writes to stderr (as warnings do).
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    done: NotebookNode = nbformat.from_dict(notebook)
    client = NotebookClient(
        done,
        timeout=LONGEST_CELL,
        record_timing=False,
        coalesce_streams=True,  # else a slow machine cuts what is printed into more pieces
        resources={"metadata": {"path": str(source.parent)}},  # where JupyterLab would run it
        extra_arguments=["--IPKernelApp.log_level=40"],  # errors only
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raised = f"{error.ename}: {error.evalue}".removesuffix(": ")
        raise CourseError(f"{source}: {_failed(done)} raised {raised}") from None
    except CellTimeoutError:
        raise CourseError(f"{source}: a cell took longer than {LONGEST_CELL} s.") from None
    except DeadKernelError:
        raise CourseError(f"{source}: the kernel died while it ran the cells.") from None
    for cell in done.cells:
        _keep_what_is_true_elsewhere(cell, source)
    done.metadata.language_info = {"name": "python"}
    done.metadata.pop("widgets", None)  # where the sliders stood
    return done


def _keep_what_is_true_elsewhere(cell: NotebookNode, source: Path) -> None:
    for output in cell.get("outputs", []):
        if output.get("name") == "stderr":
            raise CourseError(f"{source}: {_start(cell)} writes to stderr: {output.text}")
    cell.metadata.pop("execution", None)
    if _tagged(cell, OF_THIS_MACHINE):
        cell.outputs = []


def _failed(notebook: NotebookNode) -> str:
    cells = (c for c in notebook.cells for o in c.get("outputs", []) if o.output_type == "error")
    return _start(next(cells))


def _start(cell: NotebookNode) -> str:
    return f"the cell that starts with {cell.source.partition(chr(10))[0]!r}"


def dumps(notebook: NotebookNode) -> str:
    """Return the notebook as text; equal notebooks give equal bytes."""
    return str(nbformat.writes(notebook, version=4)).rstrip("\n") + "\n"


def _exercise_cells(cell: NotebookNode, declared: dict[str, Exercise]) -> list[NotebookNode]:
    """Return the three cells of an exercise, which is no longer to be asked then."""
    name, _ = definition(cell.source)
    if name not in declared:
        near = suggestion(name, declared) if declared else "All are answered already."
        raise CourseError(f"{name!r} is not declared, or answered twice. {near}")
    exercise = declared.pop(name)
    answer = name if exercise.kind == "function" else f"{name}={name}"
    asked = new_markdown_cell(prompt(exercise), id=f"ask-{name.replace('_', '-')}")
    answered = new_code_cell(cell.source, id=f"answer-{name.replace('_', '-')}")
    checked = new_code_cell(f"check({answer})", id=f"check-{name.replace('_', '-')}")
    answered.metadata.update(cell.metadata)
    checked.metadata.tags = ["check"]
    return [asked, answered, checked]


def prompt(exercise: Exercise) -> str:
    """Return the Markdown that asks an exercise in a chapter."""
    stuck = f'Stuck? Run `hint("{exercise.name}")`, as often as you like.'
    return f"{exercise.question}\n\n{stuck}"


def _name_cells(notebook: NotebookNode) -> None:
    """Give every other cell an id that depends on its content only."""
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        if cell.get("id", "").split("-")[0] in ("ask", "answer", "check"):
            continue
        key = hashlib.sha256(cell.source.encode()).hexdigest()[:8]
        seen[key] += 1
        cell.id = f"cell-{key}" if seen[key] == 1 else f"cell-{key}-{seen[key]}"


def _tagged(cell: NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])
