"""No trick earns a point, reads a secret, reaches anybody or leaves anything behind.

All attacks are graded twice, by root where the tests run as root and by an ordinary user,
with the sandbox that a teacher gets without asking. They aim at a world made for them, and
are bounded so that they do no harm if they succeed.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from attacks import catalogue
from attacks import world as worlds

from coursekit import exercises

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")

DRIVER = Path(__file__).with_name("grade_attacks.py")
POINTS = {e.name: e.points for e in exercises.chapters()["01_definition"]}
ATTACKS = {attack.name: attack for attack in catalogue.every()}
HONEST = {attack.name: attack for attack in catalogue.honest()}
EVERYBODY = {**ATTACKS, **HONEST}
PATIENCE = 500  # seconds for one grader, hundreds of notebooks

# How an attack looks that failed because it was written badly, not because it was refused.
OWN_FAULTS = ("NameError", "SyntaxError", "UnboundLocalError", "TypeError", "IndentationError")


@dataclass(frozen=True)
class Aftermath:
    """What a class of attackers got, and what it did to the world."""

    results: dict[str, dict]
    graders: list[dict]
    texts: str
    changed: dict[str, tuple]
    received: list[str]
    bystanders: tuple[list, list]
    strays: list[str]
    left: list[str]
    kernel: tuple[str, str]
    canaries: list[str]


def identities():
    root = pytest.mark.skipif(os.getuid() != 0, reason="the tests do not run as root")
    return [pytest.param("root", marks=root), "user"]


@pytest.fixture(scope="module", params=identities())
def aftermath(request):
    owner, words = os.getuid(), []
    if request.param == "user" and owner == 0:
        owner, words = worlds.NOBODY, worlds.python_as(worlds.NOBODY)
        if words is None:
            pytest.skip("root cannot become an ordinary user here: it needs setpriv")
    return fight(owner, words)


def fight(owner, words):
    """Let all attacks be graded, and look at the world before and after."""
    worlds.adopt_orphans()
    world = worlds.World(Path(tempfile.mkdtemp(prefix="coursekit-world-")), owner, ATTACKS.values())
    try:
        teams = {"slow": [], "submissions": []}
        for attack in EVERYBODY.values():
            teams["slow" if attack.slow else "submissions"].append(attack)
        graders = {team: start(world, words, team) for team in teams}
        for team, grader in graders.items():
            world.hand_in(teams[team], grader.pid, team)
        return look_after(world, graders)
    finally:
        world.close()


def start(world, words, team):
    """Start a grader, which waits until its submissions are there."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(world.folder / "home"),
        "TMPDIR": str(world.folder / "temp"),
        "CANARY": world.canary(),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    files = [world.folder / team, world.secret, world.folder / "out" / f"report-{team}.json"]
    return subprocess.Popen(
        [*words, sys.executable, str(DRIVER), *map(str, files), world.canary()],
        cwd=world.folder / "cwd",
        env=environment,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def look_after(world, graders):
    files, kernel = world.files(), worlds.kept_by_the_kernel()
    bystanders = world.bystanders()
    for grader in graders.values():
        grader.stdin.write(b"go\n")
        grader.stdin.flush()
    errors = []
    for grader in graders.values():
        try:
            errors.append(grader.communicate(timeout=PATIENCE)[1].decode())
        except subprocess.TimeoutExpired:
            grader.kill()
            grader.communicate()
            errors.append("the grader hangs")
    strays, after = world.strays(), world.files()
    names = {name for name in {*files, *after} if files.get(name) != after.get(name)}
    texts = [
        report.read_text("utf-8") if report.exists() else "null"
        for report in (world.folder / "out" / f"report-{team}.json" for team in graders)
    ]
    reports = [json.loads(text) for text in texts]
    assert all(reports), f"a grader did not survive: {errors}"
    kernel = kernel, worlds.kept_by_the_kernel()
    worlds.forget_in_the_kernel()
    return Aftermath(
        {r["student"]: r for report in reports for r in report["results"]},
        reports,
        "\n".join([*texts, *errors]),
        {name: (files.get(name), after.get(name)) for name in sorted(names)},
        world.received(),
        (bystanders, world.bystanders()),
        strays,
        world.left_in_shared_folders(),
        kernel,
        [*world.canaries, world.secret.read_text("utf-8").strip()],
    )


def points(result):
    return {exercise["name"]: exercise["points"] for exercise in result["exercises"]}


def messages(result):
    return "\n".join(exercise["message"] for exercise in result["exercises"])


def test_no_attack_earns_what_it_attacks(aftermath):
    earned = {
        name: {e: n for e, n in points(aftermath.results[name]).items() if e in attack.attacked}
        for name, attack in ATTACKS.items()
    }
    assert {n: got for n, got in earned.items() if any(got.values())} == {}
    assert all(set(earned[n]) == ATTACKS[n].attacked for n in earned), "some are ungraded"


def test_no_attack_keeps_a_notebook_from_being_graded(aftermath):
    ungraded = {n: r["ungraded"] for n, r in aftermath.results.items() if r["ungraded"]}
    assert ungraded == {}
    assert set(aftermath.results) == {*EVERYBODY, "honest"}


def test_right_answers_beside_an_attack_keep_their_points(aftermath):
    lost = {}
    for name, attack in ATTACKS.items():
        expected = {e: 0 if e in attack.attacked else n for e, n in POINTS.items()}
        if points(aftermath.results[name]) != expected and not attack.spoils:
            lost[name] = messages(aftermath.results[name])
    assert lost == {}


def test_honest_notebooks_keep_all_points(aftermath):
    lost = {
        name: messages(aftermath.results[name])
        for name in (*HONEST, "honest")
        if points(aftermath.results[name]) != POINTS
    }
    assert lost == {}


def test_no_attack_reaches_what_it_is_after(aftermath):
    reached = {
        name: messages(result)
        for name, result in aftermath.results.items()
        if "REACHED" in json.dumps(result)
    }
    assert reached == {}


def test_every_attack_was_really_made(aftermath):
    faults = {}
    for name, attack in ATTACKS.items():
        said = messages(aftermath.results[name])
        if attack.told and any(fault in said for fault in OWN_FAULTS):
            faults[name] = said
        if attack.told and not any(w in said for w in ("refused", "tried", "REACHED", "nothing")):
            faults[name] = said
    assert faults == {}


def test_no_secret_is_in_any_result(aftermath):
    assert [text for text in aftermath.canaries if text in aftermath.texts] == []


def test_nothing_is_sent(aftermath):
    assert aftermath.received == []


def test_files_outside_stay_as_they_are(aftermath):
    assert aftermath.changed == {}
    assert aftermath.left == []


def test_no_process_is_left(aftermath):
    assert aftermath.strays == []


def test_bystanders_live_on_unchanged(aftermath):
    before, after = aftermath.bystanders
    assert after == before


def test_graders_feel_nothing(aftermath):
    for report in aftermath.graders:
        assert report["signals"] == []
        assert report["after"] == report["before"]


def test_nothing_is_left_in_the_kernel(aftermath):
    before, after = aftermath.kernel
    assert after == before


def test_verdicts_are_short_and_obeyed_by_no_terminal(aftermath):
    for name, result in aftermath.results.items():
        for exercise in result["exercises"]:
            lines = exercise["message"].split("\n")
            assert len(lines) <= 5, name
            assert all(line.isprintable() for line in lines), name
        assert len(json.dumps(result)) < 200_000, name
