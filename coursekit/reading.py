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
    try:
        content = json.loads(_text(path))
    except (ValueError, RecursionError):
        raise CourseError(f"{path} is not a notebook: its JSON is broken.") from None
    version = content.get("nbformat") if isinstance(content, dict) else None
    if version is None:
        raise CourseError(f"{path} is not a notebook: it has no nbformat version.")
    if version != 4:
        raise CourseError(
            f"{path} has notebook format {str(version)[:20]}, not 4: "
            "open it in JupyterLab and save it."
        )
    try:
        cells = tuple(_cell(cell) for cell in content["cells"])
        mark = content["metadata"].get("coursekit")
        built = mark.get("digest") if isinstance(mark, Mapping) else None
    except (TypeError, KeyError, AttributeError):
        raise CourseError(f"{path} is not a valid notebook: its cells are malformed.") from None
    return Notebook(cells, built)


def _cell(cell: Mapping[str, Any]) -> Cell:
    source = cell["source"]
    tags = cell["metadata"].get("tags", [])
    return Cell(
        str(cell["cell_type"]),
        source if isinstance(source, str) else "".join(source),
        frozenset(map(str, tags)),
    )


def _text(path: Path) -> str:
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
            raise CourseError(
                f"{path} is larger than {LARGEST // 1_000_000} MB; clear its outputs and save it."
            )
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise CourseError(f"{path} is not a notebook: it is not text in UTF-8.") from None
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from None


def handed_out() -> Path:
    """Return the folder with the chapters: inside an installed package, or the checkout's."""
    package = Path(__file__).parent
    installed = package / "_chapters"
    return installed if installed.is_dir() else package.parent / "chapters"


def original(slug: str) -> Notebook | None:
    """Return a chapter as it was handed out, or None where it is not there."""
    path = handed_out() / f"{slug}.ipynb"
    return read_notebook(path) if path.exists() else None
