"""The claims of popular articles, each with the cell that settles it and what that cell asserts."""

import ast
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.handbook.chapter import Chapter

GROUPS = {
    "D": "Definition and properties",
    "G": "Derivative",
    "K": "Code that circulates",
    "S": "Saturation, vanishing and exploding gradients",
    "A": "Alternatives",
}
MOST, LONGEST = 3, 90  # assertions shown of a cell, characters of one

INTRODUCTION = """# What articles say about the sigmoid

Popular articles about the sigmoid make these claims, here in our words. Every one is met in a
chapter: predicted, measured and settled by a cell that asserts what it found. The last column
quotes assertions of that cell; the tests execute them.

This page is made by `coursekit build` from `docs/claims.toml` and the chapters.
"""


def page(path: Path, chapters: Sequence[Chapter]) -> str:
    """Return docs/claims.md.

    Raises
    ------
    CourseError
        When a claim has no cell in a chapter that is said to settle it.
    """
    claims = tomllib.loads(path.read_text("utf-8"))
    written = {chapter.slug: chapter for chapter in chapters}
    parts = [INTRODUCTION]
    for letter, heading in GROUPS.items():
        rows = [
            f"| {name} | {claim['claim']} | **{claim['verdict']}** | {claim['truth']} | "
            + "<br>".join(_evidence(name, written[slug]) for slug in claim["chapters"])
            + " |"
            for name, claim in claims.items()
            if name.startswith(letter)
        ]
        head = "| id | the claim | verdict | what is true | settled in |\n|---|---|---|---|---|"
        parts.append("\n".join([f"## {heading}", "", head, *rows, ""]))
    return "\n".join(parts)


def _evidence(name: str, chapter: Chapter) -> str:
    """Return a link to the chapter's section, and what its cell asserts."""
    for heading, cell in chapter.sections():
        if name in cell.metadata.get("claims", []):
            shown = [f"`{text}`" for text in _assertions(cell.source)][:MOST]
            link = f"[{_plain(heading)}](../solutions/{chapter.slug}.ipynb)"
            return "<br>".join([link, *shown])
    raise CourseError(f"{chapter.slug}: no cell carries the claim {name}, as claims.toml says.")


def _assertions(source: str) -> Iterator[str]:
    """Yield the cell's assertions with a number first, each on one line."""
    code = "\n".join(line for line in source.splitlines() if not re.match(r"\s*[%!]", line))
    asserts = [node.test for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Assert)]
    texts = [ast.unparse(test).replace("|", "\\|") for test in asserts]
    texts = [text for text in texts if len(text) <= LONGEST]
    yield from sorted(texts, key=lambda text: not re.search(r"\d\.?\d", text))


def _plain(heading: str) -> str:
    return heading.replace("|", "\\|")
