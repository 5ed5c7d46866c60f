"""Find who handed in what: in a folder, in nbgrader's, in a zip from Moodle or Canvas.

Names come from students and are texts here, never paths to write to. A link is followed
only within its student's own folder, so that nobody hands in somebody else's notebook or a
file of the teacher's.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coursekit import exercises
from coursekit.errors import CourseError
from coursekit.grading.archive import Archive
from coursekit.grading.results import Submission
from coursekit.reading import read_bytes

DEEPEST = 8  # folders within a folder of submissions
OURS = (
    "results",
    "feedback",
    "exports",
)  # folders of the gradebook's, where that lies beside submissions
MOODLE = re.compile(r"(.+_\d+)_assignsubmission_[a-z]+_?(?:_.*)?")
CANVAS = re.compile(r"([^_]+)(?:_LATE)?(_\d{3,})_\d{3,}(?:_.*)?")  # name_user_submission
COPY = r"(?: ?\(\d+\)|-\d+)?"  # what browsers and Canvas add to a name they have seen before

Entry = tuple[tuple[str, ...], Path]  # a notebook's or an empty folder's names, and its path
Read = Callable[[Submission], bytes]


@dataclass(frozen=True)
class Found:
    """What was handed in, and how to read it.

    Parameters
    ----------
    students
        Everybody who has a folder or a notebook, sorted.
    submissions
        Sorted by student, then by chapter.
    unknown
        Notebooks whose name is no chapter's.
    refused
        Sentences on what was not even looked at.
    read
        Gives a submission's bytes, or raises a CourseError.
    """

    students: tuple[str, ...]
    submissions: tuple[Submission, ...]
    unknown: tuple[Path, ...]
    refused: tuple[str, ...]
    read: Read


def find_submissions(place: Path, out: Path | None = None) -> Found:
    """Find the notebooks in a folder or a zip, in every layout that teachers get them in.

    These are ``<student>/…/NN_slug.ipynb``, flat ``<student>_NN_slug.ipynb``, nbgrader's
    ``submitted/<student>/…``, and the downloads of Moodle and Canvas. What lies in `out`,
    where the gradebook goes, is nobody's submission.

    Raises
    ------
    CourseError
        When there is no notebook, or a student handed in one chapter twice.
    """
    refused: list[str] = []
    if place.is_file() and place.suffix.lower() == ".zip":
        archive = Archive(place)
        read: Read = archive.read
        entries = _below([*archive.entries(refused)], place.stem, alone=True)
    elif place.is_dir():
        entries, read = [*_walk(place, _not_ours(place, out), refused)], _reader(place)
    else:
        raise CourseError(f"{place} is not a folder; name the one with the submissions, or a zip.")
    entries = _below(entries, "submitted", alone=False)
    students, submissions, unknown = _sort(entries)
    if not submissions:
        raise CourseError(f"{place} holds no submission such as STUDENT/01_definition.ipynb.")
    return Found(students, submissions, unknown, tuple(refused), read)


def _sort(
    entries: Iterable[Entry],
) -> tuple[tuple[str, ...], tuple[Submission, ...], tuple[Path, ...]]:
    """Return the students, their submissions, and the notebooks that are no chapter's."""
    name = re.compile(f"(.*?)({'|'.join(exercises.chapters())}){COPY}")
    found: dict[tuple[str, str], Submission] = {}
    students, unknown = set(), []
    for parts, path in entries:
        if len(parts) > 1 or not _is_notebook(path):
            students.add(student_of(parts[0]))
        if not _is_notebook(path):
            continue
        submission = _submission(name.fullmatch(path.stem), parts, path)
        if submission is None:
            unknown.append(path)
            continue
        key = submission.student, submission.part
        if key in found:
            raise CourseError(
                f"{key[0]} handed in {key[1]} twice: {found[key].path} and {path}; remove one."
            )
        found[key] = submission
        students.add(submission.student)
    return tuple(sorted(students)), tuple(found[key] for key in sorted(found)), tuple(unknown)


def _submission(
    name: re.Match[str] | None, parts: tuple[str, ...], path: Path
) -> Submission | None:
    if name is None:
        return None
    before, chapter = name.groups()
    if len(parts) > 1:
        return Submission(student_of(parts[0]), chapter, path)
    if len(before) < 2 or not before.endswith("_"):
        return None
    return Submission(student_of(before[:-1]), chapter, path)


def student_of(name: str) -> str:
    """Return the student whom a folder, or the start of a file's name, stands for.

    >>> student_of("Ann Lee_12345_assignsubmission_file_")
    'Ann Lee_12345'
    >>> student_of("leeann_LATE_12345_67890")
    'leeann_12345'
    >>> student_of("van_der_berg")
    'van_der_berg'
    """
    for pattern in (MOODLE, CANVAS):
        if match := pattern.fullmatch(name):
            return "".join(match.groups())
    return name


def _is_notebook(path: Path) -> bool:
    return path.suffix == ".ipynb"


def _below(entries: list[Entry], name: str, *, alone: bool) -> list[Entry]:
    """Return what lies in the folder `name`, where that holds students and is no student.

    `alone`: only when nothing lies beside it.
    """
    inside = [(parts[1:], path) for parts, path in entries if parts[0] == name and parts[1:]]
    if not inside or any(len(parts) == 1 and _is_notebook(path) for parts, path in inside):
        return entries
    if alone and any(parts[0] != name for parts, _ in entries):
        return entries
    return inside


def _not_ours(folder: Path, out: Path | None) -> Callable[[Path], bool]:
    """Return whether a folder may hold submissions: it may not where the gradebook goes."""
    if out is None:
        return lambda path: True
    base, away = folder.resolve(), out.resolve()
    if base.is_relative_to(away):  # the gradebook lies beside the submissions
        ours = {base / name for name in OURS} if base == away else set()
    else:
        ours = {away}
    return lambda path: base / path.relative_to(folder) not in ours


def _walk(folder: Path, wanted: Callable[[Path], bool], refused: list[str]) -> Iterator[Entry]:
    """Yield all folders and notebooks below a folder, hidden ones and links to folders apart."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        for entry in sorted(os.scandir(here), key=lambda entry: entry.name):
            path = here / entry.name
            parts = path.relative_to(folder).parts
            if entry.name.startswith((".", "__MACOSX")):
                continue
            if entry.is_dir(follow_symlinks=False):
                if not wanted(path):
                    continue
                yield parts, path
                if len(parts) < DEEPEST:
                    waiting.append(path)
                else:
                    refused.append(f"skipped {path}: it lies {DEEPEST} folders deep")
            elif entry.is_symlink() and path.is_dir():
                refused.append(f"skipped {path}: it is a link to a folder; copy the folder here")
            elif _is_notebook(path):
                yield parts, path


def _reader(folder: Path) -> Read:
    def read(submission: Submission) -> bytes:
        """Return a submission's bytes, through no link that leaves the student's folder."""
        path = submission.path
        own = path.relative_to(folder).parts[0]
        home = (folder / own).resolve() if path.parent != folder else folder.resolve() / own
        try:
            inside = path.resolve().is_relative_to(home)
        except (OSError, RuntimeError):  # a link to itself
            inside = False
        if not inside:
            raise CourseError(f"{path} is a link that leads elsewhere; copy the notebook itself.")
        return read_bytes(path)

    return read
