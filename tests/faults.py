"""Run the grade command as people do, kill parts of it, and see what is left."""

import contextlib
import json
import os
import subprocess
import sys
import time

import psutil
import submissions as hand

ONE = "01_definition"
GRADEBOOK = ("gradebook.csv", "gradebook.json")


def hand_in_a_class(folder):
    """Hand in eight small notebooks: right, wrong, half done, and one that is none."""
    slope = "def sigmoid(x):\n    return 1 / (1 + np.exp(x))"
    for student in ("ann", "bob", "cem"):
        hand.hand_in(folder, student, hand.solved())
    for student in ("dora", "eve"):
        hand.hand_in(folder, student, hand.answered({"sigmoid": slope, "logit": "1 / 0"}))
    for student in ("finn", "gus"):
        hand.hand_in(folder, student, hand.answered({"symmetry_identity": "pass"}))
    hand.hand_in(folder, "hal", '{"cells": [')


def command(*args):
    return [sys.executable, "-m", "coursekit.cli", "grade", *map(str, args)]


def environment(folder):
    """Return the environment of a grader whose temporary files go below `folder`."""
    temporary = folder / "temporary"
    temporary.mkdir(exist_ok=True)
    threads = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
    return {**os.environ, **threads, "TMPDIR": str(temporary)}


def start(folder, *args):
    """Start to grade ``in`` below `folder`."""
    return subprocess.Popen(
        command("in", *args),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(folder),
    )


def finish(process):
    """Return what a run printed, and its exit code."""
    out, err = process.communicate(timeout=300)
    return out, err, process.returncode


def gradebook(out):
    return {name: (out / name).read_bytes() for name in GRADEBOOK}


def results(out):
    """Return all stored results; each is whole, or this fails."""
    return {
        path.relative_to(out).as_posix(): json.loads(path.read_text("utf-8"))
        for path in out.glob("results/*/[!.]*.json")
    }


def descendants(process):
    """Return the processes that a process has started, with their roles."""
    try:
        everybody = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return {}
    return {one: role(one) for one in everybody}


def role(process):
    """Return "pool" for a process of the pool, "tracker" for Python's own, or "worker"."""
    with contextlib.suppress(psutil.Error):
        line = " ".join(process.cmdline())
        if "multiprocessing.resource_tracker" in line:
            return "tracker"
        if "multiprocessing.spawn" in line:
            return "pool"
    return "worker"


def kill(process):
    with contextlib.suppress(psutil.Error):
        process.kill()


def wait_for(condition, seconds=120):
    """Wait until a condition holds; return whether it did."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def all_gone(processes):
    """Return whether processes have ended, or do so soon."""
    return not psutil.wait_procs(list(processes), timeout=60)[1]
