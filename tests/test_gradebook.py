"""The gradebook: a column per exercise, nothing lost, nothing that a spreadsheet would run."""

import csv
import errno
import io
import json

import pytest

from coursekit import exercises
from coursekit.grading import gradebook
from coursekit.grading.classroom import columns
from coursekit.grading.gradebook import csv_lines, write_gradebook
from coursekit.grading.results import Result, Submission
from coursekit.verdict import Verdict

CHAPTERS = exercises.chapters()
ONE, TWO = list(CHAPTERS)[:2]


def submission(tmp_path, student, chapter=ONE):
    return Submission(student, chapter, tmp_path / student / f"{chapter}.ipynb")


def graded(tmp_path, student, chapter=ONE, share=1):
    verdicts = tuple(
        Verdict(e.name, "passed" if share else "failed", share * e.points, e.points)
        for e in CHAPTERS[chapter]
    )
    return Result(submission(tmp_path, student, chapter), verdicts)


def ungraded(tmp_path, student, chapter=ONE, reason="a reason"):
    return Result(submission(tmp_path, student, chapter), ungraded=reason)


def columns_of(results):
    return columns(result.submission for result in results)


def as_csv(*table):
    return "".join(csv_lines(*table))


def table(students, *results):
    text = as_csv(students, results, columns_of(results))
    return {row["student"]: row for row in csv.DictReader(io.StringIO(text))}


def sum_of(*chapters):
    return str(sum(e.points for chapter in chapters for e in CHAPTERS[chapter]))


def test_there_is_a_column_per_exercise_in_the_courses_order(tmp_path):
    row = table(("ann",), graded(tmp_path, "ann", TWO), graded(tmp_path, "ann", ONE))["ann"]
    names = [e.name for chapter in (ONE, TWO) for e in CHAPTERS[chapter]]
    assert list(row) == ["student", *names, "total", "out of", "note"]
    assert row["total"] == row["out of"] == sum_of(ONE, TWO)


def test_only_chapters_that_someone_handed_in_have_columns(tmp_path):
    row = table(("ann",), graded(tmp_path, "ann"))["ann"]
    assert CHAPTERS[TWO][0].name not in row


def test_what_was_wrong_is_0_and_what_was_not_handed_in_is_empty(tmp_path):
    rows = table(("ann", "bob"), graded(tmp_path, "ann", ONE, 0), graded(tmp_path, "bob", TWO))
    assert rows["ann"][CHAPTERS[ONE][0].name] == "0"
    assert rows["ann"][CHAPTERS[TWO][0].name] == ""
    assert (rows["ann"]["total"], rows["ann"]["note"]) == ("0", "")
    assert rows["bob"]["total"] == sum_of(TWO)


def test_a_student_without_a_notebook_is_listed(tmp_path):
    row = table(("ann", "bob"), graded(tmp_path, "ann"))["bob"]
    assert (row["total"], row["note"]) == ("0", "nothing handed in")


def test_what_could_not_be_graded_is_never_0(tmp_path):
    row = table(("ann",), ungraded(tmp_path, "ann"), graded(tmp_path, "ann", TWO))["ann"]
    assert {row[e.name] for e in CHAPTERS[ONE]} == {"ungraded"}
    assert row[CHAPTERS[TWO][0].name] == str(CHAPTERS[TWO][0].points)
    assert (row["total"], row["note"]) == ("ungraded", "a reason")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1"])
def test_no_name_and_no_note_is_a_formula(tmp_path, name):
    text = as_csv((name,), (ungraded(tmp_path, name, reason=name),), {})
    _, row = list(csv.reader(io.StringIO(text, newline="")))
    assert row[0][0] == row[-1][0] == "'"


@pytest.mark.parametrize("name", ['Ann "A", B', "Ann\nB", "Ann\rB", "Ann;B"])
def test_an_unusual_name_stays_one_cell_of_one_row(tmp_path, name):
    text = as_csv((name,), (graded(tmp_path, name),), {})
    assert len(text.splitlines()) == 2
    _, row = csv.reader(io.StringIO(text, newline=""))
    assert row[0] == name.replace("\n", " ").replace("\r", " ")


def test_the_files_are_written_and_replaced_whole(tmp_path):
    results = (graded(tmp_path, "ann"),)
    write_gradebook(tmp_path, ("ann",), results, columns_of(results))
    before = (tmp_path / "gradebook.csv").read_bytes()
    write_gradebook(tmp_path, ("ann",), results, columns_of(results))
    assert (tmp_path / "gradebook.csv").read_bytes() == before
    assert b"\r" not in before
    assert {p.name for p in tmp_path.iterdir()} == {"gradebook.csv", "gradebook.json"}


def test_an_old_gradebook_stays_where_the_new_one_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "gradebook.csv").write_text("old", "utf-8")
    results = (graded(tmp_path, "ann"),)

    def lines_until_the_disk_is_full(*args):
        yield "half of "
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(gradebook, "csv_lines", lines_until_the_disk_is_full)
    with pytest.raises(OSError, match="No space left"):
        write_gradebook(tmp_path, ("ann",), results, columns_of(results))
    assert (tmp_path / "gradebook.csv").read_text("utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["gradebook.csv"]


def test_results_out_of_order_are_no_gradebook(tmp_path):
    results = (graded(tmp_path, "bob"), graded(tmp_path, "ann"))
    with pytest.raises(ValueError, match="'ann' are out of order"):
        as_csv(("ann", "bob"), results, columns_of(results))


def test_names_that_are_no_unicode_are_written_all_the_same(tmp_path):
    results = (graded(tmp_path, "ann\udcff"), ungraded(tmp_path, "bob", reason="\ud800"))
    write_gradebook(tmp_path, ("ann\udcff", "bob"), results, columns_of(results))
    assert "ann " in (tmp_path / "gradebook.csv").read_text("utf-8")


def test_the_json_holds_every_verdict(tmp_path):
    wrong = CHAPTERS[ONE][0]
    verdict = Verdict(wrong.name, "failed", 0, wrong.points, "got      1", wrong.mistakes[0])
    results = (Result(submission(tmp_path, "ann"), (verdict,)), ungraded(tmp_path, "bob"))
    write_gradebook(tmp_path, ("ann", "bob"), results, columns_of(results))
    book = json.loads((tmp_path / "gradebook.json").read_text("utf-8"))
    assert book["students"] == ["ann", "bob"]
    ann, bob = book["submissions"]
    assert (ann["student"], ann["chapter"], ann["ungraded"]) == ("ann", ONE, None)
    assert ann["exercises"] == [
        {
            "name": wrong.name,
            "status": "failed",
            "points": 0,
            "out of": wrong.points,
            "mistake": wrong.mistakes[0].id,
            "message": "got      1",
        }
    ]
    assert (bob["exercises"], bob["ungraded"]) == ([], "a reason")
