"""Who handed in what: every layout that teachers get, and everything that only looks like one."""

import os
import stat
import zipfile

import pytest

from coursekit import exercises
from coursekit.errors import CourseError
from coursekit.grading import archive
from coursekit.grading.finding import DEEPEST, find_submissions
from coursekit.reading import LARGEST

ONE, TWO = list(exercises.chapters())[:2]


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}", "utf-8")


def zipped(path, *names, method=zipfile.ZIP_DEFLATED):
    """Write a zip; a name with a slash at its end is a folder."""
    with zipfile.ZipFile(path, "w", method) as zip_file:
        for name in names:
            zip_file.writestr(name, "" if str(name).endswith("/") else f"the content of {name}")
    return path


def pairs(found):
    return [(s.student, s.chapter) for s in found.submissions]


def test_submissions_are_found_in_the_usual_layouts(tmp_path):
    touch(
        tmp_path,
        f"ann/{ONE}.ipynb",
        f"bob/week 1/{TWO}.ipynb",
        f"eve_{ONE}.ipynb",
        f"van_der_berg_{TWO}.ipynb",
        f"ann/.ipynb_checkpoints/{ONE}-checkpoint.ipynb",
        f"__MACOSX/ann/._{ONE}.ipynb",
        f".hidden/{ONE}.ipynb",
        "ann/notes.ipynb",
        f"{ONE}.ipynb",
        f"_{ONE}.ipynb",
    )
    (tmp_path / "zoe").mkdir()
    found = find_submissions(tmp_path)
    assert [(s.student, s.chapter) for s in found.submissions] == [
        ("ann", ONE),
        ("bob", TWO),
        ("eve", ONE),
        ("van_der_berg", TWO),
    ]
    assert found.students == ("ann", "bob", "eve", "van_der_berg", "zoe")
    names = {str(path.relative_to(tmp_path).as_posix()) for path in found.unknown}
    assert names == {"ann/notes.ipynb", f"{ONE}.ipynb", f"_{ONE}.ipynb"}


def test_the_gradebooks_own_folder_is_nobodys_submission(tmp_path):
    touch(tmp_path, f"ann/{ONE}.ipynb", f"grades/{ONE}.ipynb")
    assert find_submissions(tmp_path, tmp_path / "grades").students == ("ann",)
    for beside in (tmp_path, tmp_path.parent):
        assert find_submissions(tmp_path, beside).students == ("ann", "grades")


def test_one_chapter_twice_is_told(tmp_path):
    touch(tmp_path, f"ann/{ONE}.ipynb", f"ann_{ONE}.ipynb")
    with pytest.raises(CourseError, match=f"ann handed in {ONE} twice: .* remove one"):
        find_submissions(tmp_path)


