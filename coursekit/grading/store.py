"""One JSON per submission, by which a run that was killed goes on where it stopped.

A stored result counts when its key says that the same notebook was graded by the same
course with the same seeds, limits and sandbox. Whatever else lies there, half a file or another
program's, is no result: its submission is graded again.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

import coursekit
from coursekit import exercises
from coursekit.exercises import exam
from coursekit.grading.classroom import Settings
from coursekit.grading.files import appearing, writing
from coursekit.grading.results import Result, Submission, as_plain, from_plain
from coursekit.grading.secret import seed_identity
from coursekit.grading.writing import file_name
from coursekit.reading import path_of


class Store:
    """The results below a folder: ``<student>/<chapter>.json``."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._folder = folder
        terms = json.dumps([asdict(settings.limits), asdict(settings.policy)], sort_keys=True)
        same = course_identity(), seed_identity(settings.secret), terms
        self._bases = {slug: _hash(chapter_identity(slug), *same) for slug in exercises.chapters()}

    def key(self, submission: Submission, content: bytes) -> str:
        """Return what a result depends on: the notebook, the course, and the settings."""
        who = json.dumps([submission.student, submission.chapter])
        return _hash(self._bases[submission.chapter], who, hashlib.sha256(content).hexdigest())

    def graded(self, submission: Submission, key: str) -> Result | None:
        """Return the stored result with this key; what is ungraded is never final."""
        stored = self._load(submission)
        if stored is None or stored[0] != key or stored[1].ungraded is not None:
            return None
        return stored[1]

    def write(self, result: Result, key: str) -> None:
        """Store a result; it takes the old one's place in one step."""
        path = self._path(result.submission)
        with writing(self._folder):
            path.parent.mkdir(parents=True, exist_ok=True)
            with appearing(path) as file:
                json.dump({"key": key, **as_plain(result)}, file, indent=1)
                file.write("\n")

    def read(self, submission: Submission) -> Result:
        """Return what is stored on a submission."""
        stored = self._load(submission)
        missing = f"{submission.path}: its result is missing; grade again."
        return stored[1] if stored else Result(submission, ungraded=missing)

    def _load(self, submission: Submission) -> tuple[str, Result] | None:
        try:
            fields = json.loads(self._path(submission).read_text("utf-8"))
            result = from_plain(fields)
            key = str(fields["key"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        told = result.submission
        if (told.student, told.chapter) != (submission.student, submission.chapter):
            return None
        return key, replace(result, submission=submission)

    def _path(self, submission: Submission) -> Path:
        return self._folder / file_name(submission.student) / f"{submission.chapter}.json"


class Stored(Sequence[Result]):
    """The results on some submissions; each is read when it is asked for, none is kept."""

    def __init__(self, store: Store, submissions: Sequence[Submission]) -> None:
        self._store, self._submissions = store, submissions

    def __len__(self) -> int:
        return len(self._submissions)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return Stored(self._store, self._submissions[index])
        return self._store.read(self._submissions[index])

    def __iter__(self) -> Iterator[Result]:
        return map(self._store.read, self._submissions)


def course_identity() -> str:
    """Return what two installations share that grade alike: version, sources, data, the exam."""
    package, root = Path(coursekit.__file__).parent, exam.folder()
    whole = hashlib.sha256(version("coursekit").encode())
    ours = chain(package.rglob("*.py"), (package / "data").rglob("*.npz"))
    theirs = (root / "exercises").rglob("*") if root else ()
    for base, found in ((package, ours), (root or package, theirs)):
        for path in sorted(found):
            if path.is_file() and not {"_chapters", "__pycache__"} & {*path.parts}:
                whole.update(f"\0{path.relative_to(base).as_posix()}\0".encode())
                whole.update(path.read_bytes())
    return whole.hexdigest()


def chapter_identity(slug: str) -> str:
    """Return a hash of a chapter as it was handed out, or nothing where it is not there."""
    path = path_of(slug)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _hash(*texts: str) -> str:
    whole = "\0".join(texts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()
