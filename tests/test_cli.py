"""The commands as people type them: what they print, write and return, and every bad input."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import submissions as hand
from click.testing import CliRunner
from rich.console import Console

from coursekit import exercises, tables
from coursekit.cli import main

CHAPTERS = exercises.chapters()
ONE = "01_definition"
TOTAL = sum(e.points for e in CHAPTERS[ONE])


def coursekit(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def prepare(folder):
    """Lay out one of everything that a command may be pointed at by mistake."""
    (folder / "empty").mkdir()
    (folder / "file").write_text("text", "utf-8")
    (folder / f"broken_{ONE}.ipynb").write_text('{"cells": [', "utf-8")
    (folder / f"list_{ONE}.ipynb").write_text("[]", "utf-8")
    (folder / f"old_{ONE}.ipynb").write_text('{"nbformat": 3}', "utf-8")
    (folder / f"binary_{ONE}.ipynb").write_bytes(b"\x89PNG\xff")
    (folder / "other.ipynb").write_text(json.dumps(hand.solved()), "utf-8")
    (folder / "work").mkdir()
    (folder / "work" / f"{ONE}.ipynb").write_text("{", "utf-8")
    (folder / "twice" / "ann" / "a").mkdir(parents=True)
    (folder / "twice" / "ann" / f"{ONE}.ipynb").write_text("{}", "utf-8")
    (folder / "twice" / "ann" / "a" / f"{ONE}.ipynb").write_text("{}", "utf-8")
    (folder / "file.zip").write_bytes(b"PK no more")
    (folder / "short").write_text("short", "utf-8")
    (folder / "one" / "ann").mkdir(parents=True)
    (folder / "one" / "ann" / f"{ONE}.ipynb").write_text("{}", "utf-8")


BAD = {
    "start file --no-lab": "file is a file; name a folder for your notebooks.",
    "start file/below --no-lab": "file/below cannot be written: Not a directory.",
    "check": "Which notebook? Write `coursekit check work/01_definition.ipynb`.",
    "check none.ipynb": "none.ipynb does not exist;",
    "check empty": "empty is a folder; name a notebook in it.",
    "check file": "file is not a notebook: its JSON is broken.",
    f"check broken_{ONE}.ipynb": "is not a notebook: its JSON is broken.",
    f"check list_{ONE}.ipynb": "is not a notebook: it has no nbformat version.",
    f"check old_{ONE}.ipynb": "has notebook format 3, not 4:",
    f"check binary_{ONE}.ipynb": "is not a notebook: it is not text in UTF-8.",
    "check other.ipynb": "other.ipynb is no chapter of this course: its name ends in none of",
    "progress none": "none is no folder; run `coursekit start none` to make it.",
    "progress file": "file is no folder;",
    "progress empty": "empty holds no chapter; run `coursekit start empty` first.",
    "progress": "01_definition.ipynb is not a notebook: its JSON is broken.",
    "grade none --out out": "none is not a folder; name the one with the submissions, or a zip.",
    "grade file --out out": "file is not a folder;",
    "grade empty --out out": "empty holds no submission such as STUDENT/01_definition.ipynb.",
    "grade twice --out out": "ann handed in 01_definition twice:",
    "grade file.zip --out out": "file.zip is not a zip or is broken; download it again.",
    "grade one --out file": "file cannot be written: File exists.",
    "grade one --out file/below": "file/below cannot be written: Not a directory.",
    "grade one --out one --secret short": "short is no secret: at least 16 characters",
    "grade one --out one --secret empty": "empty, the secret, cannot be used: Is a directory.",
    "grade one --out one --secret none/x": "none/x, the secret, cannot be used: No such file",
    "build": "solutions holds no sources; run this in a course checkout.",
    "build --check": "solutions holds no sources; run this in a course checkout.",
    "exam none": "none holds no source such as solutions/21_exam.md; name your exam.",
    "exam file --seed 1": "file holds no source such as solutions/21_exam.md; name your exam.",
    "build nothing": "solutions holds no sources; run this in a course checkout.",
}


@pytest.mark.skipif(os.name != "posix", reason="other systems word their errors differently")
@pytest.mark.parametrize("command", BAD)
def test_a_bad_input_gets_one_sentence_and_changes_nothing(here, command):
    prepare(here)
    before = contents(here)
    done = coursekit(*command.split())
    assert done.exit_code == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("coursekit: ")
    assert BAD[command] in line
    assert line.endswith((".", "?"))
    assert contents(here) == before


@pytest.mark.parametrize(
    "command",
    [
        "grade one",
        "grade one --out o --jobs 0",
        "grade one --out o --jobs x",
        *(f"grade one --out o --shard {text}" for text in ("0/2", "3/2", "2", "a/b", "1/2/3")),
        "exam one --seed x",
        "nothing",
    ],
)
def test_misuse_of_options_is_explained_by_the_usage(here, command):
    prepare(here)
    done = coursekit(*command.split())
    assert done.exit_code == 2
    assert "Usage: " in done.stderr
    assert not (here / "o").exists()


@pytest.mark.parametrize("command", ["", "start", "check", "progress", "grade", "build", "exam"])
def test_every_command_explains_itself_within_80_columns(command):
    done = coursekit(*command.split(), "--help")
    assert done.exit_code == 0
    assert "..." not in done.stdout.replace("[ARGS]...", "")
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_start_lays_out_the_chapters_and_says_what_it_did(here):
    done = coursekit("start", "--no-lab")
    assert (done.exit_code, done.stderr) == (0, "")
    n = len(CHAPTERS)
    assert done.stdout == f"{here / 'work'} holds {n} chapters: {n} new.\n"
    assert {path.stem for path in (here / "work").iterdir()} == set(CHAPTERS)
    done = coursekit("start", "--no-lab")
    assert done.stdout == f"{here / 'work'} holds {n} chapters: {n} as you left them.\n"


def test_an_untouched_chapter_is_not_attempted(here):
    coursekit("start", "mine", "--no-lab")
    done = coursekit("check", f"mine/{ONE}.ipynb")
    assert (done.exit_code, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [f"· {e.name}: not attempted" for e in CHAPTERS[ONE]]
    done = coursekit("progress", "mine")
    assert done.exit_code == 0
    assert f"0 of {TOTAL}" in done.stdout


def test_check_and_progress_tell_right_from_wrong(here):
    hand.hand_in(here, "work", hand.answered({"logit": "def logit(p):\n    return np.log(p)"}))
    done = coursekit("check", f"work/{ONE}.ipynb")
    assert done.exit_code == 1
    assert "✗ logit: 0 of 2 points\n  call     logit(" in done.stdout
    assert "✓ sigmoid: 2 of 2 points\n" in done.stdout
    done = coursekit("progress")
    assert f"{TOTAL - 2} of {TOTAL}" in done.stdout
    assert "not here: run `coursekit start`" in done.stdout


def test_check_ends_with_0_once_all_is_right(here):
    hand.hand_in(here, "work", hand.solved())
    assert coursekit("check", f"work/{ONE}.ipynb").exit_code == 0


def test_grade_writes_the_same_gradebook_again_with_the_same_secret(here):
    hand.hand_in(here / "in", "ann", hand.solved())
    hand.hand_in(here / "in", "bob", hand.answered({"logit": "logit = 5"}))
    for jobs in (1, 2):
        shutil.rmtree(here / "in" / "out" / "results", ignore_errors=True)
        done = coursekit("grade", "in", "--out", "in/out", "--jobs", jobs)
        assert (done.exit_code, done.stderr) == (0, "")
        protection, *said = done.stdout.splitlines()
        assert protection.startswith("sandbox on: ")
        assert said == [
            "2 of 2 notebooks graded.",
            f"The gradebook is {Path('in/out/gradebook.csv')}, the report report.html.",
        ]
        files = contents(here / "in" / "out")
        assert {path.as_posix() for path in files} == {
            *("gradebook.csv", "gradebook.json", "report.html", "secret.txt"),
            *("exports/canvas.csv", "exports/moodle.csv", "exports/junit.xml"),
            *(f"exports/gradescope/{student}.json" for student in ("ann", "bob")),
            *(f"feedback/{student}.html" for student in ("ann", "bob")),
            *(f"results/{student}/{ONE}.json" for student in ("ann", "bob")),
        }
        if jobs == 1:
            before = files
    assert files == before
    rows = (here / "in" / "out" / "gradebook.csv").read_text("utf-8").splitlines()
    assert [row.split(",")[0] for row in rows] == ["student", "ann", "bob"]
    assert [row.split(",")[-3] for row in rows[1:]] == [str(TOTAL), str(TOTAL - 2)]


def test_grade_says_what_it_could_not_grade(here):
    (here / "in").mkdir()
    (here / "in" / f"eve_{ONE}.ipynb").write_text("{", "utf-8")
    (here / "in" / "notes.ipynb").write_text("{", "utf-8")
    done = coursekit("grade", "in", "--out", "out")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[1:4] == [
        f"skipped {Path('in/notes.ipynb')}: its name is no chapter's",
        f"ungraded: {Path('in') / f'eve_{ONE}.ipynb'} is not a notebook: its JSON is broken.",
        "0 of 1 notebooks graded.",
    ]


def said(done):
    """Return what a run printed after the line about the sandbox."""
    protection, _, rest = done.stdout.partition("\n")
    assert protection.startswith("sandbox on: ")
    return rest


def test_grade_grades_nothing_twice_and_grades_again_what_changed(here):
    for student in ("ann", "bob"):
        hand.hand_in(here / "in", student, hand.solved())
    grade = ("grade", "in", "--out", "out", "--jobs", 1)
    assert coursekit(*grade).exit_code == 0
    before = contents(here / "out")
    done = coursekit(*grade)
    assert said(done).startswith("2 of 2 notebooks graded, 2 of them in an earlier run.\n")
    assert contents(here / "out") == before
    hand.hand_in(here / "in", "bob", hand.answered({"logit": "logit = 5"}))
    done = coursekit(*grade)
    assert said(done).startswith("2 of 2 notebooks graded, 1 of them in an earlier run.\n")
    changed = {p.as_posix() for p, text in contents(here / "out").items() if text != before[p]}
    assert changed == {
        *("gradebook.csv", "gradebook.json", "report.html", "feedback/bob.html"),
        *("exports/canvas.csv", "exports/moodle.csv", "exports/junit.xml"),
        *("exports/gradescope/bob.json", f"results/bob/{ONE}.json"),
    }
    again = coursekit(*grade, "--time-limit", 99)
    assert said(again).startswith("2 of 2 notebooks graded.\n")


def test_a_shard_grades_its_part_and_leaves_the_gradebook_to_the_last_run(here):
    for student in ("ann", "bob", "eve"):
        hand.hand_in(here / "in", student, "{")
    done = coursekit("grade", "in", "--out", "out", "--shard", "2/2")
    assert done.exit_code == 1
    assert said(done).splitlines() == [
        f"ungraded: {Path('in', 'bob', f'{ONE}.ipynb')} is not a notebook: its JSON is broken.",
        "0 of 1 notebooks graded.",
        "This was part 2 of 2; once all are done, run the same command without --shard: "
        "it skips what is graded and writes the gradebook.",
    ]
    files = {path.as_posix() for path in contents(here / "out")}
    assert files == {"secret.txt", f"results/bob/{ONE}.json"}


def test_a_zip_is_graded_like_a_folder(here):
    hand.hand_in(here / "in", "Ann Lee_12345_assignsubmission_file_", hand.solved())
    shutil.make_archive("class", "zip", "in")
    done = coursekit("grade", "class.zip", "--out", "out", "--jobs", 1)
    assert (done.exit_code, done.stderr) == (0, "")
    rows = (here / "out" / "gradebook.csv").read_text("utf-8").splitlines()
    assert rows[1].startswith("Ann Lee_12345,")
    assert rows[1].endswith(f",{TOTAL},{TOTAL},")


def test_what_could_not_be_looked_at_is_told_and_is_not_all_graded(here):
    hand.hand_in(here / "in", "ann", hand.solved())
    try:
        (here / "in" / "bob").symlink_to(here)
    except OSError:
        pytest.skip("this system makes no links")
    done = coursekit("grade", "in", "--out", "out", "--jobs", 1)
    assert done.exit_code == 1
    link = Path("in", "bob")
    assert said(done).startswith(f"skipped {link}: it is a link to a folder; copy the folder here")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense", "strange://127.0.0.1:1"])
def test_a_scheduler_that_does_not_answer_is_told(here, monkeypatch, address):
    pytest.importorskip("distributed")
    monkeypatch.setattr("coursekit.grading.cluster.PATIENCE", 0.2)
    hand.hand_in(here / "in", "ann", "{}")
    done = coursekit("grade", "in", "--out", "out", "--scheduler", address)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"coursekit: No scheduler answers at {address}; start one with")
    assert "results" not in {path.name for path in (here / "out").iterdir()}


def test_dask_that_is_not_installed_is_told(here, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    hand.hand_in(here / "in", "ann", "{}")
    done = coursekit("grade", "in", "--out", "out", "--scheduler", "tcp://127.0.0.1:1")
    assert done.exit_code == 2
    assert "Dask is not installed; run `pip install 'coursekit[teacher]'`" in done.stderr


def test_the_bar_shows_the_rate_and_the_time_left(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr(
        tables, "Console", lambda **options: Console(file=screen, force_terminal=True, width=100)
    )
    assert list(tables.grading_bar(iter("abc"), 3)) == ["a", "b", "c"]
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue())
    assert re.search(r"grading .* 3/3 +[0-9.]+/s +[0-9]+:[0-9]{2}:[0-9]{2}", shown)


@pytest.mark.parametrize("root", [False, True])
def test_start_opens_the_first_chapter_in_jupyterlab(here, monkeypatch, root):
    seen = []

    def become(program, command):
        seen.append((program, command))
        raise SystemExit(0)

    monkeypatch.setattr(os, "execv", become)
    monkeypatch.setattr(subprocess, "call", lambda command: become(command[0], command))
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000, raising=False)
    assert coursekit("start", "mine").exit_code == 0
    ((program, command),) = seen
    assert program == command[0] == sys.executable
    assert command[1:3] == ["-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={here / 'mine'}" in command
    assert f"--LabApp.default_url=/lab/tree/{ONE}.ipynb" in command
    assert ("--allow-root" in command) is root


@pytest.mark.skipif(os.name != "posix", reason="sends a signal to a process group")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_stops_grading_and_leaves_nothing_running(here, jobs):
    started = here / "started"
    sleepy = (
        f"from pathlib import Path\nPath({str(started)!r}).touch()\nimport time\ntime.sleep(99)"
    )
    hand.hand_in(here / "in", "ann", hand.answered({"logit": sleepy}))
    temporary = here / "temporary"
    temporary.mkdir()
    command = [sys.executable, "-m", "coursekit.cli", "grade", "in", "--out", "out", "--jobs", jobs]
    command.append("--sandbox=off")  # the notebook tells the test that it runs
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # also in `&`
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    while not started.exists():
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=60)[1] == "coursekit: stopped.\n"
    assert process.returncode == 130
    assert not list(temporary.glob("coursekit-*"))
    assert not (here / "out" / "gradebook.csv").exists()
