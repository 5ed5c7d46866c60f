"""Write the gradebook: a CSV with a column per exercise, and a JSON with the verdicts.

Names and messages are the students' and stay texts: no cell is a formula, no row breaks.
It is written student by student, so that the class need not fit into memory.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from coursekit.exercise import Exercise
from coursekit.grading.files import appearing
from coursekit.grading.results import Result, as_plain, by_student
from coursekit.grading.writing import one_cell

UNGRADED = "ungraded"


def write_gradebook(
    folder: Path,
    students: Sequence[str],
    results: Iterable[Result],
    columns: Mapping[str, Exercise],
) -> None:
    """Write ``gradebook.csv`` and ``gradebook.json``; each appears whole or not at all.

    The results come in the students' order, and are gone through twice.
    """
    with appearing(folder / "gradebook.csv") as file:
        file.writelines(csv_lines(students, results, columns))
    with appearing(folder / "gradebook.json") as file:
        file.writelines(_json_lines(students, results))


def csv_lines(
    students: Sequence[str], results: Iterable[Result], columns: Mapping[str, Exercise]
) -> Iterator[str]:
    """Yield the table: points, ``ungraded``, or empty where nothing was handed in."""
    head: list[list[object]] = [["student", *columns, "total", "out of", "note"]]
    possible = sum(exercise.points for exercise in columns.values())
    rows = (_row(student, own, columns, possible) for student, own in by_student(students, results))
    for row in chain(head, rows):
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(row)
        yield line.getvalue()


def _row(
    student: str, own: Mapping[str, Result], columns: Mapping[str, Exercise], possible: int
) -> list[object]:
    points, results = dict.fromkeys(columns, ""), own.values()
    for result in results:
        points.update({verdict.exercise: str(verdict.points) for verdict in result.verdicts})
        if result.ungraded is not None:
            points.update(_ungraded(result, columns))
    notes = [result.ungraded for result in results if result.ungraded is not None]
    notes += [s.chapter for s in (result.submission for result in results) if s.chapter != s.part]
    note = "; ".join(notes) or ("" if any(points.values()) else "nothing handed in")
    ungraded = UNGRADED in points.values()
    total = UNGRADED if ungraded else sum(int(p) for p in points.values() if p)
    return [one_cell(student), *points.values(), total, possible, one_cell(note)]


def _ungraded(result: Result, columns: Mapping[str, Exercise]) -> dict[str, str]:
    from coursekit.exercises import chapters

    names = {exercise.name for exercise in chapters()[result.submission.chapter]}
    return {name: UNGRADED for name in columns if name in names}


def _json_lines(students: Sequence[str], results: Iterable[Result]) -> Iterator[str]:
    yield f'{{\n"students": {json.dumps(list(students))},\n"submissions": ['
    for index, result in enumerate(results):
        entry = as_plain(result)
        del entry["log"]  # it may differ from run to run, and is stored with the result
        yield f"{',' if index else ''}\n{json.dumps(entry, indent=1)}"
    yield "\n]\n}\n"
