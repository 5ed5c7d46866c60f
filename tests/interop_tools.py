"""The real nbgrader and otter take our assignments, leak nothing, and give the points we give.

`make interop` runs this file, with the tools in environments of their own; its name keeps it out
of `make test`.
"""

import csv
import json
import os
import subprocess
import sys
from collections import Counter

import a_class
import pytest
import submissions as hand

from coursekit import exercises
from coursekit.grading.secret import hidden_seeds
from coursekit.interop.export import export

SLUG, LAST = "01_definition", "13_fact_check"
CHAPTERS = (SLUG, LAST)
TEN = Counter(
    solved=1, partial=1, mistaken=3, plots=1, prints=1, copied=1, syntax=1, raises=1
)  # of each kind, how many
HARMLESS = (
    "[IPKernelApp] WARNING | Kernel is running over TCP without encryption",  # its kernel's
    "SAWarning:",  # of nbgrader's own queries
    # nbgrader compares a released test with its source, from which it has cut the hidden part
    "Attribute 'checksum' for cell test-",
)
GRADES = """
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db", "sigmoid") as book:
    found = {a.name: {s.student.id: {g.name.removeprefix("test-"): g.score
                                     for n in s.notebooks for g in n.grades}
                      for s in book.assignment_submissions(a.name)} for a in book.assignments}
print(json.dumps(found))
"""
# What `otter run` calls; the command would load its libraries anew for every submission.
OTTER_RUN = """
import json
from pathlib import Path
from otter.api import grade_submission
found = {}
for name, (notebook, grader) in json.loads(Path("tasks.json").read_text()).items():
    results = grade_submission(notebook, grader, quiet=True)
    assert not results.has_catastrophic_failure(), name
    found[name] = {key: file.score for key, file in results.results.items()}
Path("grades.json").write_text(json.dumps(found))
"""


def run(tool, folder, *command):
    """Run a program of a tool's environment and return what it printed; it warns of nothing."""
    programs = (hand.ROOT / ".bench" / tool / "bin").absolute()
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [str(programs / command[0]), *command[1:]],
        cwd=folder, env=os.environ | threads | {"PATH": path},
        capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip
    told = [line for line in done.stderr.splitlines() if not any(part in line for part in HARMLESS)]
    assert done.returncode == 0, done.stdout + done.stderr
    assert not [line for line in told if "warn" in line.lower() or "error" in line.lower()]
    return done.stdout


def notebook(path):
    return json.loads(path.read_text("utf-8"))


def source(cell):
    return "".join(cell["source"])


def handed_in(given, student, slug):
    """Return the tool's own notebook, with the student's cells in the places of the answers.

    What the tool added behind an answer, or at the start, stays where it is.
    """
    chapter = notebook(hand.ROOT / "chapters" / f"{slug}.ipynb")["cells"]
    ids = {source(cell).strip(): cell["id"] for cell in chapter}
    place, by_place, added = None, {}, {None: []}
    for cell in given["cells"]:
        known = ids.get(source(cell).strip())
        if known is None:
            added[place].append(cell)
        elif known.startswith("answer-"):
            place, by_place[known], added[known] = known, cell, []
    cells = list(added[None])
    for number, cell in enumerate(student["cells"]):
        if cell["id"] in by_place:
            answer = by_place[cell["id"]] | {"source": cell["source"]}
            cells += [answer, *added[cell["id"]]]
        else:
            cells.append(cell | {"id": f"own-{number}"})
    return given | {"cells": cells}


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")


def ten():
    """Yield ten students, of all kinds that a tool can tell apart."""
    left = TEN.copy()
    for student in a_class.a_class(1000):
        if left[student.kind]:
            left[student.kind] -= 1
            yield student


def with_some_verdicts_wrong():
    """Return the last chapter with five entries of twelve wrong, and with a stub, and theirs."""
    exercise = exercises.find("verdicts")
    right = exercise.reference
    other = {key: "true" if word == "false" else "false" for key, word in right.items()}
    mixed = {key: other[key] if i < 5 else word for i, (key, word) in enumerate(right.items())}
    light = hand.LIGHT
    for name, entries, points in (("mixed", mixed, 7), ("wrong", other, 0), ("right", right, 12)):
        whole = hand.answered({"verdicts": f"verdicts = {entries!r}"}, light, LAST)
        tagged = [c for c in hand.code(whole) if {"setup", "exercise"} & a_class._tags(c)]
        yield name, whole | {"cells": tagged}, points


