"""Stored results: used again for the same notebook only, never half, never for good ungraded."""

import json
import pickle
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from coursekit import exercises, reading
from coursekit.grading import store
from coursekit.grading.classroom import Settings
from coursekit.grading.results import Result, Submission
from coursekit.grading.sandbox.policy import Policy
from coursekit.grading.session import Limits
from coursekit.grading.store import Store, Stored
from coursekit.grading.writing import file_name
from coursekit.verdict import Verdict

ONE, TWO = list(exercises.chapters())[:2]
SETTINGS = Settings(b"a secret of the tests, long enough")
ANN = Submission("ann", ONE, Path("in/ann/01.ipynb"))


def graded(submission=ANN):
    first, *rest = exercises.chapters()[submission.chapter]
    wrong = Verdict(first.name, "failed", 0, first.points, "got      1", first.mistakes[0])
    right = (Verdict(e.name, "passed", e.points, e.points) for e in rest)
    return Result(submission, (wrong, *right), sandbox="none", log="hello")


@pytest.fixture
def results(tmp_path):
    return Store(tmp_path / "results", SETTINGS)


def path_of(tmp_path, submission=ANN):
    return tmp_path / "results" / submission.student / f"{submission.chapter}.json"


def test_what_is_written_is_read_again(results, tmp_path):
    key = results.key(ANN, b"content")
    results.write(graded(), key)
    assert results.graded(ANN, key) == graded()
    assert results.read(ANN) == graded()
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [path_of(tmp_path)]


def test_a_result_travels_between_processes():
    assert pickle.loads(pickle.dumps(graded())) == graded()
    broken = Result(replace(ANN, student="\udcff"), ungraded="no notebook")
    assert pickle.loads(pickle.dumps(broken)) == broken


def test_another_notebook_student_chapter_secret_limit_or_sandbox_has_another_key(tmp_path):
    limits = Limits(notebook=7)
    settings = (
        SETTINGS,
        Settings(b"another secret, long enough"),
        replace(SETTINGS, limits=limits),
        replace(SETTINGS, policy=Policy("off")),
    )
    keys = {
        Store(tmp_path, one).key(Submission(student, chapter, Path("x")), content)
        for one in settings
        for student in ("ann", "bob")
        for chapter in (ONE, TWO)
        for content in (b"", b"a")
    }
    assert len(keys) == 4 * 2 * 2 * 2


def test_the_key_does_not_depend_on_where_the_notebook_lies(results, tmp_path):
    moved = replace(ANN, path=tmp_path / "elsewhere.ipynb")
    key = results.key(ANN, b"content")
    assert results.key(moved, b"content") == key
    results.write(graded(), key)
    assert results.graded(moved, key) == replace(graded(), submission=moved)


def test_a_changed_course_or_chapter_has_another_key(results, tmp_path, monkeypatch):
    before = results.key(ANN, b"a")
    package = tmp_path / "coursekit"
    shutil.copytree(Path(store.__file__).parents[1], package)
    with monkeypatch.context() as patch:
        patch.setattr(store.coursekit, "__file__", str(package / "__init__.py"))
        assert Store(tmp_path, SETTINGS).key(ANN, b"a") == before
        (package / "judge.py").write_text("# all are right\n", "utf-8")
        assert Store(tmp_path, SETTINGS).key(ANN, b"a") != before
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / f"{ONE}.ipynb").write_text("{}", "utf-8")
    monkeypatch.setattr(reading, "handed_out", lambda: tmp_path / "chapters")
    assert Store(tmp_path, SETTINGS).key(ANN, b"a") != before


