"""Write what the grader found: each file whole, no text obeyed, no file name a surprise.

Students' names and messages come from outside and are not trusted: in a spreadsheet they are
no formula, in a terminal no escape code, and on disk they cannot leave their folder.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from coursekit.grading.files import appearing

LONGEST_NAME = 56  # characters of a file name's stem; at most 224 bytes of 255

_PLAIN = re.compile(r"\w(?:[\w .,'@+()-]*[\w)])?")
_MARKED = re.compile(r"-[0-9a-f]{8}")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # to Windows


def replace(path: Path, text: str) -> None:
    """Write `text` to `path` so that a reader finds the old file or the new, never a part."""
    with appearing(path) as file:
        file.write(text)


def printable(text: str) -> str:
    r"""Return `text` with spaces for what cannot be shown: controls, lone surrogates.

    >>> printable("Ann\x1b[31m\nB")
    'Ann [31m B'
    """
    return "".join(c if c.isprintable() else " " for c in text)


def one_cell(text: str) -> str:
    """Keep a text in one cell that no spreadsheet reads as a formula.

    >>> one_cell("=1+1")
    "'=1+1"
    """
    text = printable(text)
    return f"'{text}" if text.lstrip().startswith(("=", "+", "-", "@")) else text


def file_name(student: str) -> str:
    """Return a file name's stem for a student, as every system takes it.

    It is the student's name where that is plain; otherwise what is plain of it, and eight
    letters made from the whole name.

    >>> file_name("Ann Lee_12345")
    'Ann Lee_12345'
    >>> file_name("..")
    'student-5ec1f7e7'
    """
    return student if _plain(student) else _marked(student)


def file_names(students: Iterable[str]) -> dict[str, str]:
    """Return `file_name` for every student, marked also where names differ in case only."""
    students = list(students)
    folded = Counter(map(_folded, students))
    return {s: file_name(s) if folded[_folded(s)] == 1 else _marked(s) for s in students}


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _plain(name: str) -> bool:
    return (
        _PLAIN.fullmatch(name) is not None
        and len(name) <= LONGEST_NAME
        and _MARKED.search(name) is None
        and _DEVICE.fullmatch(name) is None
        and unicodedata.is_normalized("NFC", name)
    )


def _marked(name: str) -> str:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    stem = re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFC", name))[: LONGEST_NAME - 10]
    return f"{stem.strip('-') or 'student'}-{digest}"
