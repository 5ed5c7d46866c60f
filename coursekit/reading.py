"""Read notebooks that people hand in, and find the chapters as they were handed out.

Only what grading needs is read and checked here. The library for notebook files would
check more, but importing it takes longer than grading a notebook.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from coursekit.errors import CourseError
from coursekit.exercises import exam

LARGEST = 20_000_000  # bytes; a chapter with all outputs stays below a tenth of it


@dataclass(frozen=True)
class Cell:
    """A notebook's cell without its outputs."""

    cell_type: str
    source: str
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Notebook:
    """A notebook without its outputs; `built` is the digest of its sources when it was built."""

    cells: tuple[Cell, ...]
    built: str | None = None

    @property
    def code(self) -> list[Cell]:
        """The code cells."""
        return [cell for cell in self.cells if cell.cell_type == "code"]

    @property
    def untouched(self) -> bool:
        """Whether the sources are those it was built with (running it is no change)."""
        return self.built == digest(self.cells)


class _Written(Protocol):
    """What both a `Cell` and the notebook library's cells have."""

    @property
    def cell_type(self) -> str: ...
    @property
    def source(self) -> str: ...


def digest(cells: Iterable[_Written]) -> str:
    """Return a hash of the cells' sources, by which an untouched chapter is recognised."""
    sources = "\0".join(f"{cell.cell_type}\0{cell.source}" for cell in cells)
    return hashlib.sha256(sources.encode("utf-8", "surrogatepass")).hexdigest()


def read_notebook(path: Path) -> Notebook:
    """Return the notebook at `path`.

    Raises
    ------
    CourseError
        When the file is missing, too large, no notebook, or of an old format.
    """
    return parse_notebook(read_bytes(path), str(path))


def parse_notebook(content: bytes, name: str) -> Notebook:
    """Return the notebook in a file's bytes; `name` says in a sentence which one it was.

    Raises
    ------
    CourseError
        When the bytes are too many, no notebook, or of an old format.
    """
    raw = _json(content, name)
    version = raw.get("nbformat") if isinstance(raw, dict) else None
    if version is None:
        raise CourseError(f"{name} is not a notebook: it has no nbformat version.")
    if version != 4:
        raise CourseError(
            f"{name} has notebook format {str(version)[:20]}, not 4: "
            "open it in JupyterLab and save it."
        )
    try:
        cells = tuple(_cell(cell) for cell in raw["cells"])
        mark = raw["metadata"].get("coursekit")
        built = mark.get("digest") if isinstance(mark, Mapping) else None
    except (TypeError, KeyError, AttributeError):
        raise CourseError(f"{name} is not a valid notebook: its cells are malformed.") from None
    return Notebook(cells, built)


def _json(content: bytes, name: str) -> Any:
    if len(content) > LARGEST:
        raise too_large(name)
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise CourseError(f"{name} is not a notebook: it is not text in UTF-8.") from None
    except (ValueError, RecursionError):
        raise CourseError(f"{name} is not a notebook: its JSON is broken.") from None


def too_large(name: str) -> CourseError:
    """Return the sentence on a file that is larger than any notebook of the course."""
    return CourseError(
        f"{name} is larger than {LARGEST // 1_000_000} MB; clear its outputs and save it."
    )


def _cell(cell: Mapping[str, Any]) -> Cell:
    source = cell["source"]
    tags = cell["metadata"].get("tags", [])
    return Cell(
        str(cell["cell_type"]),
        source if isinstance(source, str) else "".join(source),
        frozenset(map(str, tags)),
    )


def read_bytes(path: Path) -> bytes:
    """Return a notebook's bytes; a file that is too large is not read.

    Raises
    ------
    CourseError
        When the file is missing, no file, too large, or not to be read.
    """
    try:
        if path.is_dir():
            raise CourseError(f"{path} is a folder; name a notebook in it.")
        if not path.exists():
            raise CourseError(
                f"{path} does not exist; name a notebook such as work/01_definition.ipynb."
            )
        if not path.is_file():
            raise CourseError(f"{path} is no file; name a notebook.")
        if path.stat().st_size > LARGEST:
            raise too_large(str(path))
        return path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from None


def handed_out() -> Path:
    """Return the folder with the chapters: inside an installed package, or the checkout's."""
    package = Path(__file__).parent
    installed = package / "_chapters"
    return installed if installed.is_dir() else package.parent / "chapters"


def path_of(slug: str) -> Path:
    """Return where a chapter lies as it was handed out: in the exam's folder, or the course's."""
    root = exam.folder()
    built = root / "chapters" / f"{slug}.ipynb" if root else None
    return built if built and built.exists() else handed_out() / f"{slug}.ipynb"


def original(slug: str) -> Notebook | None:
    """Return a chapter as it was handed out, or None where it is not there."""
    path = path_of(slug)
    return read_notebook(path) if path.exists() else None
