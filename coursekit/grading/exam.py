"""Accept a teacher's exam for grading: out of the notebooks' reach, and as it was handed out."""

from pathlib import Path

from coursekit.errors import CourseError
from coursekit.exercises import exam
from coursekit.grading.sandbox import paths
from coursekit.reading import original


def accept() -> None:
    """Let the exam pass, if there is one, whose answers only the grader can read.

    Raises
    ------
    CourseError
        When notebooks can read its folder, or a built notebook asks something else than the
        declarations do now: they were edited, or this NumPy draws other numbers from a seed.
    """
    root = exam.folder()
    if root is None:
        return
    _refuse_readable(root.resolve())
    for slug in exam.built(root):
        paper, notebook = exam.paper(root, slug), original(slug)
        found = {cell.source for cell in notebook.cells} if notebook else set()
        wanted = {exercise.question for exercise in paper.exercises}
        wanted |= {paper.given} if paper.parameters else set()
        if not wanted <= found:
            raise CourseError(
                f"{slug} was built from other declarations, so that its answers are not known; "
                "put those back, or build it again and hand that out."
            )


def _refuse_readable(root: Path) -> None:
    for path in paths.readable():
        if any((root / name).is_relative_to(path) for name in ("exercises", "solutions")):
            raise CourseError(f"{root} lies in {path}, where notebooks may read; move it away.")
