"""Whatever is killed, and whenever: run again, and the gradebook is the undisturbed one."""

import json
import os
import random
import shutil
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import faults
import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills processes by signals")

# Seeded rounds for each kind of victim; `make faults` runs ten of each, which makes thirty.
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
VICTIMS = ("grader", "pool", "worker")  # the last is a worker or the zygote that forks them
EXIT = 1  # because one notebook of the class is none


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Grade the class once; return its folder, its gradebook, and how long it took."""
    folder = tmp_path_factory.mktemp("class")
    faults.hand_in_a_class(folder / "in")
    begin = time.monotonic()
    said, err, code = faults.finish(faults.start(folder, "--out", "out", "--jobs", 2))
    seconds = time.monotonic() - begin
    assert (err, code) == ("", EXIT)
    assert "7 of 8 notebooks graded." in said
    book = faults.gradebook(folder / "out")
    assert book["gradebook.csv"].count(b"\n") == 9
    return SimpleNamespace(folder=folder, book=book, seconds=seconds)


@pytest.fixture
def copy(undisturbed, tmp_path):
    """Return a folder with the same class and the same secret, nothing of it graded."""
    shutil.copytree(undisturbed.folder / "in", tmp_path / "in")
    (tmp_path / "out").mkdir()
    shutil.copy(undisturbed.folder / "out" / "secret.txt", tmp_path / "out")
    return tmp_path


def wait_for_a_moment(process, out, rng, seconds):
    """Wait until a random number of results is there; for none, somewhere in the start."""
    many = rng.randrange(8)
    there = many and faults.wait_for(
        lambda: process.poll() is not None or len(faults.results(out)) >= many
    )
    time.sleep(rng.uniform(0, 0.1 if there else seconds / 2))


def kill_one(process, kind, rng):
    """Kill the grader, or one of the processes of a kind that it has now."""
    if kind == "grader":
        process.kill()
        return
    there = [one for one, role in faults.descendants(process).items() if role == kind]
    if there:
        faults.kill(rng.choice(sorted(there, key=lambda one: one.pid)))


@pytest.mark.parametrize("seed", range(ROUNDS))
@pytest.mark.parametrize("kind", VICTIMS)
def test_a_killed_run_goes_on_where_it_stopped(undisturbed, copy, kind, seed):
    rng = random.Random(f"{kind} {seed}")
    jobs = 2 if kind == "pool" else rng.choice([1, 2])
    process = faults.start(copy, "--out", "out", "--jobs", jobs)
    wait_for_a_moment(process, copy / "out", rng, undisturbed.seconds)
    started = faults.descendants(process)
    kill_one(process, kind, rng)
    _, err, code = faults.finish(process)
    assert faults.all_gone(started)
    if kind != "grader":
        assert (err, code) == ("", EXIT)
        assert faults.gradebook(copy / "out") == undisturbed.book
    graded = [r for r in faults.results(copy / "out").values() if r["ungraded"] is None]
    said, err, code = faults.finish(faults.start(copy, "--out", "out", "--jobs", jobs))
    assert (err, code) == ("", EXIT)
    earlier = f", {len(graded)} of them in an earlier run" if graded else ""
    assert f"7 of 8 notebooks graded{earlier}." in said
    assert faults.gradebook(copy / "out") == undisturbed.book


def test_shards_at_the_same_time_give_the_same_gradebook(undisturbed, tmp_path):
    shutil.copytree(undisturbed.folder / "in", tmp_path / "in")
    secret = ("--secret", undisturbed.folder / "out" / "secret.txt")
    shards = [
        faults.start(tmp_path, "--out", "out", "--jobs", 1, "--shard", f"{i}/3", *secret)
        for i in (1, 2, 3)
    ]
    said = [faults.finish(shard) for shard in shards]
    assert [err for _, err, _ in said] == [""] * 3
    assert [code for *_, code in said] == [0, 1, 0]
    assert "run the same command without --shard" in " ".join(said[0][0].split())
    assert not (tmp_path / "out" / "gradebook.csv").exists()
    out, err, code = faults.finish(faults.start(tmp_path, "--out", "out", *secret))
    assert (err, code) == ("", EXIT)
    assert "7 of 8 notebooks graded, 7 of them in an earlier run." in out
    assert faults.gradebook(tmp_path / "out") == undisturbed.book


def unshared(folder, script):
    """Run a shell script where mounts are its own; skip the test where that is not allowed."""
    alone = (
        ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    )
    probe = [*alone, "mount", "-t", "tmpfs", "none", "/mnt"]
    if shutil.which("unshare") is None or subprocess.run(probe, capture_output=True).returncode:
        pytest.skip("mounts of one's own are not allowed here")
    return subprocess.run(
        [*alone, "sh", "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        env=faults.environment(folder),
        timeout=300,
    )


GRADE = f"'{faults.command()[0]}' -m coursekit.cli grade in --out out --jobs 1"


def test_a_full_disk_is_told_and_more_room_mends_it(undisturbed, copy):
    script = f"""
        cp out/secret.txt . && mount -t tmpfs -o size=20k none out && cp secret.txt out
        {GRADE}; echo "exit $?"
        cp -r out full
        mount -o remount,size=9m out
        {GRADE}; echo "exit $?"
        cp -r out roomy"""
    done = unshared(copy, script)
    assert done.stderr == "coursekit: out/results cannot be written: No space left on device.\n"
    assert done.stdout.startswith("exit 2\n")
    assert done.stdout.endswith(f"exit {EXIT}\n")
    assert 0 < len(faults.results(copy / "full")) < 8
    assert not (copy / "full" / "gradebook.csv").exists()
    assert not list((copy / "full").rglob("*.new"))
    assert faults.gradebook(copy / "roomy") == undisturbed.book


@pytest.mark.parametrize("graded", [True, False])
def test_a_folder_that_is_only_to_read_is_told(undisturbed, copy, graded):
    if graded:
        shutil.copytree(undisturbed.folder / "out", copy / "out", dirs_exist_ok=True)
    before = {path: path.read_bytes() for path in (copy / "out").rglob("*") if path.is_file()}
    script = f"mount --bind out out && mount -o remount,bind,ro out && {GRADE}; echo exit $?"
    done = unshared(copy, script)
    assert done.stdout == "exit 2\n"
    assert done.stderr.startswith("coursekit: out")
    assert done.stderr.endswith("cannot be written: Read-only file system.\n")
    assert done.stderr.count("\n") == 1
    after = {path: path.read_bytes() for path in (copy / "out").rglob("*") if path.is_file()}
    assert after == before


@pytest.fixture
def dask(tmp_path):
    """Yield a real scheduler's address and its two workers."""
    pytest.importorskip("distributed")
    file, processes = tmp_path / "scheduler.json", []

    def begin(program, *args):
        local = ("--host", "127.0.0.1", "--no-dashboard", *args)
        module = f"distributed.cli.dask_{program}"
        with (tmp_path / f"{program}.log").open("ab") as log:
            call = [faults.command()[0], "-m", module, *local]
            environment = faults.environment(tmp_path)
            processes.append(subprocess.Popen(call, stdout=log, stderr=log, env=environment))

    try:
        begin("scheduler", "--port", "0", "--scheduler-file", str(file))
        for _ in range(2):
            worker = ("--scheduler-file", str(file), "--nthreads", "1", "--no-nanny")
            begin("worker", *worker, "--local-directory", str(tmp_path))
        assert faults.wait_for(lambda: both_there(tmp_path)), "the workers did not start"
        yield SimpleNamespace(scheduler=file, workers=processes[1:], processes=processes)
    finally:
        for process in processes:
            process.kill()
            process.wait()