def test_folders_without_submissions_are_told(tmp_path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(CourseError, match="submission"):
            find_submissions(folder)
    (tmp_path / "ann").mkdir()
    with pytest.raises(CourseError, match="holds no submission such as"):
        find_submissions(tmp_path)


@pytest.mark.parametrize("given", ["submitted", "."])
def test_nbgraders_folder_is_found_from_within_and_from_above(tmp_path, given):
    touch(
        tmp_path,
        f"submitted/ann/ps1/{ONE}.ipynb",
        f"submitted/bob/ps2/{TWO}.ipynb",
        f"source/ps1/{ONE}.ipynb",
        f"release/ps1/{ONE}.ipynb",
        f"autograded/ann/ps1/{ONE}.ipynb",
    )
    found = find_submissions(tmp_path / given)
    assert pairs(found) == [("ann", ONE), ("bob", TWO)]
    assert found.students == ("ann", "bob")
    assert found.read(found.submissions[0]) == b"{}"


def test_a_student_may_be_called_submitted(tmp_path):
    touch(tmp_path, f"submitted/{ONE}.ipynb", f"ann/{ONE}.ipynb")
    assert find_submissions(tmp_path).students == ("ann", "submitted")


MOODLE = [
    f"Ann Lee_12345_assignsubmission_file_/{ONE}.ipynb",
    f"Ann Lee_12346_assignsubmission_file_/{ONE}.ipynb",
    f"Bob_12347_assignsubmission_file/{TWO}.ipynb",
    "Zoe_12348_assignsubmission_onlinetext_/onlinetext.html",
]
MOODLE_FLAT = [
    f"Ann Lee_12345_assignsubmission_file_{ONE}.ipynb",
    f"Ann Lee_12346_assignsubmission_file_{ONE}.ipynb",
    f"Bob_12347_assignsubmission_file_{TWO}.ipynb",
    "Zoe_12348_assignsubmission_file_/",
]
STUDENTS = ("Ann Lee_12345", "Ann Lee_12346", "Bob_12347", "Zoe_12348")


@pytest.mark.parametrize("names", [MOODLE, MOODLE_FLAT])
def test_moodles_zips_keep_two_students_of_one_name_apart(tmp_path, names):
    found = find_submissions(zipped(tmp_path / "class.zip", *names))
    assert found.students == STUDENTS
    assert pairs(found) == list(zip(STUDENTS, (ONE, ONE, TWO), strict=False))
    read = {found.read(submission).decode() for submission in found.submissions}
    assert read == {f"the content of {name}" for name in names[:3]}


def test_canvas_zips_name_students_by_their_number_too(tmp_path):
    names = (
        f"leeann_12345_67890_{ONE}.ipynb",
        f"leeann_12346_67891_{ONE}-1.ipynb",
        f"smithbob_LATE_12347_67892_{ONE}-2.ipynb",
        f"smithbob_LATE_12347_67893_{TWO} (1).ipynb",
        "leeann_12345_67895_notes.ipynb",
    )
    found = find_submissions(zipped(tmp_path / "submissions.zip", *names))
    assert pairs(found) == [
        ("leeann_12345", ONE),
        ("leeann_12346", ONE),
        ("smithbob_12347", ONE),
        ("smithbob_12347", TWO),
    ]
    assert [path.name for path in found.unknown] == [names[-1]]


def test_a_zip_may_hold_one_folder_named_like_it(tmp_path):
    path = zipped(tmp_path / "week 1.zip", f"week 1/ann/{ONE}.ipynb", "week 1/bob/")
    assert find_submissions(path).students == ("ann", "bob")
    path = zipped(tmp_path / "ann.zip", f"ann/{ONE}.ipynb")
    assert find_submissions(path).students == ("ann",)


@pytest.mark.parametrize("name", [f"{ONE} (1)", f"{ONE}(2)", f"{ONE}-3", f"my_{ONE} (12)"])
def test_a_name_that_a_browser_changed_is_recognised(tmp_path, name):
    touch(tmp_path, f"ann/{name}.ipynb")
    assert pairs(find_submissions(tmp_path)) == [("ann", ONE)]
    touch(tmp_path, f"ann/{ONE}.ipynb")
    with pytest.raises(CourseError, match=f"ann handed in {ONE} twice: .* remove one"):
        find_submissions(tmp_path)


@pytest.mark.parametrize("name", [f"{ONE}.new", f"{ONE}-checkpoint", f"{ONE}x", f"{ONE} (x)"])
def test_a_name_that_is_no_chapters_is_told_and_not_graded(tmp_path, name):
    touch(tmp_path, f"ann/{name}.ipynb", f"bob/{ONE}.ipynb")
    found = find_submissions(tmp_path)
    assert pairs(found) == [("bob", ONE)]
    assert [path.name for path in found.unknown] == [f"{name}.ipynb"]


def test_results_beside_the_submissions_are_no_students(tmp_path):
    touch(tmp_path, f"ann/{ONE}.ipynb", f"results/ann/{ONE}.json", "feedback/ann.html")
    assert find_submissions(tmp_path, tmp_path).students == ("ann",)
    assert find_submissions(tmp_path).students == ("ann", "feedback", "results")


def link(path, target):
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("this system makes no links")


def test_links_out_of_a_students_folder_are_refused_and_others_followed(tmp_path):
    folder = tmp_path / "in"
    touch(tmp_path, "secret", f"in/ann/{ONE}.ipynb", "in/own/draft/mine")
    link(folder / "own" / f"{ONE}.ipynb", folder / "own" / "draft" / "mine")
    link(folder / "bob" / f"{ONE}.ipynb", folder / "ann" / f"{ONE}.ipynb")
    link(folder / "eve" / f"{ONE}.ipynb", tmp_path / "secret")
    link(folder / f"flat_{ONE}.ipynb", folder / "ann" / f"{ONE}.ipynb")
    link(folder / "zoe", tmp_path)
    found = find_submissions(folder)
    assert found.students == ("ann", "bob", "eve", "flat", "own")
    (sentence,) = found.refused
    assert sentence.startswith(f"skipped {folder / 'zoe'}: it is a link to a folder")
    for submission in found.submissions:
        if submission.student in ("ann", "own"):
            assert found.read(submission) == b"{}"
            continue
        with pytest.raises(CourseError, match="is a link that leads elsewhere"):
            found.read(submission)


def test_links_in_circles_and_deep_folders_end(tmp_path):
    deep = tmp_path.joinpath("ann", *"abcdefghijklm")
    touch(deep, f"{ONE}.ipynb")
    touch(tmp_path, f"bob/{ONE}.ipynb")
    link(tmp_path / "bob" / f"{TWO}.ipynb", tmp_path / "bob" / f"{TWO}.ipynb")
    found = find_submissions(tmp_path)
    assert pairs(found) == [("bob", ONE), ("bob", TWO)]
    assert f"it lies {DEEPEST} folders deep" in found.refused[0]
    with pytest.raises(CourseError):
        found.read(found.submissions[1])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    (tmp_path / "ann").mkdir()
    os.mkfifo(tmp_path / "ann" / f"{ONE}.ipynb")
    found = find_submissions(tmp_path)
    with pytest.raises(CourseError, match="is no file"):
        found.read(found.submissions[0])


@pytest.mark.parametrize("name", ["/etc/", "../", "ann/../../", "C:/", "..\\", "ann\\..\\..\\"])
def test_a_path_that_leaves_the_zip_is_refused(tmp_path, name):
    path = zipped(tmp_path / "class.zip", f"{name}{ONE}.ipynb", f"bob\\{ONE}.ipynb")
    found = find_submissions(path)
    assert pairs(found) == [("bob", ONE)]
    assert len(found.refused) == 1
    assert "its path leaves the zip" in found.refused[0]


def only(path):
    found = find_submissions(path)
    return found.read(found.submissions[0])


def test_a_link_in_a_zip_is_refused(tmp_path):
    info = zipfile.ZipInfo(f"ann/{ONE}.ipynb")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(CourseError, match="is a link that leads elsewhere"):
        only(zipped(tmp_path / "class.zip", info))


def test_a_bomb_in_a_zip_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "LARGEST", 100_000)
    path, name = tmp_path / "class.zip", f"ann/{ONE}.ipynb"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, bytes(10 * LARGEST))
    with pytest.raises(CourseError, match="is larger than 20 MB; clear its outputs"):
        only(path)
    lying = path.read_bytes().replace((10 * LARGEST).to_bytes(4, "little"), bytes([9, 0, 0, 0]))
    path.write_bytes(lying)
    with pytest.raises(CourseError, match="is broken in the zip"):
        only(path)


