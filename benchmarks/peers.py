"""One set of submissions for three graders, each with its own form of the same tests.

The tests for the other graders compare with the same references on as many draws of the same
inputs as coursekit does. They are taken from the declarations by `declared`.
"""

import csv
import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import declared
import submissions as hand
from a_class import Student

from benchmarks.watch import Taken, variables, watch
from coursekit import exercises
from coursekit.exercise import Exercise
from coursekit.grading.secret import TRIALS

SLUG = "01_definition"
CACHE = Path(".bench").resolve()
ASKED = exercises.chapters()[SLUG]
Points = Mapping[str, float]
Students = Sequence[Student]

CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'course'\n"


def coursekit(folder: Path, students: Students, seconds: float) -> tuple[Taken, Points]:
    """Grade with coursekit in one process; return what it took and everybody's total."""
    hand_in(folder / "in", students)
    command = program(None, "coursekit", "grade", "in", "--out", "out", "--jobs", "1")
    taken = watch(command, folder, seconds)
    return taken, totals(folder / "out" / "gradebook.csv", "student", "total")


def nbgrader(folder: Path, students: Students, seconds: float) -> tuple[Taken, Points]:
    """Grade with ``nbgrader autograde``, all submissions in one command."""
    (folder / "nbgrader_config.py").write_text(CONFIG, "utf-8")
    source = with_tests(hand.solved(SLUG, declared.IMPORTS))
    write(folder / "source" / "work" / f"{SLUG}.ipynb", source)
    prepare(program("nbgrader", "nbgrader", "generate_assignment", "work"), folder)
    for student in students:
        path = folder / "submitted" / student.name / "work" / f"{SLUG}.ipynb"
        write(path, with_tests(student.notebook))
    taken = watch(program("nbgrader", "nbgrader", "autograde", "work"), folder, seconds)
    prepare(program("nbgrader", "nbgrader", "export", "--to", "grades.csv"), folder)
    return taken, totals(folder / "grades.csv", "student_id", "raw_score")


def otter(folder: Path, students: Students, seconds: float) -> tuple[Taken, Points]:
    """Grade with what ``otter run`` calls, all submissions in one process."""
    hand_in(folder / "in", students)
    for exercise in ASKED:
        path = folder / "tests" / f"{exercise.name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(otter_test(exercise), "utf-8")
    prepare(program("otter", "otter", "generate", "--tests-dir", "tests"), folder)
    driver = Path(__file__).with_name("otter_run.py")
    taken = watch(program("otter", "python", str(driver)), folder, seconds)
    return taken, totals(folder / "grades.csv", "student", "total")


GRADERS = {"coursekit": coursekit, "nbgrader": nbgrader, "otter": otter}


def program(environment: str | None, name: str, *arguments: str) -> list[str]:
    """Return a command of an environment in the cache, or of the project's own."""
    home = CACHE / environment if environment else Path(".venv").resolve()
    return [str(home / "bin" / name), *arguments]


def version(environment: str, package: str) -> str:
    """Return the version of a package in an environment of the cache."""
    ask = f"from importlib.metadata import version; print(version({package!r}))"
    command = program(environment, "python", "-c", ask)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def prepare(command: list[str], folder: Path) -> None:
    """Run what is not measured; it has to succeed."""
    done = subprocess.run(
        command, cwd=folder, env=variables(command), capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def hand_in(folder: Path, students: Students) -> None:
    """Write everybody's notebook into a folder of their own."""
    for student in students:
        write(folder / student.name / f"{SLUG}.ipynb", student.notebook)


def write(path: Path, notebook: Mapping[str, Any]) -> None:
    """Write a notebook, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), "utf-8")


def totals(path: Path, student: str, total: str) -> dict[str, float]:
    """Return everybody's points from a table; nobody is in it who was not graded."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row[total] not in ("", "ungraded")]
    return {row[student]: float(row[total]) for row in rows}


def test_source(exercise: Exercise) -> str:
    """Return the comparison of an answer with its reference, as a teacher would write it."""
    if exercise.kind != "function":
        return f"assert {exercise.name} == {exercise.reference!r}"
    cases, expected = f"cases_{exercise.name}", f"expected_{exercise.name}"
    fields = {cases: "cases", expected: "reference"}
    parts = {name: declared.field(SLUG, exercise.name, field) for name, field in fields.items()}
    return "\n".join(
        [
            "import numpy as np",
            *(declared.program(SLUG, name, part) for name, part in parts.items()),
            f"for seed in {tuple(range(100, 100 + TRIALS))}:",
            f"    for args in {cases}(np.random.default_rng(seed)):",
            f"        got = {exercise.name}(*args)",
            f"        wanted = {expected}(*args)",
            f"        np.testing.assert_allclose(got, wanted, {exercise.rtol}, {exercise.atol})",
        ]
    )


def with_tests(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return a notebook as nbgrader hands it out and in: a test cell after every answer."""
    own = json.loads(json.dumps(notebook))
    cells: list[dict[str, Any]] = []
    by_id = {f"answer-{exercise.name.replace('_', '-')}": exercise for exercise in ASKED}
    for cell in own["cells"]:
        cells.append(cell)
        if cell["id"] in by_id:
            exercise = by_id.pop(cell["id"])
            cell["metadata"]["nbgrader"] = _about(exercise.name, solution=True)
            cells.append(_test_cell(exercise))
    return own | {"cells": [*cells, *map(_test_cell, by_id.values())]}


def _test_cell(exercise: Exercise) -> dict[str, Any]:
    cell = hand.cell(test_source(exercise)) | {"id": f"test-{exercise.name.replace('_', '-')}"}
    about = _about(f"test_{exercise.name}", grade=True, locked=True, points=exercise.points)
    return cell | {"metadata": {"nbgrader": about}}


def _about(name: str, **fields: Any) -> dict[str, Any]:
    every = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"grade_id": name, "schema_version": 3, "cell_type": "code"} | every | fields


def otter_test(exercise: Exercise) -> str:
    """Return a test file in otter's format that is based on exceptions."""
    body = "\n".join(f"    {line}" for line in test_source(exercise).splitlines())
    return (
        "from otter.test_files import test_case\n"
        f"OK_FORMAT = False\nname = {exercise.name!r}\npoints = {exercise.points}\n\n"
        f"@test_case()\ndef test_{exercise.name}({exercise.name}):\n{body}\n"
    )


def fresh(folder: Path) -> Path:
    """Return a folder that is empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