def both_there(folder):
    log = Path(folder / "worker.log")
    return log.exists() and log.read_text("utf-8", "replace").count("Registered to:") == 2


def address(dask):
    return json.loads(dask.scheduler.read_text("utf-8"))["address"]


def test_a_dask_worker_that_is_killed_costs_nobody_a_grade(undisturbed, copy, dask):
    run = faults.start(copy, "--out", "out", "--scheduler", address(dask))
    assert faults.wait_for(lambda: len(faults.results(copy / "out")) > 1 or run.poll() is not None)
    dask.workers[0].kill()
    _, err, code = faults.finish(run)
    assert (err, code) == ("", EXIT)
    assert faults.gradebook(copy / "out") == undisturbed.book


def test_a_dask_scheduler_that_goes_away_is_told_and_the_rest_is_graded_here(
    undisturbed, copy, dask
):
    run = faults.start(copy, "--out", "out", "--scheduler", address(dask))
    assert faults.wait_for(lambda: faults.results(copy / "out") or run.poll() is not None)
    dask.processes[0].kill()
    _, err, code = faults.finish(run)
    assert code == 2
    assert "The scheduler at tcp://127.0.0.1:" in err.splitlines()[-1]
    assert err.splitlines()[-1].endswith("what is graded stays graded.")
    assert faults.finish(faults.start(copy, "--out", "out"))[1:] == ("", EXIT)
    assert faults.gradebook(copy / "out") == undisturbed.book
