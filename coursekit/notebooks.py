"""One source in, two notebooks out: the solved one with outputs, the chapter without."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit.errors import CourseError
from coursekit.exercise import Exercise
from coursekit.exercises import suggestion
from coursekit.stub import definition, stub

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}

Exercises = Mapping[str, Exercise]


def solved(text: str, slug: str, exercises: Exercises) -> NotebookNode:
    """Return the solved notebook of a MyST source, not yet executed."""
    import jupytext

    cells: list[NotebookNode] = []
    for cell in jupytext.reads(text, fmt="md:myst").cells:
        cells += _exercise_cells(cell, exercises) if _tagged(cell, "exercise") else [cell]
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
    chapter.metadata.coursekit.digest = digest(chapter)
    return chapter


def execute(notebook: NotebookNode, where: str) -> NotebookNode:
    """Run every cell in a fresh kernel and return the notebook with its outputs.

    Raises
    ------
    CourseError
        When a cell raises, warns or writes to stderr; `where` names the notebook.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    done: NotebookNode = nbformat.from_dict(notebook)
    try:
        quiet = ["--IPKernelApp.log_level=40"]  # errors only
        NotebookClient(done, timeout=300, record_timing=False, extra_arguments=quiet).execute()
    except CellExecutionError as error:
        raise CourseError(f"{where}: a cell raised {error.ename}: {error.evalue}") from None
    for cell in done.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise CourseError(f"{where}: cell {cell.id} writes to stderr: {output.text}")
        cell.metadata.pop("execution", None)
    done.metadata.language_info = {"name": "python"}
    return done


def dumps(notebook: NotebookNode) -> str:
    """Return the notebook as text; equal notebooks give equal bytes."""
    return str(nbformat.writes(notebook, version=4)).rstrip("\n") + "\n"


def digest(notebook: NotebookNode) -> str:
    """Return a hash of the cells' sources, by which an untouched chapter is recognised."""
    sources = "\0".join(f"{cell.cell_type}\0{cell.source}" for cell in notebook.cells)
    return hashlib.sha256(sources.encode()).hexdigest()


def untouched(notebook: NotebookNode) -> bool:
    """Whether a chapter still has the sources it was built with (running it is no change)."""
    built: Any = notebook.metadata.get("coursekit", {})
    return bool(built.get("digest") == digest(notebook))


def _exercise_cells(cell: NotebookNode, exercises: Exercises) -> list[NotebookNode]:
    name, _ = definition(cell.source)
    if name not in exercises:
        raise CourseError(f"No exercise declares {name!r}. {suggestion(name, exercises)}")
    exercise = exercises[name]
    answer = name if exercise.kind == "function" else f"{name}={name}"
    asked = new_markdown_cell(prompt(exercise), id=f"ask-{name.replace('_', '-')}")
    answered = new_code_cell(cell.source, id=f"answer-{name.replace('_', '-')}")
    checked = new_code_cell(f"check({answer})", id=f"check-{name.replace('_', '-')}")
    answered.metadata.update(cell.metadata)
    checked.metadata.tags = ["check"]
    return [asked, answered, checked]


def prompt(exercise: Exercise) -> str:
    """Return the Markdown that asks an exercise."""
    points = f"{exercise.points} point{'s' if exercise.points != 1 else ''}"
    options = "\n".join(f"- **{letter}** · {text}" for letter, text in exercise.options.items())
    parts = [
        f"### Exercise · `{exercise.name}` · {points}",
        exercise.prompt.strip(),
        options,
        f'Stuck? Run `hint("{exercise.name}")`, as often as you like.',
    ]
    return "\n\n".join(filter(None, parts))


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
