"""The generated pages: what is read from a chapter, what is refused, what is drawn."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit import authoring, exercises
from coursekit.errors import CourseError
from coursekit.exercise import Exercise
from coursekit.handbook import claims, course_map, exercise_index, glossary, pages, read
from coursekit.handbook.layers import layout

ROOT = Path(__file__).parents[1]
HEADER = """# {number} · Squash & <stretch>

**50 minutes.** You need arithmetic{needs},
and patience.

After this chapter you can

- squash a number
  into a box,
- stretch it again."""


def chapter(number, needs="", *cells):
    first = new_markdown_cell(HEADER.format(number=number, needs=needs))
    return read(f"{number:02}_squash", new_notebook(cells=[first, *cells]))


def settling(claim, source):
    return new_code_cell(source, metadata={"claims": [claim]})


def test_the_committed_pages_are_built_from_their_sources():
    generated = authoring.pages(ROOT, exercises.chapters())
    assert list(authoring.stale_pages(generated)) == [], "run `coursekit build`"


def test_a_chapter_that_needs_a_later_one_is_refused(tmp_path):
    found = [chapter(1), chapter(2, " (chapters 1 and 3)"), chapter(3)]
    with pytest.raises(CourseError, match="02_squash needs chapter 3, which is not before it"):
        pages(tmp_path, found, {})


def test_a_header_is_read():
    found = chapter(7, " (chapter 5) and more (chapters 1, 3 and 4) or (6)")
    assert (found.number, found.title, found.minutes) == (7, "Squash & <stretch>", 50)
    assert found.after == (1, 3, 4, 5, 6)
    assert found.needs.startswith("You need arithmetic (chapter 5)")
    assert found.needs.endswith(", and patience.")
    assert found.objectives == ("squash a number into a box", "stretch it again")


def test_a_header_without_minutes_is_refused():
    with pytest.raises(CourseError, match="03_x: the first cell must state"):
        read("03_x", new_notebook(cells=[new_markdown_cell("# 3 · X\n\n- do")]))


def claims_file(folder, chapters):
    path = folder / "claims.toml"
    path.write_text(
        f'[D1]\nclaim = "It is 0 | 1."\nverdict = "false"\ntruth = "No."\nchapters = {chapters}\n',
        "utf-8",
    )
    return path


def test_a_claim_is_shown_with_the_section_and_the_assertions_of_its_cell(tmp_path):
    cell = settling("D1", "x = 1\nassert x < 2.5\n%pip list")
    found = chapter(3, "", new_markdown_cell("## 3.1 At | last"), cell)
    page = claims.page(claims_file(tmp_path, ["03_squash"]), [found])
    assert "[3.1 At \\| last](../solutions/03_squash.ipynb)<br>`x < 2.5` |" in page
    assert "| D1 |" in page
    assert "**false**" in page


def test_a_claim_without_a_cell_is_refused(tmp_path):
    with pytest.raises(CourseError, match="03_squash: no cell carries the claim D1"):
        claims.page(claims_file(tmp_path, ["03_squash"]), [chapter(3)])


def test_a_term_that_its_chapter_does_not_use_is_refused(tmp_path):
    path = tmp_path / "glossary.toml"
    path.write_text('[box]\nmeans = "A set."\nchapter = 1\n', "utf-8")
    assert "**box** — A set. ([1 · Squash" in glossary.page(path, [chapter(1)])
    path.write_text('[ulp]\nmeans = "A unit."\nchapter = 1\n', "utf-8")
    with pytest.raises(CourseError, match="01_squash does not use the term 'ulp'"):
        glossary.page(path, [chapter(1)])


def test_the_map_draws_each_need_once_and_none_that_follows_from_others():
    found = [chapter(1), chapter(2, " (1)"), chapter(3, " (chapters 1 and 2)"), chapter(4, " (1)")]
    assert course_map.edges(found) == [(1, 2), (2, 3), (1, 4)]
    assert layout([1, 2, 3, 4], course_map.edges(found)).row == {1: 0, 2: 1, 3: 2, 4: 1}
    drawing = ElementTree.fromstring(course_map.drawing(found))
    boxes = drawing.findall("{http://www.w3.org/2000/svg}rect")
    assert len(boxes) == len(found)


def test_an_arrow_that_skips_rows_passes_beside_the_boxes():
    placed = layout([1, 2, 3], [(1, 2), (2, 3), (1, 3)])
    (start, beside, end), box = placed.path((1, 3)), placed.at(2)
    assert (start[1], beside[1], end[1]) == (0, 1, 2)
    assert abs(beside[0] - box[0]) > 0.5  # half a box


def test_the_readme_gets_its_table_between_the_marks():
    first, last = course_map.MARKS
    text = course_map.in_readme(f"a\n{first}\nold\n{last}\nb", [chapter(1)])
    row = "| 1 | [Squash & <stretch>](chapters/01_squash.ipynb) | 50 min |"
    assert text == f"a\n{first}\n| chapter | | time |\n|---|---|---|\n{row}\n{last}\nb"
    assert course_map.in_readme("no marks", [chapter(1)]) == "no marks"


def test_the_index_counts_points_and_mistakes():
    asked = Exercise(
        name="f", points=2, prompt="Return `x|y`. Now.", reference=1, mistakes=(), hints=("a",)
    )
    page = exercise_index.page([chapter(1)], {"01_squash": (asked,)})
    assert "1 exercises, 2 points" in page
    assert "| `f` | value | 2 | Return `x\\|y`. | 0 | 1 |" in page
