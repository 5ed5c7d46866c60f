"""The locks one by one: what the filter lets pass, which paths are open, what is enough."""

import errno
import os
import re
import signal
import sys
from collections import namedtuple
from pathlib import Path

import pytest
import submissions as hand

from coursekit import exercises
from coursekit.errors import CourseError
from coursekit.grading import child as children
from coursekit.grading import doctor, scratch
from coursekit.grading.classroom import Settings, grade_submission
from coursekit.grading.results import Submission
from coursekit.grading.sandbox.policy import Policy, Protection
from coursekit.grading.session import Limits

if sys.platform == "linux":
    from coursekit.grading.sandbox import landlock, paths, seccomp, syscalls

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
ME = 4711
ALL = Protection("a", "b", "c", "d", "e")
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


def run(steps, architecture, call, *args):
    """Run a filter as the kernel's machine does, on a call with its arguments."""
    words = [call, architecture, 0, 0]
    for arg in (*args, *[0] * (6 - len(args))):
        words += [arg & 0xFFFFFFFF, arg >> 32]
    accumulator, at = 0, 0
    while True:
        step = steps[at]
        at += 1
        if step.code == 0x20:
            accumulator = words[step.value // 4]
        elif step.code == 0x54:
            accumulator &= step.value
        elif step.code == 0x15:
            at += step.if_true if accumulator == step.value else step.if_false
        else:
            assert step.code == 0x06
            return step.value


@pytest.fixture(params=["x86_64", "aarch64"])
def verdict(request, monkeypatch):
    """Return what the filter says to a call by name, on either kind of machine."""
    if sys.platform != "linux":
        pytest.skip("needs Linux")
    monkeypatch.setattr("platform.machine", lambda: request.param)
    tables = (syscalls.ALLOWED, syscalls.REFUSED, syscalls.EXAMINED)
    numbers = {name: n for table in tables for name, n in syscalls.numbers(table).items()}
    architecture = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[request.param]
    names = {0x7FFF0000: "allowed", 0x50000 | errno.EPERM: "refused", 0x50000 | errno.ENOSYS: "no"}
    steps = seccomp.program(ME)

    def of(name, *args):
        number = name if isinstance(name, int) else numbers[name]
        return names[run(steps, architecture, number, *args)]

    of.other_machine = lambda: run(steps, 0x40000003, 1)
    return of


@pytest.mark.parametrize(
    ("name", "args", "said"),
    [
        ("read", (), "allowed"),
        ("openat", (), "allowed"),
        ("socket", (2, 1), "refused"),
        ("execve", (), "refused"),
        ("fchmod", (), "refused"),
        ("clone", (0x3D0F00,), "allowed"),  # a thread, as the C library starts one
        ("clone", (0x1200011,), "refused"),  # a process, as fork starts one
        ("kill", (ME, signal.SIGTERM), "allowed"),
        ("kill", (ME, signal.SIGKILL), "refused"),
        ("kill", (ME, signal.SIGSTOP), "refused"),
        ("kill", (1, signal.SIGTERM), "refused"),
        ("kill", (0, signal.SIGTERM), "refused"),
        ("kill", (2**32 - 1, signal.SIGTERM), "refused"),
        ("tgkill", (ME, ME, signal.SIGABRT), "allowed"),
        ("tgkill", (ME, ME, signal.SIGKILL), "refused"),
        ("tgkill", (1, 1, signal.SIGABRT), "refused"),
        ("ioctl", (0, 0x5401), "allowed"),
        ("ioctl", (0, 0x5412), "refused"),  # TIOCSTI types into a terminal
        ("fcntl", (3, 3), "allowed"),
        ("fcntl", (3, 8), "refused"),  # F_SETOWN: whom to signal
        ("prctl", (15,), "allowed"),
        ("prctl", (1,), "refused"),  # PR_SET_PDEATHSIG: whether to die with the zygote
        ("prlimit64", (0, 9, 0), "allowed"),
        ("prlimit64", (0, 9, 4096), "refused"),
        ("prlimit64", (1, 9, 0), "refused"),
        ("socketpair", (1, 1), "allowed"),
        ("socketpair", (1, 0x80001), "allowed"),
        ("socketpair", (1, 2), "refused"),  # datagrams can be sent to others
        ("sendto", (3, 64, 1, 0, 0, 0), "allowed"),
        ("sendto", (3, 64, 1, 0, 4096, 16), "refused"),
        (100_000, (), "no"),
        (0x40000000, (), "no"),  # the other numbering of x86-64
    ],
)
def test_the_filter_lets_pass_what_computing_needs(verdict, name, args, said):
    assert verdict(name, *args) == said


def test_a_call_by_another_machines_numbers_ends_the_process(verdict):
    assert verdict.other_machine() == 0x80000000


@linux
@pytest.mark.parametrize("machine", HEADERS)
def test_the_numbers_of_calls_are_the_kernels(machine, monkeypatch):
    header = HEADERS[machine]
    if not header.exists():
        pytest.skip(f"needs {header}")
    pattern = r"#define __NR(?:3264)?_(\w+)\s+(\d+)"
    known = {name: int(number) for name, number in re.findall(pattern, header.read_text())}
    monkeypatch.setattr("platform.machine", lambda: machine)
    for table in (syscalls.ALLOWED, syscalls.REFUSED, syscalls.EXAMINED):
        ours = syscalls.numbers(table)
        aliases = {"newfstatat": "fstatat"} if machine == "aarch64" else {}
        assert ours == {name: known[aliases.get(name, name)] for name in ours}


@linux
def test_all_is_open_but_what_is_away(tmp_path):
    for name in ("a/one.py", "a/b/two.py", "a/b/answers/three.py", "a/b/answers/deep/four.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "a" / "link").symlink_to(tmp_path / "a" / "b" / "answers")
    away = [tmp_path / "a" / "b" / "answers"]
    granted = list(paths.all_but(tmp_path, away))
    files = {p for p in tmp_path.rglob("*.py") if any(p.is_relative_to(g) for g in granted)}
    assert {p.name for p in files} == {"one.py", "two.py"}
    assert tmp_path / "a" / "link" not in granted
    assert list(paths.all_but(away[0], away)) == []


@linux
def test_the_answers_are_in_no_open_path():
    answers = Path(exercises.__file__).parent
    reference = answers / "_01_definition.py"
    assert reference.exists()
    assert not any(reference.is_relative_to(path) for path in paths.readable())
    assert not any((hand.ROOT / "solutions").is_relative_to(path) for path in paths.readable())


def test_a_protection_says_what_is_on_and_what_is_off():
    some = Protection(network="seccomp", limits="rlimits")
    assert str(some) == "sandbox on: network (seccomp), limits (rlimits); OFF: files, signals, user"
    assert str(ALL).endswith("OFF: nothing")


@pytest.mark.parametrize("mode", ["auto", "bwrap"])
@pytest.mark.parametrize("missing", ["files", "network", "signals"])
def test_nothing_is_graded_where_a_notebook_could_do_harm(mode, missing):
    weak = Protection(**{**vars(ALL), missing: None})
    with pytest.raises(CourseError, match=f"does not protect {missing} on this machine"):
        Policy(mode).accept(weak)
    Policy(mode, weak=True).accept(weak)


@pytest.mark.parametrize("missing", ["user", "limits"])
def test_only_strict_asks_for_everything(missing):
    less = Protection(**{**vars(ALL), missing: None})
    Policy("auto").accept(less)
    with pytest.raises(CourseError, match=f"does not protect {missing}"):
        Policy("strict").accept(less)
    Policy("strict").accept(ALL)


def test_off_is_what_was_asked_for():
    Policy("off").accept(Protection())


@pytest.fixture
def solved(tmp_path):
    path = hand.hand_in(tmp_path, "ann", hand.solved())
    return Submission("ann", "01_definition", path), path.read_bytes()


def test_where_there_is_no_sandbox_a_fresh_interpreter_grades_if_that_is_allowed(
    solved, monkeypatch
):
    monkeypatch.setattr("coursekit.grading.spawn.sys.platform", "darwin")
    settings = Settings(b"a secret of sixteen", Limits())
    refused = grade_submission(*solved, settings)
    assert "does not protect files, network, signals" in refused.ungraded
    allowed = grade_submission(*solved, Settings(settings.secret, policy=Policy(weak=True)))
    assert [v.status for v in allowed.verdicts] == ["passed"] * 6
    assert allowed.sandbox == "sandbox on: nothing; OFF: files, network, signals, user, limits"


@linux
@pytest.mark.skipif(sys.platform == "linux" and not landlock.version(), reason="needs Landlock")
def test_the_sandbox_of_this_machine_is_stored_with_the_result(solved):
    graded = grade_submission(*solved, Settings(b"a secret of sixteen"))
    assert graded.sandbox.startswith(f"sandbox on: files (Landlock {landlock.version()})")


@linux
def test_bubblewrap_goes_around_what_runs_notebooks(solved):
    found = {finding.name: finding for finding in doctor.findings()}["bubblewrap"]
    if not found.there:
        pytest.skip(f"bubblewrap: {found.detail}")
    wrapped = grade_submission(*solved, Settings(b"a secret of sixteen", policy=Policy("bwrap")))
    if wrapped.ungraded and "does not start: bwrap" in wrapped.ungraded:
        pytest.skip(wrapped.ungraded)
    assert [v.status for v in wrapped.verdicts] == ["passed"] * 6
    assert "network (seccomp and bubblewrap)" in wrapped.sandbox


@linux
def test_the_doctor_says_what_grade_would_do():
    health = doctor.examine("off")
    assert health.exit_code == 0
    assert health.lines[-1] == "`coursekit grade --sandbox=off` will grade."
    assert [finding.name for finding in health.findings][:3] == ["Linux", "Landlock", "seccomp"]


def test_the_doctor_sends_other_systems_elsewhere(monkeypatch):
    monkeypatch.setattr("coursekit.grading.spawn.sys.platform", "darwin")
    health = doctor.examine("auto")
    assert health.exit_code == 1
    assert "To do: on macOS and Windows there is no sandbox: grade in WSL 2" in health.lines[1]
    assert health.lines[-1] == "`coursekit grade --sandbox=auto` will refuse."


def started(action):
    """Start a process that does something and waits to be killed; return its number."""
    code = f"import os, signal, time; {action}; time.sleep(60)"
    command = [sys.executable, "-S", "-c", code]
    return os.posix_spawn(command[0], command, os.environ)


@linux
def test_a_process_that_was_killed_by_somebody_else_is_told_from_others(tmp_path):
    killed = children.Child(started("os.kill(os.getpid(), signal.SIGKILL)"), tmp_path)
    assert killed.end(10)
    ended = children.Child(started("os._exit(0)"), tmp_path)
    assert not ended.end(10)
    running = children.Child(started("pass"), tmp_path)
    assert not running.end(0)


@linux
def test_a_process_that_fills_the_disk_is_ended(tmp_path, monkeypatch):
    Usage = namedtuple("Usage", "free")
    room = iter([2**30, 2**30, 0, 0])
    monkeypatch.setattr(children, "LARGEST", 3 * 2**20)
    monkeypatch.setattr(children.shutil, "disk_usage", lambda path: Usage(next(room)))
    writer = children.Child(started("pass"), tmp_path)
    writer.look()  # nothing was written on this disk
    writer.look()  # much was, but not by this process
    assert os.waitpid(writer._pid, os.WNOHANG) == (0, 0)
    (tmp_path / "large").write_bytes(b"x" * 4 * 2**20)
    writer.look()
    assert not writer.end(10)
    with pytest.raises(ChildProcessError):
        os.waitpid(writer._pid, 0)


@pytest.mark.skipif(os.name != "posix", reason="needs folders within each other without end")
def test_whatever_was_left_is_removed_and_no_link_is_followed(tmp_path):
    outside, work = tmp_path / "outside", tmp_path / "work"
    outside.mkdir()
    (outside / "mine").write_text("mine")
    work.mkdir()
    (work / "-rf").write_text("")
    (work / "link").symlink_to(outside)
    (work / "closed").mkdir()
    (work / "closed" / "inside").write_text("")
    (work / "closed").chmod(0o300)
    here = os.open(work, os.O_RDONLY)
    for _ in range(2000):
        os.mkdir("deep", dir_fd=here)
        below = os.open("deep", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    scratch.empty(work)
    assert list(work.iterdir()) == []
    assert (outside / "mine").read_text() == "mine"


@linux
def test_the_kernels_word_on_errors_becomes_an_exception():
    from coursekit.grading.sandbox import kernel

    with pytest.raises(OSError, match=re.escape(os.strerror(errno.EINVAL))):
        kernel.prctl(-1, 0)
