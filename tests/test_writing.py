"""Files appear whole, and no name of a student's reaches a folder or a file it should not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.grading.writing import file_names, replace

ANY_TEXT = st.text(st.characters(), max_size=300)  # lone surrogates too


@pytest.mark.parametrize("name", ["ann", "Ann Smith", "s1234567", "Zoë O'Brien", "a.b", "x@y.org"])
def test_a_plain_name_is_the_files_name(name):
    assert file_names([name])[name] == name


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "../x", "a/b", "a\\b", "con", "AUX.b", "nul", ".hidden", "a ", "a."),
        *(
            "-rf",
            "a:b",
            "a\0b",
            "x" * 300,
            "e\u0301",
            "\ud800",
            "a-0123abcd",
            "\u202eabc",
            "名" * 99,
        ),
    ],
)
def test_any_other_name_is_changed_and_marked(name):
    assert re.fullmatch(r"[\w-]{1,46}-[0-9a-f]{8}", file_names([name])[name])


@given(st.lists(ANY_TEXT, unique=True, max_size=20))
def test_every_student_has_a_file_that_every_system_tells_apart(students):
    names = file_names(students)
    assert set(names) == set(students)
    assert len({name.casefold() for name in names.values()}) == len(students)
    for name in names.values():
        assert len(f".{name}.html.01234567.new".encode()) <= 255
        assert not set(name) & set('/\\:*?"<>|\0\n')
        assert name == name.strip(" .")


def test_names_that_differ_in_case_only_get_different_files():
    names = file_names(["ann", "Ann", "bob"])
    assert names["bob"] == "bob"
    assert names["ann"].lower() != names["Ann"].lower()


def test_a_students_file_keeps_its_name_when_others_join():
    assert file_names(["ann", "../x"]) == {
        k: v for k, v in file_names(["ann", "../x", "bob"]).items() if k != "bob"
    }


def test_a_file_that_fails_half_way_leaves_the_old_one(tmp_path):
    replace(tmp_path / "page.html", "old")
    with pytest.raises(UnicodeEncodeError):
        replace(tmp_path / "page.html", "half \ud800")
    assert (tmp_path / "page.html").read_text("utf-8") == "old"
