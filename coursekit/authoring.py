"""What an author runs: build the notebooks from their sources, or say which are stale."""

import base64
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
from nbformat import NotebookNode

from coursekit import exercises, notebooks
from coursekit.errors import CourseError


@dataclass(frozen=True)
class Built:
    """The two notebooks of one source, and where they belong."""

    source: Path
    solution: NotebookNode
    chapter: NotebookNode

    @property
    def solution_path(self) -> Path:
        """``solutions/NN_slug.ipynb``."""
        return self.source.with_suffix(".ipynb")

    @property
    def chapter_path(self) -> Path:
        """``chapters/NN_slug.ipynb``."""
        return self.source.parent.parent / "chapters" / self.solution_path.name


def sources(root: Path, slugs: tuple[str, ...] = ()) -> list[Path]:
    """Return the sources below ``root/solutions``: all, or the named chapters.

    Raises
    ------
    CourseError
        When there is no such folder or chapter.
    """
    found = {path.stem: path for path in sorted((root / "solutions").glob("[0-9]*.md"))}
    if not found:
        raise CourseError(f"{root / 'solutions'} holds no sources; run this in a course checkout.")
    for slug in slugs:
        if slug not in found:
            hint = exercises.suggestion(slug, found)
            raise CourseError(f"There is no chapter {slug!r} in {root / 'solutions'}. {hint}")
    return [found[slug] for slug in slugs or found]


def build(source: Path, course: notebooks.Exercises) -> Built:
    """Build one source without executing it."""
    try:
        solution = notebooks.solved(source.read_text("utf-8"), source.stem, course)
    except CourseError as error:
        raise CourseError(f"{source}: {error}") from None
    return Built(source, solution, notebooks.unsolved(solution))


def write(built: Built) -> None:
    """Execute the solution and write both notebooks."""
    os.environ.setdefault("PYTHONHASHSEED", "0")  # kernels inherit it: sets print in one order
    done = notebooks.execute(built.solution, str(built.source))
    built.chapter_path.parent.mkdir(exist_ok=True)
    built.solution_path.write_text(notebooks.dumps(done), "utf-8")
    built.chapter_path.write_text(notebooks.dumps(built.chapter), "utf-8")


def stale(built: Built, *, run: bool = True) -> Iterator[Path]:
    """Yield the notebooks on disk that `write` would change.

    The chapter is compared byte for byte. The solution is compared cell by cell, and with
    `run` it is executed and its outputs are compared too: texts exactly, figures by their
    pixels, because compression and fonts differ between versions where the picture does not.
    """
    if _text(built.chapter_path) != notebooks.dumps(built.chapter):
        yield built.chapter_path
    text = _text(built.solution_path)
    if text is None or _without_outputs(text) != notebooks.dumps(built.solution):
        yield built.solution_path
    elif run:
        done = notebooks.execute(built.solution, str(built.source))
        if not same_outputs(nbformat.reads(text, as_version=4), done):
            yield built.solution_path


def stale_among(built: list[Built]) -> Iterator[Path]:
    """Yield every stale notebook; kernels start only when no source alone tells."""
    late = [path for one in built for path in stale(one, run=False)]
    yield from late or (path for one in built for path in stale(one))


def same_outputs(a: NotebookNode, b: NotebookNode) -> bool:
    """Whether two runs of one notebook print the same and draw the same."""
    pairs = zip(a.cells, b.cells, strict=True)
    return all(_alike(x.get("outputs", []), y.get("outputs", [])) for x, y in pairs)


def _alike(a: list[NotebookNode], b: list[NotebookNode]) -> bool:
    if len(a) != len(b):
        return False
    for one, other in zip(a, b, strict=True):
        left, right = dict(one.get("data", {})), dict(other.get("data", {}))
        if not same_picture(left.pop("image/png", None), right.pop("image/png", None)):
            return False
        if left != right or one.get("text") != other.get("text"):
            return False
    return True


def same_picture(a: str | None, b: str | None, tolerance: float = 2.0) -> bool:
    """Whether two base64 PNGs differ by at most `tolerance` of 255 in root mean square."""
    if a is None or b is None:
        return a is b
    left, right = _pixels(a), _pixels(b)
    if left.shape != right.shape:
        return False
    return bool(np.sqrt(np.mean((left - right) ** 2)) <= tolerance)


def _pixels(png: str) -> np.ndarray:
    from matplotlib.image import imread

    picture: np.ndarray = imread(io.BytesIO(base64.b64decode(png)), format="png")
    return picture.astype(float) * 255


def _text(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def _without_outputs(text: str) -> str:
    notebook = nbformat.reads(text, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebooks.dumps(notebook)
