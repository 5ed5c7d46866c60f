"""The tests that the other graders are given in the benchmark judge as ours do."""

import importlib
import os
import sys
from pathlib import Path

import declared
import psutil
import pytest
import submissions as hand

from coursekit import exercises

pytestmark = pytest.mark.skipif(not hasattr(os, "waitid"), reason="needs waitid")
CHAPTER = exercises.chapters()["01_definition"]


@pytest.fixture
def peers(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1]))
    return importlib.import_module("benchmarks.peers")


def accepts(test, answer):
    """Return whether a test cell runs through after an answer's cell."""
    space = {}
    exec(declared.IMPORTS, space)
    try:
        exec(f"{answer}\n{test}", space)
    except Exception:
        return False
    return True


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("exercise", CHAPTER, ids=lambda exercise: exercise.name)
def test_the_right_answer_passes_and_every_mistake_fails(peers, exercise):
    test = peers.test_source(exercise)
    right = "".join(hand.answer(hand.solved(), exercise.name)["source"])
    assert accepts(test, right)
    wrong = declared.recognised_mistakes("01_definition", exercise.name)
    assert [key for key, source in wrong.items() if accepts(test, source)] == []


def test_every_notebook_gets_all_tests_once_and_keeps_its_cells(peers):
    whole = hand.solved()
    bare = {**whole, "cells": [{**cell, "id": f"c{i}"} for i, cell in enumerate(whole["cells"])]}
    for notebook in (whole, bare):
        made = peers.with_tests(notebook)["cells"]
        graded = [c for c in made if c["metadata"].get("nbgrader", {}).get("grade")]
        points = [cell["metadata"]["nbgrader"]["points"] for cell in graded]
        assert sorted(points) == sorted(exercise.points for exercise in CHAPTER)
        assert [c["source"] for c in made if c not in graded] == [
            c["source"] for c in notebook["cells"]
        ]


def test_what_a_program_takes_is_seen(peers, tmp_path):
    source = "import time; held = bytearray(300_000_000); print('done'); time.sleep(1)"
    taken = peers.watch([sys.executable, "-c", source], tmp_path, 60)
    assert taken.ended
    assert taken.output.strip() == "done"
    assert 300 < taken.peak <= taken.whole


def test_a_program_that_does_not_end_is_ended_with_what_it_started(peers, tmp_path):
    source = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(child.pid, flush=True)\ntime.sleep(600)"
    )
    taken = peers.watch([sys.executable, "-c", source], tmp_path, 3)
    assert not taken.ended
    pid = int(taken.output)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
