"""Read notebooks that people hand in, and find the chapters as they were handed out."""

import json
import warnings
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursekit.errors import CourseError

LARGEST = 20_000_000  # bytes; a chapter with all outputs stays below a tenth of it


def read_notebook(path: Path) -> NotebookNode:
    """Return the notebook at `path`.

    Raises
    ------
    CourseError
        When the file is missing, too large, no notebook, or of an old format.
    """
    text = _text(path)
    try:
        version = json.loads(text)["nbformat"]
    except (ValueError, RecursionError):
        raise CourseError(f"{path} is not a notebook: its JSON is broken.") from None
    except (TypeError, KeyError):
        raise CourseError(f"{path} is not a notebook: it has no nbformat version.") from None
    if version != 4:
        raise CourseError(
            f"{path} has notebook format {version}, not 4: open and save it in JupyterLab."
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # absent cell ids are mended silently
        try:
            notebook: NotebookNode = nbformat.reads(text, as_version=4)
            nbformat.validate(notebook)
        except Exception as error:  # nbformat raises many types for malformed cells
            reason = str(error).strip().partition("\n")[0]
            raise CourseError(f"{path} is not a valid notebook: {reason}") from None
    return notebook


def _text(path: Path) -> str:
    if path.is_dir():
        raise CourseError(f"{path} is a folder; name a notebook in it.")
    if not path.exists():
        raise CourseError(f"{path} does not exist; name a notebook such as 01_definition.ipynb.")
    if path.stat().st_size > LARGEST:
        raise CourseError(f"{path} is larger than {LARGEST // 1_000_000} MB; clear its outputs.")
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise CourseError(f"{path} is not a notebook: it is not text in UTF-8.") from None
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from None


def handed_out() -> Path:
    """Return the folder with the chapters: inside an installed package, or the checkout's."""
    package = Path(__file__).parent
    installed = package / "_chapters"
    return installed if installed.is_dir() else package.parent / "chapters"


def original(slug: str) -> NotebookNode | None:
    """Return a chapter as it was handed out, or None where it is not there."""
    path = handed_out() / f"{slug}.ipynb"
    return read_notebook(path) if path.exists() else None