def graded_by_us(submitted, out, secret):
    """Return the points that `coursekit grade` gives, by student and exercise."""
    command = [sys.executable, "-m", "coursekit.cli", "grade", submitted, "--out", out]
    subprocess.run([*command, "--secret", secret, "--allow-weak-sandbox"], check=True)
    with (out / "gradebook.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def same_points(ours, theirs, wanted):
    """Assert that we, the tool and the way in which a submission was made agree."""
    for student, points in wanted.items():
        assert {name: float(ours[student][name]) for name in points} == points, student
        assert {name: theirs[student][name] for name in points} == points, student


@pytest.fixture(scope="module")
def nbgrader(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nbgrader")
    export("nbgrader", hand.ROOT, folder)
    run("nbgrader", folder, "nbgrader", "generate_assignment", "*")
    return folder


@pytest.fixture(scope="module")
def otter(tmp_path_factory):
    folder = tmp_path_factory.mktemp("otter")
    export("otter", hand.ROOT, folder, CHAPTERS)
    for slug in CHAPTERS:
        run("otter", folder, "otter", "assign", f"{slug}/{slug}.ipynb", f"{slug}/dist")
    return folder


@pytest.fixture(scope="module")
def students():
    return list(ten())


def leaks_nothing(slug, given, secret, own):
    """Assert that what is handed out is our chapter, and else only what the tool adds itself."""
    chapter = notebook(hand.ROOT / "chapters" / f"{slug}.ipynb")["cells"]
    sources = [source(cell).strip() for cell in given["cells"]]
    added = [text for text in sources if not own(text)]
    assert added == [source(cell).strip() for cell in chapter]
    text = json.dumps(given)
    for exercise in exercises.chapters()[slug]:
        for seed in hidden_seeds(secret, exercise.name):
            assert str(seed) not in text
    assert "HIDDEN TESTS" not in text
    assert "SOLUTION" not in text


def test_nbgrader_hands_out_our_chapters_and_nothing_else(nbgrader):
    secret = (nbgrader / "secret.txt").read_bytes().strip()
    for slug in exercises.chapters():
        given = notebook(nbgrader / "release" / slug / f"{slug}.ipynb")
        leaks_nothing(slug, given, secret, lambda text: "coursekit.interop" in text)


def test_otter_hands_out_our_chapters_and_nothing_else(otter):
    secret = (otter / "secret.txt").read_bytes().strip()
    for slug in CHAPTERS:
        folder = otter / slug / "dist" / "student"
        assert [path.name for path in folder.iterdir()] == [f"{slug}.ipynb"]
        given = notebook(folder / f"{slug}.ipynb")
        leaks_nothing(slug, given, secret, lambda text: "grader" in text)


def test_nbgrader_gives_ten_submissions_the_points_that_we_give(nbgrader, students, tmp_path):
    wanted = {SLUG: {student.name: student.points for student in students}, LAST: {}}
    handed = {(SLUG, student.name): student.notebook for student in students}
    for name, whole, points in with_some_verdicts_wrong():
        handed[LAST, name], wanted[LAST][name] = whole, {"verdicts": points}
    for (slug, name), whole in handed.items():
        given = notebook(nbgrader / "release" / slug / f"{slug}.ipynb")
        path = nbgrader / "submitted" / name / slug / f"{slug}.ipynb"
        write(path, handed_in(given, whole, slug))
    for slug in CHAPTERS:
        run("nbgrader", nbgrader, "nbgrader", "autograde", slug)
    theirs = json.loads(run("nbgrader", nbgrader, "python", "-c", GRADES))
    ours = graded_by_us(nbgrader / "submitted", tmp_path / "out", nbgrader / "secret.txt")
    for slug in CHAPTERS:
        same_points(ours, theirs[slug], wanted[slug])


def test_otter_gives_ten_submissions_the_points_that_we_give(otter, students, tmp_path):
    wanted = {student.name: student.points for student in students}
    handed = {student.name: (SLUG, student.notebook) for student in students}
    for name, whole, points in with_some_verdicts_wrong():
        handed[name], wanted[name] = (LAST, whole), {"verdicts": points}
    tasks = {}
    for name, (slug, whole) in handed.items():
        given = notebook(otter / slug / "dist" / "student" / f"{slug}.ipynb")
        path = tmp_path / "submitted" / name / f"{slug}.ipynb"
        write(path, handed_in(given, whole, slug))
        [grader] = (otter / slug / "dist" / "autograder").glob("*.zip")
        tasks[name] = [str(path), str(grader)]
    write(tmp_path / "tasks.json", tasks)
    run("otter", tmp_path, "python", "-c", OTTER_RUN)
    theirs = notebook(tmp_path / "grades.json")
    assert len(theirs) == TEN.total() + 3
    ours = graded_by_us(tmp_path / "submitted", tmp_path / "out", otter / "secret.txt")
    same_points(ours, theirs, wanted)


def test_otter_run_gives_our_solutions_full_points(otter, tmp_path):
    folder = otter / SLUG / "dist" / "autograder"
    [grader] = folder.glob("*.zip")
    solved = folder / f"{SLUG}.ipynb"
    run("otter", tmp_path, "otter", "run", "-a", str(grader), "-o", ".", str(solved))
    tests = notebook(tmp_path / "results.json")["tests"]
    scores = {test["name"]: test["score"] for test in tests if "score" in test}
    assert scores == {e.name: e.points for e in exercises.chapters()[SLUG]}
