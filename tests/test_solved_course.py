"""The solved course, handed in as it stands, earns every point with hidden inputs."""

import shutil
from pathlib import Path

import pytest

from coursekit import exercises
from coursekit.grading.classroom import find_submissions, grade_all
from coursekit.grading.session import Limits

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("slug", exercises.chapters())
def test_the_solved_chapter_earns_every_point(slug, tmp_path):
    handed_in = tmp_path / "submissions" / "solved" / f"{slug}.ipynb"
    handed_in.parent.mkdir(parents=True)
    shutil.copy(ROOT / "solutions" / handed_in.name, handed_in)
    found = find_submissions(tmp_path / "submissions", tmp_path / "grades")
    (result,) = grade_all(found.submissions, b"a secret of this test", Limits(notebook=300), None)
    asked = exercises.chapters()[slug]
    assert [str(verdict) for verdict in result.verdicts if verdict.status != "passed"] == []
    assert {v.exercise: v.points for v in result.verdicts} == {e.name: e.points for e in asked}
