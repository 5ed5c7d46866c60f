"""A student's folder: nothing that the student changed is ever overwritten."""

import json
import shutil
from pathlib import Path

import pytest

from coursekit import workspace
from coursekit.errors import CourseError
from coursekit.reading import Cell, digest, read_notebook
from coursekit.workspace import lay_out, progress


def notebook(*sources):
    """Return a chapter as the build writes it, with these code cells."""
    cells = [
        {
            "cell_type": "code",
            "id": f"c{i}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for i, source in enumerate(sources)
    ]
    built = digest([Cell("code", source) for source in sources])
    metadata = {"coursekit": {"digest": built}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    """Hand out a course of two chapters; return its folder."""
    folder = tmp_path / "handed out"
    folder.mkdir()
    monkeypatch.setattr(workspace, "handed_out", lambda: folder)
    for slug in ("01_definition", "02_derivative"):
        publish(folder, slug, "x = 1")
    return folder


def publish(folder, slug, *sources):
    (folder / f"{slug}.ipynb").write_text(json.dumps(notebook(*sources)), "utf-8")


def change(path, source="x = 'mine'"):
    """Change the first cell as a student does: the metadata stay."""
    raw = json.loads(path.read_text("utf-8"))
    raw["cells"][0]["source"] = source
    path.write_text(json.dumps(raw), "utf-8")


def did(laid):
    return [one.did for one in laid]


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "deep" / "work"
    assert did(lay_out(folder)) == ["new", "new"]
    return folder


def test_a_new_folder_gets_every_chapter_and_nothing_else(work, course):
    assert sorted(p.name for p in work.iterdir()) == ["01_definition.ipynb", "02_derivative.ipynb"]
    assert (work / "01_definition.ipynb").read_bytes() == (
        course / "01_definition.ipynb"
    ).read_bytes()


def test_starting_again_changes_nothing(work):
    change(work / "01_definition.ipynb")
    before = {p: p.read_bytes() for p in work.iterdir()}
    assert did(lay_out(work)) == ["kept", "kept"]
    assert {p: p.read_bytes() for p in work.iterdir()} == before


def test_an_untouched_chapter_is_updated(work, course):
    publish(course, "01_definition", "x = 2")
    assert did(lay_out(work)) == ["updated", "kept"]
    assert read_notebook(work / "01_definition.ipynb").cells[0].source == "x = 2"


def test_a_chapter_that_only_ran_is_untouched(work, course):
    path = work / "01_definition.ipynb"
    raw = json.loads(path.read_text("utf-8"))
    raw["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1"}]
    raw["cells"][0]["execution_count"] = 7
    path.write_text(json.dumps(raw), "utf-8")
    publish(course, "01_definition", "x = 2")
    assert did(lay_out(work)) == ["updated", "kept"]


def test_a_new_version_of_a_changed_chapter_lands_beside_it_once(work, course):
    mine = work / "01_definition.ipynb"
    change(mine)
    before = mine.read_bytes()
    publish(course, "01_definition", "x = 2")
    laid = lay_out(work)
    assert did(laid) == ["beside", "kept"]
    assert laid[0].path == work / "01_definition.new.ipynb"
    assert laid[0].path.read_bytes() == (course / "01_definition.ipynb").read_bytes()
    assert did(lay_out(work)) == ["kept", "kept"]
    publish(course, "01_definition", "x = 3")
    assert did(lay_out(work)) == ["beside", "kept"]
    assert mine.read_bytes() == before


def test_a_changed_file_beside_is_never_overwritten_either(work, course):
    change(work / "01_definition.ipynb")
    publish(course, "01_definition", "x = 2")
    lay_out(work)
    beside = work / "01_definition.new.ipynb"
    change(beside)
    before = beside.read_bytes()
    publish(course, "01_definition", "x = 3")
    assert did(lay_out(work)) == ["kept", "kept"]
    assert beside.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"nbformat": 3}', b"my notes"])
def test_a_file_that_cannot_be_read_is_kept_and_the_chapter_lands_beside(work, content):
    path = work / "01_definition.ipynb"
    path.write_bytes(content)
    assert did(lay_out(work)) == ["beside", "kept"]
    assert path.read_bytes() == content


def test_a_folder_in_the_place_of_a_chapter_is_kept(work):
    path = work / "01_definition.ipynb"
    path.unlink()
    path.mkdir()
    assert did(lay_out(work)) == ["beside", "kept"]
    assert path.is_dir()


def test_a_deleted_chapter_comes_back(work):
    (work / "02_derivative.ipynb").unlink()
    assert did(lay_out(work)) == ["kept", "new"]


def test_other_files_in_the_folder_are_left_alone(work):
    (work / "notes.txt").write_text("mine", "utf-8")
    lay_out(work)
    assert (work / "notes.txt").read_text("utf-8") == "mine"


def test_a_file_is_no_folder(tmp_path):
    path = tmp_path / "file"
    path.write_text("mine", "utf-8")
    with pytest.raises(CourseError, match="is a file; name a folder"):
        lay_out(path)
    with pytest.raises(CourseError, match="cannot be written"):
        lay_out(path / "below")
    assert path.read_text("utf-8") == "mine"


def test_a_folder_that_cannot_be_written_is_told(work, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    (work / "01_definition.ipynb").unlink()
    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(CourseError, match="cannot be written: Permission denied"):
        lay_out(work)


def test_a_copy_that_is_interrupted_leaves_no_half_chapter(work, monkeypatch):
    def stop(self, target):
        raise KeyboardInterrupt

    (work / "01_definition.ipynb").unlink()
    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        lay_out(work)
    assert not (work / "01_definition.ipynb").exists()


def test_a_course_without_chapters_is_told(course, tmp_path):
    shutil.rmtree(course)
    with pytest.raises(CourseError, match="holds no chapters"):
        lay_out(tmp_path / "work")


def test_progress_needs_a_folder_with_chapters(tmp_path):
    with pytest.raises(CourseError, match="coursekit start"):
        progress(tmp_path / "nowhere")
    with pytest.raises(CourseError, match="holds no chapter"):
        progress(tmp_path)


def test_progress_of_untouched_chapters_is_nothing_attempted(work):
    (work / "02_derivative.ipynb").unlink()
    chapters = progress(work)
    assert {v.status for v in chapters["01_definition"]} == {"not attempted"}
    assert chapters["02_derivative"] is None
