"""Turn a solved notebook into a chapter of the book: every solution and every hint folded away."""

import re
from collections.abc import Iterator, Mapping

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from coursekit.exercise import Exercise
from coursekit.notebooks import prompt
from coursekit.stub import stub

STUCK = "Stuck? "  # how the last paragraph of a prompt starts
SECTION = re.compile(r"^## (\d+)\.(\d+) ", re.M)
ELSEWHERE = (
    "*What this cell shows depends on the machine that runs it, "
    "or on you: open the notebook and run it.*"
)


def in_book(solved: NotebookNode, exercises: Mapping[str, Exercise]) -> NotebookNode:
    """Return the notebook that Sphinx makes a chapter's page of."""
    notebook: NotebookNode = nbformat.from_dict(solved)
    slug = notebook.metadata.coursekit.chapter
    first, *others = _pairs(notebook.cells)
    notebook.cells = [first, new_markdown_cell(_how_to_use(slug), id="how-to-use")]
    for cell in others:
        notebook.cells += _shown(cell, exercises)
    return notebook


def _pairs(cells: list[NotebookNode]) -> Iterator[NotebookNode]:
    """Yield the cells; an answer takes the check behind it, and its verdict, into its own cell."""
    answer: NotebookNode | None = None
    for cell in cells:
        if cell.id.startswith("answer-"):
            answer = cell
        elif answer is not None:
            answer.metadata.coursekit = {"stub": f"{stub(answer.source)}\n\n{cell.source}"}
            answer.source = f"{answer.source}\n\n{cell.source}"
            answer.outputs = [*answer.outputs, *cell.outputs]
            yield answer
            answer = None
        else:
            yield cell


def _shown(cell: NotebookNode, exercises: Mapping[str, Exercise]) -> list[NotebookNode]:
    kind, _, name = cell.id.partition("-")
    if kind == "ask":
        cell.source = _asked(exercises[name.replace("-", "_")])
    elif kind == "answer":
        code = f"```python\n{cell.metadata.pop('coursekit').stub}\n```"
        _fold(cell, "hide-cell", "Show a solution")
        return [new_markdown_cell(code, id=f"stub-{name}"), cell]
    elif cell.cell_type == "markdown":
        cell.source = SECTION.sub(r"(sec-\1-\2)=\n\g<0>", cell.source)
    elif "setup" in cell.metadata.get("tags", []):
        _fold(cell, "hide-input", "Show the imports")
    elif "nbval-ignore-output" in cell.metadata.get("tags", []):
        return [cell, new_markdown_cell(ELSEWHERE, id=f"elsewhere-{cell.id}")]
    return [cell]


def _fold(cell: NotebookNode, tag: str, words: str) -> None:
    cell.metadata.tags = [*cell.metadata.get("tags", []), tag]
    cell.metadata.setdefault("mystnb", {})["code_prompt_show"] = words


def _asked(exercise: Exercise) -> str:
    """Return the prompt with its hints folded, in place of the words on how to get them."""
    *paragraphs, _ = prompt(exercise).split(f"\n\n{STUCK}")
    hints = [
        f'<details class="hint">\n<summary>Hint {number} of {len(exercise.hints)}</summary>\n\n'
        f"{hint}\n\n</details>"
        for number, hint in enumerate(exercise.hints, 1)
    ]
    return "\n\n".join([f"(exercise-{exercise.name})=\n{paragraphs[0]}", *hints])


def _how_to_use(slug: str) -> str:
    return (
        f'<a class="try" href="../lite/notebooks/index.html?path={slug}.ipynb">'
        "Try it in the browser</a>\n\n"
        "```{note}\n"
        "Nothing runs on this page. To answer the exercises and have your answers checked, run\n"
        f"`coursekit start` and open `work/{slug}.ipynb`, or\n"
        f"{{download}}`download the notebook <../downloads/{slug}.ipynb>`.\n"
        "The version in the browser needs the internet: it fetches Python, NumPy and matplotlib\n"
        "when you first open it, and keeps what you write in this browser only; download the\n"
        "notebook there to hand it in.\n"
        "```"
    )
