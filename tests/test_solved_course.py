"""The solved course, handed in as it stands, earns every point with hidden inputs."""

from pathlib import Path

import pytest

from coursekit import exercises
from coursekit.grading.classroom import Settings, grade_submission
from coursekit.grading.results import Submission
from coursekit.grading.session import Limits

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("slug", exercises.chapters())
def test_the_solved_chapter_earns_every_point(slug):
    path = ROOT / "solutions" / f"{slug}.ipynb"
    settings = Settings(b"a secret of this test", Limits(notebook=300))
    result = grade_submission(Submission("solved", slug, path), path.read_bytes(), settings)
    asked = exercises.chapters()[slug]
    assert [str(verdict) for verdict in result.verdicts if verdict.status != "passed"] == []
    assert {v.exercise: v.points for v in result.verdicts} == {e.name: e.points for e in asked}
