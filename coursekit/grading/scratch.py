"""Folders that student code has written into: emptied and removed, whatever it left there.

Trusts nothing in them: 20,000 folders within each other, names of any bytes, folders that
their owner may not enter, links to elsewhere (which are removed, never followed).
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PREFIX = "coursekit-"


def new_folder() -> Path:
    """Make a folder that only this user may enter."""
    return Path(tempfile.mkdtemp(prefix=PREFIX))


def empty(folder: Path) -> None:
    """Remove all that is in a folder."""
    for entry in list(os.scandir(folder)):
        remove(Path(entry.path))


def remove(path: Path) -> None:
    """Remove a file, link or folder with all that is in it; what cannot go is left."""
    if os.name != "posix":
        shutil.rmtree(path, ignore_errors=True)
        return
    if _run("rm", "-rf", path):  # rmtree recurses, rm does not
        _run("chmod", "-R", "u+rwx", path)
        _run("rm", "-rf", path)


def _run(*command: str | Path) -> int:
    # SIGCHLD and output are the caller's; names may start with a dash
    *words, path = command
    quiet = subprocess.DEVNULL
    done = subprocess.run([*words, "--", path], stdin=quiet, stdout=quiet, stderr=quiet)
    return done.returncode
