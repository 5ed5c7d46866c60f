"""The teacher's guide says of the chapters what they say of themselves."""

import re

import nbformat
import submissions as hand

from coursekit import exercises, handbook
from coursekit.cli import main

GUIDE = (hand.ROOT / "docs" / "teaching.md").read_text("utf-8")
CHAPTERS = {
    chapter.number: chapter
    for slug in exercises.course()
    for chapter in [
        handbook.read(slug, nbformat.read(hand.ROOT / "chapters" / f"{slug}.ipynb", as_version=4))
    ]
}


def test_every_chapter_is_there_with_its_title_and_minutes():
    headings = re.findall(r"^### (\d+ · .+)$", GUIDE, re.M)
    assert headings == [
        f"{one.number} · {one.title} · {one.minutes} minutes" for one in CHAPTERS.values()
    ]


def test_the_sections_to_keep_are_the_chapters_own():
    paragraphs = re.split(r"^### (\d+) · .*$", GUIDE, flags=re.M)[1:]
    for number, text in zip(paragraphs[::2], paragraphs[1::2], strict=True):
        named = set(re.findall(rf"\b{number}\.\d\b", text.partition("\n## ")[0]))
        cells = "\n".join(cell.source for cell in CHAPTERS[int(number)].notebook.cells)
        assert all(f"## {section} " in cells for section in named), number


def test_a_shorter_course_fits_and_lacks_nothing_that_it_needs():
    plans = re.findall(r"^\| (\d) \| ([\d, ]+) \| (\d+) \|", GUIDE, re.M)
    plans += [("6", *plan) for plan in re.findall(r" ([\d, ]+) for [\w\s]+ \((\d+) minutes", GUIDE)]
    assert len(plans) == 5
    for hours, numbers, minutes in plans:
        chosen = [CHAPTERS[int(number)] for number in numbers.split(", ")]
        assert sum(chapter.minutes for chapter in chosen) == int(minutes) <= 60 * int(hours)
        assert {n for chapter in chosen for n in chapter.after} <= {c.number for c in chosen}


def test_every_command_and_exercise_that_it_names_exists():
    commands = set(re.findall(r"coursekit (\w+) ", GUIDE))
    assert {"exam", "grade"} <= commands <= set(main.commands)
    listed = re.search(r"let the exercises (.*?) be done", GUIDE, re.S)
    assert set(re.findall(r"`(\w+)`", listed[1])) <= set(exercises.every())
