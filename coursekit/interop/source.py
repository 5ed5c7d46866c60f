"""A chapter as an assignment is made from it: what is handed out, and the solved answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursekit import exercises
from coursekit.errors import CourseError
from coursekit.exercise import Exercise
from coursekit.notebooks import unsolved
from coursekit.stub import definition


@dataclass(frozen=True)
class Source:
    """A chapter: the notebook that students open, the exercises in it, their solved cells."""

    slug: str
    chapter: NotebookNode
    asked: dict[str, Exercise]
    solved: dict[str, str]

    def answered_by(self, cell: NotebookNode) -> Exercise | None:
        """Return the exercise that a cell of the chapter answers."""
        tagged = "exercise" in cell.metadata.get("tags", [])
        return self.asked[definition(cell.source)[0]] if tagged else None

    def with_solution(self, cell: NotebookNode, exercise: Exercise) -> NotebookNode:
        """Return an answer's cell with its stub, and the solution in a region behind it.

        Both tools take the region out of what they hand out. otter would put a prompt in its
        place, which the stub is already; nbgrader puts its ``code_stub`` there.
        """
        region = ["# BEGIN SOLUTION NO PROMPT", self.solved[exercise.name], "# END SOLUTION"]
        answer: NotebookNode = nbformat.from_dict(cell)
        answer.source = "\n".join([cell.source, *region])
        return answer


def read_sources(root: Path, slugs: Sequence[str] = ()) -> list[Source]:
    """Return the chapters of the course in `root`: all, or the named ones.

    Raises
    ------
    CourseError
        When a chapter's solved notebook is not there, or there is no such chapter.
    """
    course = exercises.chapters()
    for slug in slugs:
        if slug not in course:
            raise CourseError(f"There is no chapter {slug!r}. {exercises.suggestion(slug, course)}")
    chosen = [slug for slug in course if slug in slugs or not slugs]
    return [source_of(_solution(root, slug), slug, course[slug]) for slug in chosen]


def source_of(solution: NotebookNode, slug: str, asked: Sequence[Exercise]) -> Source:
    """Return the source of a solved notebook."""
    cells = [c for c in solution.cells if "exercise" in c.metadata.get("tags", [])]
    solved = {definition(cell.source)[0]: cell.source for cell in cells}
    chapter = unsolved(solution)
    del chapter.metadata["coursekit"]  # its digest is that of another notebook
    return Source(slug, chapter, {e.name: e for e in asked}, solved)


def _solution(root: Path, slug: str) -> NotebookNode:
    path = root / "solutions" / f"{slug}.ipynb"
    if not path.is_file():
        raise CourseError(f"{path} is not there; run this in a course checkout.")
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook
