"""Export the grades for Canvas, Moodle, Gradescope, and whatever reads JUnit's XML.

None of these systems has a way to say "not graded" that differs from a low grade in all of
its views, so what could not be graded is left out (Canvas, Moodle: an empty cell; Gradescope:
no file) or is an error (JUnit). It is never 0. What students can read there are the sentences
of `coursekit.grading.notes`: no hidden input, no text of the notebook's.

What must be done on import:

- **Canvas** matches a student by ``SIS Login ID``, else by the exact name, and an assignment
  by its title: call the assignments like the chapters (``01_definition``) or rename the
  columns. A column that it does not know becomes a new assignment. There is no column for
  notes, as Canvas would make an assignment of it.
- **Moodle** asks on import which column is what: map ``Username`` to the user's username (or
  email, or ID number, if the folders are called so), each chapter to a grade item, and
  ``… (Feedback)`` to that item's feedback. Moodle drops grades above 100 unless its
  settings allow them, so there is no column for the total.
- **Gradescope** takes a ``results.json`` only from its own run of an autograder: see
  docs/grading.md for what must run there.
"""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from coursekit.exercise import Exercise
from coursekit.grading.files import appearing
from coursekit.grading.junit import Suites
from coursekit.grading.notes import sentences, why_ungraded
from coursekit.grading.outline import Part, parts
from coursekit.grading.results import Result, by_student
from coursekit.grading.writing import file_names, one_cell, printable, replace
from coursekit.verdict import Verdict

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def write_exports(
    out: Path,
    students: Sequence[str],
    results: Iterable[Result],
    columns: Mapping[str, Exercise],
) -> None:
    """Write everything below ``exports/``; the arguments are those of `write_reports`."""
    course, names, folder = parts(columns), file_names(students), out / "exports"
    (folder / "gradescope").mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        files = [
            stack.enter_context(appearing(folder / name))
            for name in ("canvas.csv", "moodle.csv", "junit.xml")
        ]
        canvas, moodle = (csv.writer(file, lineterminator="\n") for file in files[:2])
        suites = stack.enter_context(Suites(files[2]))
        canvas.writerows(canvas_head(course))
        moodle.writerow(moodle_head(course))
        for student, own in by_student(students, results):
            canvas.writerow(canvas_row(student, course, own))
            moodle.writerow(moodle_row(student, course, own))
            suites.add(student, course, own)
            path = folder / "gradescope" / f"{names[student]}.json"
            _write_gradescope(path, course, own)


def canvas_head(course: Sequence[Part]) -> list[list[str]]:
    """Return the header, and the row with the points that are possible."""
    possible = [str(part.points) for part in course]
    return [
        [*CANVAS, *(part.slug for part in course)],
        ["    Points Possible", *[""] * (len(CANVAS) - 1), *possible],
    ]


def canvas_row(student: str, course: Sequence[Part], results: Mapping[str, Result]) -> list[str]:
    """Return a student's row; the name stands where Canvas looks for a login, too.

    A row that starts with "Points Possible" would change the assignments.
    """
    login = one_cell(student)
    name = "" if "Points Possible" in login else login
    points = [_points(results.get(part.slug)) for part in course]
    return [name, "", "", login, "", *points]


def moodle_head(course: Sequence[Part]) -> list[str]:
    """Return the header."""
    pairs = ((part.slug, f"{part.slug} (Feedback)") for part in course)
    return ["Username", *(name for pair in pairs for name in pair)]


def moodle_row(student: str, course: Sequence[Part], results: Mapping[str, Result]) -> list[str]:
    """Return a student's row: the points and a remark for every chapter."""
    row = [one_cell(student)]
    for part in course:
        result = results.get(part.slug)
        row += [_points(result), one_cell(_remark(part, result))]
    return row


def _points(result: Result | None) -> str:
    if result is None or result.ungraded is not None:
        return ""
    return str(sum(verdict.points for verdict in result.verdicts))


def _remark(part: Part, result: Result | None) -> str:
    if result is None:
        return ""
    if result.ungraded is not None:
        return f"Not graded yet: {why_ungraded(result)}"
    right = sum(verdict.status == "passed" for verdict in result.verdicts)
    return f"{right} of {len(part.exercises)} exercises right"


def _write_gradescope(path: Path, course: Sequence[Part], results: Mapping[str, Result]) -> None:
    """Write a student's ``results.json``, or remove an old one when there are no grades.

    With one chapter ungraded there is no file: any score in it would be too low.
    """
    if not results or any(result.ungraded is not None for result in results.values()):
        path.unlink(missing_ok=True)
        return
    text = json.dumps(gradescope(course, results), indent=1, ensure_ascii=False)
    replace(path, text + "\n")


def gradescope(course: Sequence[Part], results: Mapping[str, Result]) -> dict[str, Any]:
    """Return a student's results as Gradescope's autograders write them."""
    handed_in = [(part, results[part.slug]) for part in course if part.slug in results]
    tests = [
        _test(part, exercise, verdict)
        for part, result in handed_in
        for exercise, verdict in part.judged(result)
    ]
    return {"score": sum(test["score"] for test in tests), "visibility": "visible", "tests": tests}


def _test(part: Part, exercise: Exercise, verdict: Verdict) -> dict[str, Any]:
    said = sentences(verdict, exercise) or [verdict.status.capitalize() + "."]
    return {
        "name": f"{part.slug}: {verdict.exercise}",
        "score": verdict.points,
        "max_score": verdict.out_of,
        "status": "passed" if verdict.status == "passed" else "failed",
        "output": printable(" ".join(said)),
        "output_format": "text",
        "visibility": "visible",
    }
