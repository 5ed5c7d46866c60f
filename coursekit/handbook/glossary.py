"""The course's terms, each with the chapter that introduces it."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.handbook.chapter import Chapter

INTRODUCTION = """# Glossary

The terms that the course uses, as it uses them, with the chapter that introduces each.

This page is made by `coursekit build` from `docs/glossary.toml`.
"""


def page(path: Path, chapters: Sequence[Chapter]) -> str:
    """Return docs/glossary.md.

    Raises
    ------
    CourseError
        When a term does not occur in the chapter that is said to introduce it.
    """
    terms = tomllib.loads(path.read_text("utf-8"))
    written = {chapter.number: chapter for chapter in chapters}
    lines = [INTRODUCTION]
    for term in sorted((t for t in terms if terms[t]["chapter"] in written), key=str.casefold):
        chapter = written[terms[term]["chapter"]]
        word = terms[term].get("written", term)
        if word.casefold() not in _text(chapter):
            raise CourseError(f"glossary.toml: {chapter.slug} does not use the term {word!r}.")
        lines.append(f"**{term}** — {terms[term]['means']} ({chapter.link})\n")
    return "\n".join(lines)


def _text(chapter: Chapter) -> str:
    markdown = [c.source for c in chapter.notebook.cells if c.cell_type == "markdown"]
    return " ".join(" ".join(markdown).split()).casefold()
