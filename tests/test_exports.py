"""The exports: what each system reads is there, and what was not graded is 0 in none of them."""

import csv
import json
from xml.etree import ElementTree as ET

import pytest
from classroom_results import (
    CHAPTERS,
    EVIL,
    LAST,
    ONE,
    TWO,
    a_class,
    columns,
    result,
    right,
    students_of,
    ungraded,
    untouched,
    wrong,
)

from coursekit.grading.export import write_exports

ASKED = CHAPTERS[ONE]
ALL_RIGHT = [right(e) for e in ASKED]
POINTS = sum(e.points for e in ASKED)


def exported(folder, results, students=None, asked=None):
    results = list(results)
    everyone = students_of(results) if students is None else students
    write_exports(folder, everyone, iter(results), asked or columns())
    return folder / "exports"


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_canvas_gets_the_columns_that_its_importer_asks_for(tmp_path):
    head, possible, ann = rows(exported(tmp_path, [result("ann", ALL_RIGHT)]) / "canvas.csv")
    assert head == [
        *("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
        *(ONE, TWO, LAST),
    ]
    assert possible[0].strip() == "Points Possible"
    assert possible[5:] == [str(sum(e.points for e in CHAPTERS[c])) for c in (ONE, TWO, LAST)]
    assert ann == ["ann", "", "", "ann", "", str(POINTS), "", ""]


def test_moodle_gets_points_and_a_remark_for_every_chapter(tmp_path):
    head, ann = rows(exported(tmp_path, [result("ann", ALL_RIGHT)]) / "moodle.csv")
    names = [name for c in (ONE, TWO, LAST) for name in (c, f"{c} (Feedback)")]
    assert head == ["Username", *names]
    right_of = f"{len(ASKED)} of {len(ASKED)} exercises right"
    assert ann == ["ann", str(POINTS), right_of, *[""] * 4]


def test_what_was_not_graded_is_empty_with_a_note_an_error_or_no_file(tmp_path):
    folder = exported(tmp_path, [result("ann", ALL_RIGHT), ungraded("ann", chapter=TWO)])
    assert rows(folder / "canvas.csv")[-1][5:] == [str(POINTS), "", ""]
    ann = rows(folder / "moodle.csv")[-1]
    assert ann[3:5] == ["", "Not graded yet: it is no notebook"]
    assert not list((folder / "gradescope").iterdir())
    cases = ET.parse(folder / "junit.xml").getroot().findall("testsuite/testcase")
    errors = [case for case in cases if case.find("error") is not None]
    assert {case.get("classname") for case in errors} == {TWO}
    assert len(errors) == len(CHAPTERS[TWO])
    assert errors[0].find("error").get("message") == "it is no notebook"
    assert all(case.find("properties") is None for case in errors)


def test_an_old_gradescope_file_goes_when_its_student_is_ungraded(tmp_path):
    folder = exported(tmp_path, [result("ann", ALL_RIGHT)])
    assert [p.name for p in (folder / "gradescope").iterdir()] == ["ann.json"]
    exported(tmp_path, [ungraded("ann")])
    assert not list((folder / "gradescope").iterdir())


def test_nothing_handed_in_is_empty_and_no_file(tmp_path):
    folder = exported(tmp_path, [result("ann", ALL_RIGHT)], ("ann", "bob"))
    assert rows(folder / "canvas.csv")[-1] == ["bob", "", "", "bob", *[""] * 4]
    assert rows(folder / "moodle.csv")[-1] == ["bob", *[""] * 6]
    assert not (folder / "gradescope" / "bob.json").exists()
    assert len(ET.parse(folder / "junit.xml").getroot()[1]) == 0


def test_gradescope_gets_a_test_for_every_exercise(tmp_path):
    first, second, third, *_ = ASKED
    verdicts = [right(first), wrong(second, mistake=second.mistakes[0]), untouched(third)]
    folder = exported(tmp_path, [result("ann", verdicts)])
    found = json.loads((folder / "gradescope" / "ann.json").read_text("utf-8"))
    assert found["score"] == sum(t["score"] for t in found["tests"]) == first.points
    assert [t["name"] for t in found["tests"]] == [f"{ONE}: {e.name}" for e in ASKED[:3]]
    assert [t["max_score"] for t in found["tests"]] == [e.points for e in ASKED[:3]]
    assert [t["status"] for t in found["tests"]] == ["passed", "failed", "failed"]
    known = "after_due_date", "after_published", "hidden", "visible"
    assert all(t["visibility"] in known for t in found["tests"])
    assert all(t["output"] for t in found["tests"])
    assert found["tests"][2]["output"] == "Not attempted."


def test_junit_tells_failures_gaps_and_points(tmp_path):
    first, second, third, *_ = ASKED
    made = second.mistakes[0]
    verdicts = [right(first), wrong(second, made.feedback, made), untouched(third)]
    folder = exported(tmp_path, [result("ann", verdicts)], asked=columns((ONE,)))
    root = ET.parse(folder / "junit.xml").getroot()
    assert root.tag == "testsuites"
    (suite,) = root
    missing = len(ASKED) - 3
    assert suite.attrib == {
        **{"name": "ann", "tests": str(len(ASKED)), "failures": "1", "skipped": "1"},
        "errors": str(missing),
    }
    cases = {case.get("name"): case for case in suite}
    failure = cases[second.name].find("failure")
    assert (failure.get("message"), failure.get("type")) == (made.feedback, made.id)
    assert cases[third.name].find("skipped") is not None
    points = cases[first.name].findall("properties/property")
    assert [(p.get("name"), p.get("value")) for p in points] == [
        ("points", str(first.points)),
        ("out of", str(first.points)),
    ]


def test_the_sums_are_those_of_the_results(tmp_path):
    klass = list(a_class())
    folder = exported(tmp_path, klass)
    points = {
        (r.submission.student, r.submission.chapter): str(sum(v.points for v in r.verdicts))
        for r in klass
        if r.ungraded is None
    }
    _, _, *canvas = rows(folder / "canvas.csv")
    _, *moodle = rows(folder / "moodle.csv")
    assert len(canvas) == len(moodle) == len(students_of(klass))
    for of_canvas, of_moodle in zip(canvas, moodle, strict=True):
        wanted = [points.get((of_canvas[0], chapter), "") for chapter in (ONE, TWO, LAST)]
        assert of_canvas[5:] == of_moodle[1::2] == wanted


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", EVIL])
def test_hostile_names_and_reasons_are_no_formula_and_no_markup(tmp_path, name):
    evil = [result(name, [wrong(e, EVIL) for e in ASKED]), ungraded(name, name, TWO)]
    folder = exported(tmp_path, evil)
    for path in folder.glob("*.csv"):
        for row in rows(path):
            assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row)
            assert all(cell.isprintable() for cell in row)
    root = ET.parse(folder / "junit.xml").getroot()
    tags = {"testsuites", "testsuite", "testcase", "properties", "property", "failure", "error"}
    assert {e.tag for e in root.iter()} == tags
    assert (
        root[0].get("name").strip() == "".join(c if c.isprintable() else " " for c in name).strip()
    )


def test_a_student_called_points_possible_changes_no_assignment(tmp_path):
    name = "    Points Possible"
    *_, row = rows(exported(tmp_path, [result(name, ALL_RIGHT)]) / "canvas.csv")
    assert row[0] == ""
    assert row[3] == name


def test_no_hidden_input_reaches_an_export(tmp_path):
    lines = "call     sigmoid(0.817365)\nexpected 0.817365\ngot      E817365: 817365"
    folder = exported(tmp_path, [result("ann", [wrong(e, lines) for e in ASKED])])
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == 4
    assert not any("817365" in path.read_text("utf-8") for path in files)


def test_two_runs_write_the_same_bytes(tmp_path):
    klass = list(a_class())
    folder = exported(tmp_path, klass)
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    exported(tmp_path, klass)
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