def test_unusual_packing_is_told(tmp_path):
    path, name = tmp_path / "class.zip", f"ann/{ONE}.ipynb"
    with pytest.raises(CourseError, match="is packed in an unusual way"):
        only(zipped(path, name, method=zipfile.ZIP_BZIP2))
    raw = bytearray(zipped(path, name).read_bytes())
    raw[raw.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(raw)
    with pytest.raises(CourseError, match="is encrypted; unpack the zip"):
        only(path)


def test_a_broken_zip_is_told(tmp_path):
    path = zipped(tmp_path / "class.zip", f"ann/{ONE}.ipynb")
    whole = path.read_bytes()
    spoilt = bytearray(whole)
    spoilt[40:60] = bytes(20)
    path.write_bytes(spoilt)
    with pytest.raises(CourseError, match="is broken in the zip; download it again"):
        only(path)
    path.write_bytes(whole[:-30])
    with pytest.raises(CourseError, match="is not a zip or is broken"):
        only(path)


def test_a_zip_with_endless_names_or_one_twice_is_told(tmp_path, monkeypatch):
    path = zipped(tmp_path / "class.zip", *(f"s{i}/{ONE}.ipynb" for i in range(9)))
    monkeypatch.setattr(archive, "MOST", 8)
    with pytest.raises(CourseError, match="holds more than 8 files"):
        find_submissions(path)
    with pytest.warns(UserWarning, match="Duplicate name"):
        zipped(path, f"ann/{ONE}.ipynb", f"ann/{ONE}.ipynb")
    with pytest.raises(CourseError, match="is in the zip twice; remove one"):
        find_submissions(path)
