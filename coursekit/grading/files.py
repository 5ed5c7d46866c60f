"""Files that appear whole or not at all, whenever the grader is killed.

The folder is trusted to be the teacher's; a leftover of a killed grader is a hidden file
with a name of its own that nobody reads.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from coursekit.errors import CourseError


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what the system says against writing into `folder` into a sentence."""
    try:
        yield
    except OSError as error:
        raise CourseError(f"{folder} cannot be written: {error.strerror}.") from None


@contextmanager
def appearing(path: Path) -> Iterator[TextIO]:
    """Open a file for writing that takes the place of `path` once all is written."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        with temporary.open("x", encoding="utf-8", newline="") as file:
            yield file
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
