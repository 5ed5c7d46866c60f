"""The pages beside the chapters, generated from headers, declarations, claims and terms."""

from collections.abc import Sequence
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.exercises import Chapters
from coursekit.handbook import claims, course_map, exercise_index, glossary
from coursekit.handbook.chapter import Chapter, read

__all__ = ["Chapter", "pages", "read"]


def pages(root: Path, chapters: Sequence[Chapter], course: Chapters) -> dict[Path, str]:
    """Return the generated pages of the course in `root`: path → text.

    Raises
    ------
    CourseError
        When a chapter needs one that does not come before it, a claim names a chapter that has no
        cell for it, or a term one that does not use it.
    """
    _check_needs(chapters)
    docs = root / "docs"
    found = {
        docs / "exercises.md": exercise_index.page(chapters, course),
        docs / "map.md": course_map.page(chapters, course),
        docs / "images" / "map.svg": course_map.drawing(chapters),
    }
    if (path := root / "README.md").exists():
        found[path] = course_map.in_readme(path.read_text("utf-8"), chapters)
    if (path := docs / "claims.toml").exists():
        found[docs / "claims.md"] = claims.page(path, chapters)
    if (path := docs / "glossary.toml").exists():
        found[docs / "glossary.md"] = glossary.page(path, chapters)
    return found


def _check_needs(chapters: Sequence[Chapter]) -> None:
    known: set[int] = set()
    for chapter in sorted(chapters, key=lambda chapter: chapter.number):
        if missing := set(chapter.after) - known:
            raise CourseError(
                f"{chapter.slug} needs chapter {min(missing)}, which is not before it."
            )
        known.add(chapter.number)
