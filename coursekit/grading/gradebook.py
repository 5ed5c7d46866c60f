"""Write the gradebook: a CSV with a column per exercise, and a JSON with the verdicts."""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path

from coursekit.exercise import Exercise
from coursekit.grading.results import Result, as_plain
from coursekit.grading.writing import one_cell, replace

UNGRADED = "ungraded"


def write_gradebook(
    folder: Path,
    students: tuple[str, ...],
    results: tuple[Result, ...],
    columns: Mapping[str, Exercise],
) -> None:
    """Write ``gradebook.csv`` and ``gradebook.json``; each appears whole or not at all."""
    replace(folder / "gradebook.csv", as_csv(students, results, columns))
    entries = [as_plain(result) for result in results]
    text = json.dumps({"students": list(students), "submissions": entries}, indent=1)
    replace(folder / "gradebook.json", text + "\n")


def as_csv(
    students: tuple[str, ...], results: tuple[Result, ...], columns: Mapping[str, Exercise]
) -> str:
    """Return the table: points, ``ungraded``, or empty where nothing was handed in."""
    rows = {student: dict.fromkeys(columns, "") for student in students}
    notes: dict[str, list[str]] = {student: [] for student in students}
    for result in results:
        row = rows[result.submission.student]
        row.update({verdict.exercise: str(verdict.points) for verdict in result.verdicts})
        if result.ungraded is not None:
            notes[result.submission.student].append(result.ungraded)
            row.update(_ungraded(result, columns))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["student", *columns, "total", "out of", "note"])
    possible = sum(exercise.points for exercise in columns.values())
    for student, row in rows.items():
        note = "; ".join(notes[student]) or ("" if any(row.values()) else "nothing handed in")
        total = UNGRADED if UNGRADED in row.values() else sum(int(p) for p in row.values() if p)
        writer.writerow([one_cell(student), *row.values(), total, possible, one_cell(note)])
    return out.getvalue()


def _ungraded(result: Result, columns: Mapping[str, Exercise]) -> dict[str, str]:
    from coursekit.exercises import chapters

    names = {exercise.name for exercise in chapters()[result.submission.chapter]}
    return {name: UNGRADED for name in columns if name in names}
