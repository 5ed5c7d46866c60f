"""What an author runs: build the notebooks from their sources, or say which are stale."""

import base64
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from nbformat import NotebookNode

from coursekit import exercises, handbook, notebooks
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
        return self.source.with_name(f"{self.solution.metadata.coursekit.chapter}.ipynb")

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


def build(source: Path, course: exercises.Chapters) -> Built:
    """Build one source without executing it.

    Raises
    ------
    CourseError
        When the source cannot be read, is malformed, or does not fit its declarations.
    """
    slug = source.stem
    if slug not in course:
        raise CourseError(f"{source}: no exercises are declared for {slug!r}.")
    return assemble(source, lambda text: notebooks.solved(text, slug, course[slug]))


def assemble(source: Path, solved: Callable[[str], NotebookNode]) -> Built:
    """Return both notebooks of a source, given what makes the solved one of its text.

    Raises
    ------
    CourseError
        When the source cannot be read or is malformed.
    """
    try:
        solution = solved(source.read_text("utf-8"))
        return Built(source, solution, notebooks.unsolved(solution))
    except CourseError as error:
        raise CourseError(f"{source}: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{source} cannot be read: {error}.") from None
    except ModuleNotFoundError as error:
        raise CourseError(
            f"Building needs {error.name}; run `pip install 'coursekit[author]'`."
        ) from None


def write(built: Built) -> None:
    """Execute the solution and write both notebooks."""
    done = _executed(built)
    built.chapter_path.parent.mkdir(exist_ok=True)
    built.solution_path.write_text(notebooks.dumps(done), "utf-8", newline="\n")
    built.chapter_path.write_text(notebooks.dumps(built.chapter), "utf-8", newline="\n")


def pages(root: Path, course: exercises.Chapters) -> dict[Path, str]:
    """Return the generated pages of the course in `root`; a course without docs/ has none.

    Raises
    ------
    CourseError
        When a source is malformed, or a page cannot be made from it.
    """
    if not (root / "docs").is_dir():
        return {}
    every = (build(path, course) for path in sources(root))
    chapters = [handbook.read(one.source.stem, one.solution) for one in every]
    return handbook.pages(root, chapters, course)


def stale_pages(pages: dict[Path, str]) -> Iterator[Path]:
    """Yield the pages on disk that differ from the generated ones."""
    return (path for path, text in pages.items() if _text(path) != text)


def write_pages(pages: dict[Path, str]) -> Iterator[Path]:
    """Write the pages that differ, and yield each."""
    for path in stale_pages(pages):
        path.parent.mkdir(exist_ok=True)
        path.write_text(pages[path], "utf-8", newline="\n")
        yield path


def _executed(built: Built) -> NotebookNode:
    os.environ.setdefault("PYTHONHASHSEED", "0")  # kernels inherit it: sets print in one order
    done = notebooks.execute(built.solution, built.source)
    done.metadata.coursekit.drawn_with = drawn_with()
    return done


def drawn_with() -> str:
    """Return what decides a figure's last pixel: the libraries, and how NumPy rounds here.

    Elementary functions differ in their last bit between vector units, and a figure of
    rounding errors shows it.
    """
    import matplotlib

    unit = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return f"matplotlib {matplotlib.__version__}, numpy {np.__version__}, {' '.join(unit)}"


def stale(built: Built, *, run: bool = True) -> Iterator[Path]:
    """Yield the notebooks on disk that `write` would change.

    The chapter is compared byte for byte. The solution is compared cell by cell, and with
    `run` it is executed and its outputs are compared too: texts exactly, and figures by
    their pixels where the same libraries drew them on a processor that rounds alike.
    """
    if _text(built.chapter_path) != notebooks.dumps(built.chapter):
        yield built.chapter_path
    lying = _notebook(_text(built.solution_path))
    if lying is None or _without_outputs(lying) != notebooks.dumps(built.solution):
        yield built.solution_path
        return
    if run and not same_outputs(lying, _executed(built)):
        yield built.solution_path


def stale_among(built: list[Built]) -> Iterator[Path]:
    """Yield every stale notebook; kernels start only when no source alone tells."""
    late = [path for one in built for path in stale(one, run=False)]
    yield from late or (path for one in built for path in stale(one))


def same_outputs(a: NotebookNode, b: NotebookNode) -> bool:
    """Whether two runs of one notebook print the same, and draw the same where they should."""
    comparable = a.metadata.coursekit.get("drawn_with") == b.metadata.coursekit.get("drawn_with")
    pairs = [(x, y) for x, y in zip(a.cells, b.cells, strict=True) if x.cell_type == "code"]
    ran = all(x.execution_count == y.execution_count for x, y in pairs)
    return ran and all(_alike(x.outputs, y.outputs, comparable) for x, y in pairs)


def _alike(a: list[NotebookNode], b: list[NotebookNode], comparable: bool) -> bool:
    if len(a) != len(b):
        return False
    for one, other in zip(a, b, strict=True):
        (left, one_picture), (right, other_picture) = _apart(one), _apart(other)
        if left != right or (one_picture is None) != (other_picture is None):
            return False
        if comparable and not same_picture(one_picture, other_picture):
            return False
    return True


def _apart(output: NotebookNode) -> tuple[dict[str, Any], str | None]:
    """Return an output without its picture, and the picture."""
    data = dict(output.get("data", {}))
    picture = data.pop("image/png", None)
    return {**output, "data": data}, picture


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
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None  # absent or unreadable: building mends either


def _notebook(text: str | None) -> NotebookNode | None:
    """Return the notebook in `text`, or None where it is none, as after a merge conflict."""
    try:
        notebook: NotebookNode = nbformat.reads(text or "", as_version=4)
    except Exception:  # the library raises many types for malformed notebooks
        return None
    return notebook


def _without_outputs(notebook: NotebookNode) -> str:
    bare = nbformat.from_dict(notebook)
    bare.metadata.get("coursekit", {}).pop("drawn_with", None)
    for cell in bare.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebooks.dumps(bare)
