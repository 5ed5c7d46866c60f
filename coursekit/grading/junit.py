"""Write verdicts as JUnit's XML: a suite for every student, a test case for every exercise.

Students' names are made printable, as XML has no way to write most control characters, and
escaped by the library. Suites are written one by one, so that a large class fits in memory.
"""

from collections.abc import Mapping, Sequence
from typing import TextIO
from xml.etree import ElementTree as ET

from coursekit.exercise import Exercise
from coursekit.grading.notes import sentences, why_ungraded
from coursekit.grading.outline import Part, asked
from coursekit.grading.results import Result
from coursekit.grading.writing import printable
from coursekit.verdict import Verdict


class Suites:
    """The document, as a context manager around its suites."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def __enter__(self) -> "Suites":
        self._file.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="coursekit">\n')
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._file.write("</testsuites>\n")

    def add(self, student: str, course: Sequence[Part], results: Mapping[str, Result]) -> None:
        """Write a student's suite: wrong is a failure, not attempted skipped, ungraded an error."""
        found = suite(student, course, results)
        ET.indent(found)
        self._file.write(ET.tostring(found, "unicode") + "\n")


def suite(student: str, course: Sequence[Part], results: Mapping[str, Result]) -> ET.Element:
    """Return a student's suite."""
    found = ET.Element("testsuite", name=printable(student))
    for part in course:
        result = results.get(part.slug)
        if result is None:
            continue
        verdicts = {verdict.exercise: verdict for verdict in result.verdicts}
        for exercise in asked(result):
            case = ET.SubElement(found, "testcase", classname=part.slug, name=exercise.name)
            verdict = verdicts.get(exercise.name)
            if verdict is None:
                reason = why_ungraded(result) or "There is no verdict."
                ET.SubElement(case, "error", message=reason, type="ungraded")
            else:
                _describe(case, exercise, verdict)
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        found.set(name, str(len(found.findall(f"testcase/{tag}"))))
    found.set("tests", str(len(found)))
    return found


def _describe(case: ET.Element, exercise: Exercise, verdict: Verdict) -> None:
    properties = ET.SubElement(case, "properties")
    for name, value in (("points", verdict.points), ("out of", verdict.out_of)):
        ET.SubElement(properties, "property", name=name, value=str(value))
    if verdict.status == "not attempted":
        ET.SubElement(case, "skipped", message="not attempted")
    elif verdict.status == "failed":
        lines = sentences(verdict, exercise)
        kind = verdict.mistake.id if verdict.mistake else "wrong"
        failure = ET.SubElement(case, "failure", message=lines[0], type=kind)
        failure.text = "\n".join(lines)
