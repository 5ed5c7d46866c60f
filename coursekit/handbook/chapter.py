"""What a chapter says about itself in its first lines, and where its cells stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from coursekit.errors import CourseError

_TITLE = re.compile(r"^# (\d+) · (.+)$", re.M)
_MINUTES = re.compile(r"\*\*(\d+) minutes\.\*\*\s*(.*?)\n\n", re.S)
_CHAPTERS = re.compile(r"(?:\bchapters? |\()(\d+(?:(?:, | and )\d+)*)")


@dataclass(frozen=True)
class Chapter:
    """One chapter as the other pages see it."""

    slug: str
    number: int
    title: str
    minutes: int
    needs: str
    after: tuple[int, ...]
    objectives: tuple[str, ...]
    notebook: NotebookNode

    @property
    def link(self) -> str:
        """A link to the chapter from a page in docs/."""
        return f"[{self.number} · {self.title}](../chapters/{self.slug}.ipynb)"

    def sections(self) -> Iterator[tuple[str, NotebookNode]]:
        """Yield every cell with the heading that it stands under."""
        heading = self.title
        for cell in self.notebook.cells:
            if cell.cell_type == "markdown":
                for line in cell.source.splitlines():
                    heading = line.lstrip("# ") if re.match("##? ", line) else heading
            yield heading, cell


def read(slug: str, notebook: NotebookNode) -> Chapter:
    """Return what the first cell of a chapter states.

    Raises
    ------
    CourseError
        When the title, the minutes or the objectives are missing.
    """
    text = notebook.cells[0].source + "\n\n"
    title, minutes = _TITLE.search(text), _MINUTES.search(text)
    objectives = re.findall(r"(?ms)^- (.*?)(?=\n- |\n\n)", text)
    if title is None or minutes is None or not objectives:
        raise CourseError(
            f"{slug}: the first cell must state `# N · title`, `**N minutes.**` and, as a list, "
            "what the student can do afterwards."
        )
    needs = " ".join(minutes[2].split())
    after = {int(n) for group in _CHAPTERS.findall(needs) for n in re.findall(r"\d+", group)}
    return Chapter(
        slug=slug,
        number=int(title[1]),
        title=title[2].strip(),
        minutes=int(minutes[1]),
        needs=needs,
        after=tuple(sorted(after)),
        objectives=tuple(" ".join(item.split()).rstrip(",.") for item in objectives),
        notebook=notebook,
    )
