"""The made-up class is what it says, and the grader gives it exactly the points it is due."""

import json
from collections import Counter

import a_class
import declared
import pytest

from coursekit import exercises
from coursekit.grading.classroom import Settings, grade_submission
from coursekit.grading.finding import find_submissions
from coursekit.grading.session import Limits

SECRET = b"a secret of the tests, long enough"
CHAPTER = exercises.chapters()["01_definition"]


@pytest.mark.parametrize(("size", "loops"), [(1000, 2), (500, 1), (200, 0)])
def test_the_mix_is_what_it_says(size, loops):
    counts = Counter(student.kind for student in a_class.a_class(size))
    assert sum(counts.values()) == size
    assert sum(a_class.MIX.values()) == 1000
    assert counts["loops"] == loops
    rounding = len(a_class.MIX)
    for kind, share in a_class.MIX.items():
        assert abs(counts[kind] - size * share / 1000) < rounding, kind


def test_what_is_left_out_is_left_out():
    counts = dict(a_class.kinds_of(1000, without=("loops",)))
    assert sum(counts.values()) == 1000
    assert "loops" not in counts


def test_a_seed_makes_one_class_in_which_everyone_wrote_something_else():
    one, again, other = (list(a_class.a_class(60, seed)) for seed in (1, 1, 2))
    assert one == again
    assert one != other
    assert len({json.dumps(student.notebook) for student in one}) == 60


def test_every_declared_mistake_of_the_chapter_is_somebodys():
    made = {item for student in a_class.a_class(200) for item in student.mistakes.items()}
    assert made == {(e.name, m.id) for e in CHAPTER for m in e.mistakes}


def test_a_mistake_that_is_a_program_of_the_module_brings_what_it_needs():
    sources = declared.recognised_mistakes("05_backprop", "backward")
    needed = [source for source in sources.values() if source.count("def ") > 1]
    assert needed
    for key, source in sources.items():
        assert declared.mistake_in("backward", source) == key


def test_most_declared_mistakes_of_all_chapters_can_be_handed_in():
    """The others are entries of a dict, or read what is not there while a notebook is graded."""
    chapters = [(s, part) for s, part in exercises.chapters().items() if s != "06_autograd"]  # slow
    every = [(slug, e) for slug, part in chapters for e in part]
    made = sum(len(declared.recognised_mistakes(slug, e.name)) for slug, e in every)
    assert made > 0.9 * sum(len(e.mistakes) for _, e in every)


def test_the_whole_chapter_may_be_handed_in_as_well():
    small, whole = (next(a_class.a_class(1, small=small)) for small in (True, False))
    assert small.points == whole.points == {e.name: e.points for e in CHAPTER}
    assert len(whole.notebook["cells"]) > 5 * len(small.notebook["cells"])


def test_the_points_follow_from_how_a_submission_was_made():
    full = {e.name: e.points for e in CHAPTER}
    for student in a_class.a_class(1000):
        lost = {name for name, points in student.points.items() if points != full[name]}
        assert bool(lost) == (student.kind in {"mistaken", "partial", *a_class.BROKEN})
        assert set(student.mistakes) == (lost if student.kind == "mistaken" else set())


def some_of_each_kind(most):
    counts = Counter()
    for student in a_class.a_class(1000):
        if counts[student.kind] < most[student.kind]:
            counts[student.kind] += 1
            yield student


def test_the_grader_gives_every_kind_the_points_and_names_the_mistakes(tmp_path):
    most = dict.fromkeys(a_class.MIX, 1) | {"mistaken": 3, "raises": 2, "dies": 3}
    wanted = a_class.hand_in_all(tmp_path, some_of_each_kind(most))
    assert {student.kind for student in wanted.values()} == set(a_class.MIX)
    settings = Settings(SECRET, Limits(cell=4, answer=3, notebook=60))
    for submission in find_submissions(tmp_path).submissions:
        result = grade_submission(submission, submission.path.read_bytes(), settings)
        student = wanted[submission.student]
        points = {verdict.exercise: verdict.points for verdict in result.verdicts}
        named = {v.exercise: v.mistake.id for v in result.verdicts if v.mistake}
        assert points == student.points, student.kind
        assert student.mistakes.items() <= named.items(), student.kind