@pytest.mark.parametrize(
    "content",
    [
        *("", "{", "[]", "null", "5", "[" * 100_000, "{}", '{"key": "KEY"}'),
        '{"key": "KEY", "student": "ann", "chapter": "01_definition", "exercises": 5}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_result_is_graded_again(results, tmp_path, content):
    key = results.key(ANN, b"a")
    path = path_of(tmp_path)
    path.parent.mkdir(parents=True)
    if isinstance(content, str):
        content = content.replace("KEY", key).encode()
    path.write_bytes(content)
    assert results.graded(ANN, key) is None
    assert "its result is missing" in results.read(ANN).ungraded
    results.write(graded(), key)
    assert results.graded(ANN, key) == graded()


def test_every_truncated_result_is_graded_again(results, tmp_path):
    key = results.key(ANN, b"a")
    results.write(graded(), key)
    whole = path_of(tmp_path).read_bytes().rstrip()
    for length in range(len(whole)):
        path_of(tmp_path).write_bytes(whole[:length])
        assert results.graded(ANN, key) is None


@pytest.mark.parametrize(
    "change",
    [
        {"student": "bob"},
        {"chapter": TWO},
        {"key": "another"},
        {"exercises": [{"name": "no exercise of the course"}]},
        {"notebook": None},
    ],
)
def test_another_submissions_result_is_none(results, tmp_path, change):
    key = results.key(ANN, b"a")
    results.write(graded(), key)
    fields = json.loads(path_of(tmp_path).read_text("utf-8"))
    path_of(tmp_path).write_text(json.dumps(fields | change), "utf-8")
    assert results.graded(ANN, key) is None


def test_what_is_ungraded_is_never_final(results):
    key = results.key(ANN, b"a")
    results.write(Result(ANN, ungraded="killed"), key)
    assert results.graded(ANN, key) is None
    assert results.read(ANN).ungraded == "killed"


def test_a_write_that_fails_leaves_the_old_result(results, tmp_path, monkeypatch):
    results.write(graded(), "old")

    def interrupted(fields, file, **options):
        file.write("{")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store.json, "dump", interrupted)
        with pytest.raises(KeyboardInterrupt):
            results.write(graded(), "new")
    assert results.graded(ANN, "old") == graded()
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [path_of(tmp_path)]


def test_writing_does_not_follow_a_planted_link(results, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine", "utf-8")
    path_of(tmp_path).parent.mkdir(parents=True)
    try:
        path_of(tmp_path).symlink_to(victim)
    except OSError:
        pytest.skip("this system makes no links")
    results.write(graded(), "key")
    assert victim.read_text("utf-8") == "mine"
    assert results.graded(ANN, "key") == graded()


NAMES = ["..", ".", "", "a/b", "a\\b", "/etc", "nul\0", "x" * 300, "é", "\udcff", " a", "a ", "a."]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_has_a_folder_of_its_own_below_the_results(results, tmp_path, name):
    submission = replace(ANN, student=name)
    results.write(graded(submission), "key")
    assert results.graded(submission, "key") == graded(submission)
    (written,) = (p for p in tmp_path.rglob("*") if p.is_file())
    assert written.parent.parent == tmp_path / "results"


def test_folders_of_students_differ():
    assert len({file_name(name) for name in NAMES}) == len(NAMES)


def test_stored_results_are_read_when_they_are_asked_for(results, tmp_path):
    bob = replace(ANN, student="bob")
    for one in (ANN, bob):
        results.write(graded(one), "key")
    stored = Stored(results, (ANN, bob))
    assert list(stored) == list(stored) == [graded(ANN), graded(bob)]
    assert (len(stored), stored[1], list(stored[:1])) == (2, graded(bob), [graded(ANN)])
    path_of(tmp_path, bob).unlink()
    assert "missing" in stored[1].ungraded


def test_leftovers_of_a_killed_grader_are_no_trouble(results, tmp_path):
    leftover = path_of(tmp_path).parent / f".{ONE}.json.0123abcd.new"
    leftover.parent.mkdir(parents=True)
    leftover.write_text("{", "utf-8")
    results.write(graded(), "key")
    assert results.graded(ANN, "key") == graded()
