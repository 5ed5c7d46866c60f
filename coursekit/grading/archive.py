"""Submissions in a zip, read one by one where they lie; nothing is unpacked onto the disk.

The zip is a download of the teacher's, but what it holds was named and written by
students. No name is used as a path, and no size that the zip states is believed: reading
stops at the largest size that a notebook may have.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from coursekit.compare import one_line
from coursekit.errors import CourseError
from coursekit.grading.results import Submission
from coursekit.reading import LARGEST, too_large

MOST = 100_000  # files in one zip
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others can't be unpacked bit by bit


class Archive:
    """A zip with submissions; it stays open for as long as this object lives.

    Raises
    ------
    CourseError
        When the file is no zip, is broken, or holds too many files.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise CourseError(f"{path} is not a zip or is broken; download it again.") from None
        except OSError as error:
            raise CourseError(f"{path} cannot be read: {error.strerror}.") from None
        if len(self._zip.infolist()) > MOST:
            raise CourseError(f"{path} holds more than {MOST} files; grade it in parts.")
        self._members: dict[Path, zipfile.ZipInfo] = {}

    def entries(self, refused: list[str]) -> Iterator[tuple[tuple[str, ...], Path]]:
        """Yield the names and the path of every folder and notebook, hidden ones apart.

        What has a path that leaves the zip goes to `refused`, with a sentence.
        """
        for info in sorted(self._zip.infolist(), key=lambda info: info.filename):
            name = info.filename.replace("\\", "/")
            parts = tuple(part for part in name.split("/") if part)
            if not parts:
                continue
            if ".." in parts or re.match(r"/|[A-Za-z]:", name):
                refused.append(f"skipped {one_line(name)} in {self._path}: its path leaves the zip")
                continue
            if any(part.startswith((".", "__MACOSX")) for part in parts):
                continue
            path = self._path.joinpath(*parts)
            if path.suffix == ".ipynb" and not name.endswith("/"):
                yield parts, self._remember(path, info)
            elif above := parts if name.endswith("/") else parts[:-1]:
                yield above, self._path.joinpath(*above)

    def _remember(self, path: Path, info: zipfile.ZipInfo) -> Path:
        if path in self._members:
            raise CourseError(f"{path} is in the zip twice; remove one.")
        self._members[path] = info
        return path

    def read(self, submission: Submission) -> bytes:
        """Return a notebook's bytes.

        Raises
        ------
        CourseError
            When it is a link, too large, broken, or packed in an unusual way.
        """
        path = submission.path
        info = self._members[path]
        if stat.S_ISLNK(info.external_attr >> 16):
            raise CourseError(f"{path} is a link that leads elsewhere; put the notebook there.")
        if info.flag_bits & 1:
            raise CourseError(f"{path} is encrypted; unpack the zip and grade the folder.")
        if info.compress_type not in METHODS:
            raise CourseError(f"{path} is packed in an unusual way; unpack the zip first.")
        try:
            with self._zip.open(info) as file:
                content = file.read(LARGEST + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError):
            raise CourseError(f"{path} is broken in the zip; download it again.") from None
        except OSError as error:
            raise CourseError(f"{path} cannot be read: {error.strerror}.") from None
        if len(content) > LARGEST:
            raise too_large(str(path))
        return content
