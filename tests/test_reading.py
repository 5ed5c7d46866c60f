"""Reading what people hand in: a notebook, or one sentence that says why it is none."""

import json

import pytest

from coursekit.errors import CourseError
from coursekit.reading import LARGEST, Cell, digest, original, read_notebook

CELL = {"cell_type": "code", "metadata": {"tags": ["setup"]}, "source": ["a = 1\n", "b = 2"]}


def written(tmp_path, raw, encoding="utf-8"):
    path = tmp_path / "notebook.ipynb"
    path.write_text(raw if isinstance(raw, str) else json.dumps(raw), encoding)
    return path


def notebook(**changes):
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [CELL]} | changes


def test_sources_and_tags_are_read(tmp_path):
    read = read_notebook(written(tmp_path, notebook()))
    assert read.cells == (Cell("code", "a = 1\nb = 2", frozenset({"setup"})),)
    assert not read.untouched


def test_a_byte_order_mark_is_no_trouble(tmp_path):
    assert read_notebook(written(tmp_path, notebook(), "utf-8-sig")).cells


def test_half_a_character_in_a_source_is_no_trouble(tmp_path):
    raw = json.dumps(notebook(cells=[CELL | {"source": "x = 1"}])).replace("x =", r"\ud800 =")
    read = read_notebook(written(tmp_path, raw))
    assert len(digest(read.cells)) == 64


@pytest.mark.parametrize("mark", [5, "x", [], {}, {"digest": 5}, {"digest": None}, None])
def test_a_foreign_mark_in_the_metadata_is_ignored(tmp_path, mark):
    assert not read_notebook(written(tmp_path, notebook(metadata={"coursekit": mark}))).untouched


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("", "its JSON is broken"),
        ("print('hello')", "its JSON is broken"),
        (json.dumps(notebook())[:-9], "its JSON is broken"),
        ("[" * 100_000, "its JSON is broken"),
        ("9" * 5000, "its JSON is broken"),
        ("{}", "no nbformat version"),
        ("[]", "no nbformat version"),
        ("4", "no nbformat version"),
        ("null", "no nbformat version"),
        (notebook(nbformat=3), "notebook format 3, not 4"),
        (notebook(nbformat="4"), "notebook format 4, not 4"),
        (notebook(nbformat={"a": "b" * 100}), "notebook format"),
        ({"nbformat": 4}, "its cells are malformed"),
        (notebook(cells=None), "its cells are malformed"),
        (notebook(cells=5), "its cells are malformed"),
        (notebook(cells=[5]), "its cells are malformed"),
        (notebook(cells=[{}]), "its cells are malformed"),
        (notebook(cells=[CELL | {"source": 5}]), "its cells are malformed"),
        (notebook(cells=[CELL | {"source": [5]}]), "its cells are malformed"),
        (notebook(cells=[CELL | {"metadata": None}]), "its cells are malformed"),
        (notebook(cells=[CELL | {"metadata": {"tags": 5}}]), "its cells are malformed"),
        (notebook(metadata=None), "its cells are malformed"),
    ],
)
def test_what_is_no_notebook_gets_one_sentence(tmp_path, raw, sentence):
    path = written(tmp_path, raw)
    with pytest.raises(CourseError) as refused:
        read_notebook(path)
    text = str(refused.value)
    assert sentence in text
    assert str(path) in text
    assert "\n" not in text
    assert len(text) < len(str(path)) + 120


def test_other_encodings_get_a_sentence(tmp_path):
    with pytest.raises(CourseError, match="not text in UTF-8"):
        read_notebook(written(tmp_path, notebook(), "utf-16"))


def test_folders_missing_files_and_endless_ones_get_a_sentence(tmp_path):
    with pytest.raises(CourseError, match="is a folder"):
        read_notebook(tmp_path)
    with pytest.raises(CourseError, match="does not exist"):
        read_notebook(tmp_path / "none.ipynb")
    with pytest.raises(CourseError, match="cannot be read"):
        read_notebook(tmp_path / ("x" * 5000))


def test_a_large_file_is_not_even_read(tmp_path):
    path = tmp_path / "large.ipynb"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(CourseError, match="larger than 20 MB; clear its outputs"):
        read_notebook(path)


def test_an_unknown_chapter_was_never_handed_out():
    assert original("99_none") is None
