"""Write the course as assignments into a teacher's folder."""

from collections.abc import Sequence
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.grading.secret import FILE, hidden_seeds, read_secret
from coursekit.interop import nbgrader, otter
from coursekit.interop.source import Source, read_sources
from coursekit.notebooks import dumps


def export(
    tool: str, root: Path, folder: Path, slugs: Sequence[str] = (), secret: Path | None = None
) -> list[Path]:
    """Write an assignment per chapter into `folder` and return the files written.

    With the secret of ``coursekit grade`` the tests draw the same inputs as that does.

    Raises
    ------
    CourseError
        When the course is not there, or a file would be written over that somebody changed.
    """
    sources = read_sources(root, slugs)
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"{folder} is a file; name a folder for the assignments.")
    folder.mkdir(parents=True, exist_ok=True)
    key = read_secret(secret or folder / FILE)
    wanted = {folder / path: text for s in sources for path, text in files(tool, s, key).items()}
    for path, text in wanted.items():
        if path.exists() and path.read_text("utf-8") != text:
            raise CourseError(
                f"{path} is another than this course's; move it away, or name another folder."
            )
    if tool == "nbgrader" and not (config := folder / "nbgrader_config.py").exists():
        wanted[config] = nbgrader.CONFIG
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    return list(wanted)


def files(tool: str, source: Source, secret: bytes) -> dict[Path, str]:
    """Return the files of one chapter's assignment: path within the folder → text."""
    seeds = {name: hidden_seeds(secret, name) for name in source.asked}
    name = Path(source.slug) / f"{source.slug}.ipynb"
    if tool == "nbgrader":
        return {Path("source") / name: dumps(nbgrader.assignment(source, seeds))}
    return {name: dumps(otter.assignment(source, seeds))}
