"""Every exercise of the course, with what it is worth and what it is for."""

import re
from collections.abc import Sequence

from coursekit.exercise import Exercise
from coursekit.exercises import Chapters
from coursekit.handbook.chapter import Chapter

INTRODUCTION = """# The exercises

{count} exercises, {points} points, {mistakes} mistakes that `check` names. What an exercise asks
is told in its chapter; this page says where it is, and what it is worth.

This page is made by `coursekit build` from the declarations and the chapters' first lines.
"""


def page(chapters: Sequence[Chapter], course: Chapters) -> str:
    """Return docs/exercises.md."""
    every = [exercise for chapter in chapters for exercise in course[chapter.slug]]
    parts = [
        INTRODUCTION.format(
            count=len(every),
            points=sum(exercise.points for exercise in every),
            mistakes=sum(len(exercise.mistakes) for exercise in every),
        )
    ]
    return "\n".join([*parts, *(_section(c, course[c.slug]) for c in chapters)])


def _section(chapter: Chapter, asked: Sequence[Exercise]) -> str:
    points = sum(exercise.points for exercise in asked)
    lines = [
        f"## {chapter.link}",
        "",
        f"{chapter.minutes} minutes, {points} points. After it a student can",
        "",
        *(f"- {goal}" for goal in chapter.objectives),
        "",
        "| exercise | kind | points | asks | mistakes | hints |",
        "|---|---|---:|---|---:|---:|",
        *map(_row, asked),
        "",
    ]
    return "\n".join(lines)


def _row(exercise: Exercise) -> str:
    cells = [f"`{exercise.name}`", exercise.kind, exercise.points, _first_sentence(exercise.prompt)]
    cells += [len(exercise.mistakes), len(exercise.hints)]
    return "| " + " | ".join(map(str, cells)) + " |"


def _first_sentence(prompt: str) -> str:
    """Return the first sentence of a prompt, on one line, with mathematics left whole.

    >>> _first_sentence("Return $f(x) = 1.5$ for `x`. No loops.")
    'Return $f(x) = 1.5$ for `x`.'
    """
    text = " ".join(prompt.strip().split("\n\n")[0].split())
    found = re.match(r"(?:\$[^$]*\$|`[^`]*`|[^$`])*?[.?:](?=\s|$)", text)
    sentence = (found[0] if found else text).removesuffix(":")
    return sentence.replace("|", "\\|")
