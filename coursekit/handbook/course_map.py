"""The course on one page: which chapter stands on which, drawn and as a table."""

import textwrap
from collections.abc import Sequence
from html import escape

from coursekit.exercises import Chapters
from coursekit.handbook.chapter import Chapter
from coursekit.handbook.layers import layout

WIDTH, HEIGHT = 190, 60  # of a box
ACROSS, DOWN = 198, 104  # from one box to the next

MARKS = "<!-- chapters: made by coursekit build -->", "<!-- end of chapters -->"

INTRODUCTION = """# The course on one page

![A drawing of the chapters; an arrow leads from a chapter to one that needs it](images/map.svg)

An arrow leads from a chapter to one that names it as needed; what is needed through another is not
drawn again. A chapter can be opened first by anyone who has what it names.

This page is made by `coursekit build` from the chapters' first lines.
"""


def page(chapters: Sequence[Chapter], course: Chapters) -> str:
    """Return docs/map.md."""
    head = "| chapter | time | exercises | points | what it needs |\n|---|---:|---:|---:|---|"
    rows = []
    for chapter in chapters:
        points = sum(exercise.points for exercise in course[chapter.slug])
        needs = chapter.needs.removeprefix("You need ").replace("|", "\\|")
        first = needs[0].upper() if needs[0].isascii() else needs[0]  # σ stays small
        rows.append(
            f"| {chapter.link} | {chapter.minutes} min | {len(course[chapter.slug])} | {points} | "
            f"{first}{needs[1:]} |"
        )
    hours = sum(chapter.minutes for chapter in chapters) / 60
    return "\n".join([INTRODUCTION, head, *rows, "", f"{hours:.1f} hours in all.", ""])


def in_readme(text: str, chapters: Sequence[Chapter]) -> str:
    """Return the README with its table of chapters made anew, where it has the two marks."""
    before, first, rest = text.partition(MARKS[0])
    _, last, after = rest.partition(MARKS[1])
    if not (first and last):
        return text
    rows = [
        f"| {c.number} | [{c.title}](chapters/{c.slug}.ipynb) | {c.minutes} min |" for c in chapters
    ]
    table = "\n".join(["| chapter | | time |", "|---|---|---|", *rows])
    return f"{before}{first}\n{table}\n{last}{after}"


def edges(chapters: Sequence[Chapter]) -> list[tuple[int, int]]:
    """Return the pairs (needed, needing), without those that follow from others."""
    before = {chapter.number: set(chapter.after) for chapter in chapters}

    def reaches(start: int, goal: int) -> bool:
        return goal in before[start] or any(reaches(n, goal) for n in before[start])

    return [
        (needed, number)
        for number, direct in before.items()
        for needed in sorted(direct)
        if not any(reaches(other, needed) for other in direct - {needed})
    ]


def drawing(chapters: Sequence[Chapter]) -> str:
    """Return the map as an SVG that is readable on a light and on a dark page."""
    arrows = edges(chapters)
    placed = layout([chapter.number for chapter in chapters], arrows)
    wide = ACROSS * placed.width
    height = DOWN * max(placed.row.values()) + HEIGHT + 8
    middle = -min(placed.centre.values()) + 0.5

    def at(x: float, y: float) -> tuple[float, float]:
        return ACROSS * (x + middle), DOWN * y + HEIGHT / 2 + 4

    lines = [_arrow([at(*point) for point in placed.path(edge)]) for edge in arrows]
    boxes = [_box(chapter, *at(*placed.at(chapter.number))) for chapter in chapters]
    head = HEAD.format(wide=round(wide), height=height)
    return "\n".join([head, *lines, *boxes, "</svg>", ""])


HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {height}" width="{wide}"
  role="img">
<title>Which chapter stands on which</title>
<style>
text {{ font: 13px system-ui, sans-serif; text-anchor: middle; fill: #1f2328; }}
rect {{ fill: #eef3fb; stroke: #4c72b0; }}
path {{ fill: none; stroke: #7a8699; stroke-width: 1.5; }}
@media (prefers-color-scheme: dark) {{
  text {{ fill: #e6edf3; }} rect {{ fill: #1c2a40; }} path {{ stroke: #9aa7b8; }}
}}
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" \
orient="auto"><path d="M0 1 L7 4 L0 7"/></marker></defs>"""


def _arrow(points: list[tuple[float, float]]) -> str:
    """Return a smooth line through the points: from below the first box to above the last."""
    (x, y), *rest = points
    y += HEIGHT / 2
    path = [f"M{x:.0f} {y:.0f}"]
    for i, (x1, y1) in enumerate(rest):
        last = i == len(rest) - 1
        top = y1 - HEIGHT / 2 - (1 if last else 0)
        bend = (top - y) / 2
        path.append(f"C{x:.0f} {y + bend:.0f} {x1:.0f} {top - bend:.0f} {x1:.0f} {top:.0f}")
        x, y = x1, top
        if not last:  # straight past the boxes of this row
            y += HEIGHT
            path.append(f"V{y:.0f}")
    return f'<path d="{" ".join(path)}" marker-end="url(#tip)"/>'


def _box(chapter: Chapter, x: float, y: float) -> str:
    lines = textwrap.wrap(f"{chapter.number} · {chapter.title}", 26)
    text = "".join(
        f'<text x="{x:.0f}" y="{y + 5 + 17 * (i - (len(lines) - 1) / 2):.0f}">{escape(line)}</text>'
        for i, line in enumerate(lines)
    )
    corner = f'x="{x - WIDTH / 2:.0f}" y="{y - HEIGHT / 2:.0f}"'
    return f'<rect {corner} width="{WIDTH}" height="{HEIGHT}" rx="8"/>{text}'
