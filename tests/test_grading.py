"""Grading a class of real submissions, honest, broken and sly; the class is graded once."""

import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import submissions as hand

from coursekit import exercises
from coursekit.collect import collect
from coursekit.grading.classroom import Settings, grade_submission, hidden_inputs
from coursekit.grading.finding import find_submissions
from coursekit.grading.grade import grade, needed_cells
from coursekit.grading.secret import hidden_seed
from coursekit.grading.session import Limits
from coursekit.grading.spawn import end_zygote
from coursekit.judge import Questions, inputs_for
from coursekit.reading import Cell, Notebook, original, read_notebook

SECRET = b"a secret of the tests, long enough"
LIMITS = Limits(cell=6, answer=4, notebook=60)
POINTS = {e.name: e.points for e in exercises.chapters()["01_definition"]}
MARKER = "left behind by a submission of the tests"


def public(exercise):
    return Questions(exercise, inputs_for(exercise, 0))


def half_solved():
    chapter = json.loads((hand.ROOT / "chapters" / "01_definition.ipynb").read_text("utf-8"))
    stubs = {name: hand.answer(chapter, name)["source"] for name in ("logit", "symmetry_identity")}
    return hand.answered(stubs)


def table(name):
    """Return an answer that looks up the public inputs and knows nothing else."""
    exercise = exercises.find(name)
    inputs = inputs_for(exercise, 0)
    right = [o.value for o in collect(exercise.reference, inputs)]
    pairs = {
        repr(args): np.asarray(value).tolist() for args, value in zip(inputs, right, strict=True)
    }
    known = f"known_{name} = {pairs!r}\n"
    return f"{known}def {name}(*args):\n    return np.array(known_{name}[repr(args)])[()]"


def stripped():
    """Return a notebook whose cells lost ids and metadata, with old copies of an answer."""
    notebook = hand.solved()
    right = hand.answer(notebook, "logit")
    notebook["cells"].insert(3, hand.cell("def logit(p):\n    return p"))
    notebook["cells"].append(hand.cell(right["source"]))
    right["source"] = "def logit(p):\n    return 0 * p"
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    return notebook


WRONG = {name: f"def {name}(*args):\n    return 0.25" for name in POINTS} | {
    "symmetry_identity": "symmetry_identity = 'A'"
}

PATCHES = """
import builtins, warnings
import coursekit, coursekit.collect, coursekit.compare, coursekit.exercise, coursekit.withhold
from coursekit.grading import protocol, worker
yes = lambda *args, **kwargs: True
for module in (np, np.testing, coursekit.collect, coursekit.compare, coursekit.withhold, builtins):
    for name in ("allclose", "isclose", "array_equal", "assert_allclose", "identical", "all",
                 "difference", "close", "withheld"):
        if hasattr(module, name):
            setattr(module, name, yes)
coursekit.collect.Outcome.__eq__ = yes
coursekit.check = coursekit.hint = yes
"""

FORGERY = """
import json, sys
forged = json.dumps(["dict", [["nonce", ["str", "0"]], ["points", ["int", "0x9"]]]])
json.dumps = lambda *args, **kwargs: forged
"""

LIES = {
    "sigmoid": """class Liar(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)
    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__
    def __array__(self, *args, **kwargs):
        return np.full(self.shape, np.nan)
def sigmoid(x):
    return np.zeros(np.shape(x)).view(Liar)""",
    "logit": """class Yes(float):
    def __eq__(self, other):
        return True
    __hash__ = float.__hash__
    def __sub__(self, other):
        return Yes(0)
    __rsub__ = __sub__
def logit(p):
    return Yes(0)""",
    "tanh_from_sigmoid": """class Any:
    __array_priority__ = 1000
    def __eq__(self, other):
        return True
def tanh_from_sigmoid(x):
    return np.full(np.shape(x), Any(), dtype=object)""",
    "binary_softmax": "def binary_softmax(z0, z1):\n    z0 *= 0\n    return z0 + 0.5",
    "symmetry_identity": """class Letter(str):
    def __eq__(self, other):
        return True
    __hash__ = str.__hash__
symmetry_identity = Letter("A")""",
    "line_at_zero": """calls = 0
def line_at_zero(x):
    global calls
    calls += 1
    return 0.5 + np.asarray(x) / 4 if calls < 3 else x""",
}

PEEK = """
reasons = []
for name in ("exercises", "exercises._01_definition", "judge", "student", "notebooks",
             "grading.grade", "workspace"):
    try:
        __import__("coursekit." + name)
        reasons.append(name + " was there")
    except ImportError as error:
        reasons.append("away" if "not available while a notebook is graded" in str(error) else "?")
symmetry_identity = reasons
"""

PROCESSES = f"""
import os, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", {MARKER!r}])
if hasattr(os, "fork") and os.fork() == 0:  # holds the pipe to the grader
    while True:
        os.wait() if False else __import__("time").sleep(1)
"""

HALF = "text = '\ud800'"  # half a character
MAGIC = "%time x = 1\n!true\ndisplay(x)\nx;"

LIBRARY = """
from coursekit.activations import sigmoid
from coursekit.activations import logit as mine
def logit(p):
    return mine(p)
tanh_from_sigmoid = act.tanh
"""


def classroom(folder):
    """Hand in one notebook per student; each name says what it is."""
    notebooks = {
        "solved": hand.solved(),
        "half": half_solved(),
        "sign": hand.answered({"sigmoid": "def sigmoid(x):\n    return 1 / (1 + np.exp(x))"}),
        "raises": hand.answered(
            {
                "logit": "def logit(p:\n    return p",
                "symmetry_identity": "symmetry_identity = 1 / 0",
            }
        ),
        "loops": hand.answered(
            {
                "logit": "import time\nwhile True:\n    time.sleep(1)\ndef logit(p):\n    pass",
                "sigmoid": "def sigmoid(x):\n    while True:\n        try:\n"
                "            while True: pass\n        except BaseException: pass",
            }
        ),
        "exit": hand.before(
            hand.answered({"logit": "import sys\ndef logit(p):\n    sys.exit(0)"}),
            "import sys\nsys.exit(0)",
        ),
        "hard exit": hand.before(
            hand.answered({"logit": "import os\ndef logit(p):\n    os._exit(0)"}),
            "import os\nos._exit(0)",
        ),
        "dies": hand.answered(
            {
                "logit": "import ctypes\ndef logit(p):\n    ctypes.string_at(0)",
                "sigmoid": "def sigmoid(x):\n    raise KeyboardInterrupt",
                "line_at_zero": "import os\ndef line_at_zero(x):\n    os.closerange(0, 64)",
            }
        ),
        "garbage": hand.answered(
            {
                "logit": "import os\ndef logit(p):\n    for d in range(3, 64):\n        try:\n"
                "            os.write(d, b'garbage' * 99)\n        except OSError: pass\n"
                "    return p"
            }
        ),
        "huge": hand.answered({"logit": "def logit(p):\n    return np.zeros(10**4)"}),
        "stripped": stripped(),
        "demonstration": hand.after(
            hand.answered({"logit": "def logit(p):\n    return np.log(p / (1 - p)) + 0 * odds[0]"}),
            "symmetry_identity = 'C' if 'odds' in globals() else 'demonstrations did not run'",
        ),
        "memory": hand.answered(
            {name: table(name) for name in ("sigmoid", "logit", "line_at_zero")}
        ),
        "patches": hand.before(hand.answered(WRONG), PATCHES),
        "forgery": hand.before(hand.answered(WRONG), FORGERY),
        "lies": hand.answered(LIES),
        "peek": hand.after(hand.solved(), PEEK),
        "library": hand.after(hand.solved(), LIBRARY),
        "unusual": hand.before(hand.before(hand.before(hand.solved(), PROCESSES), HALF), MAGIC),
        "text": "my homework",
        "truncated": json.dumps(hand.solved())[:2000],
        "old": json.dumps(hand.solved() | {"nbformat": 3}),
        "bytes": b"\xff\xfe\x00",
    }
    for student, notebook in notebooks.items():
        hand.hand_in(folder, student, notebook)
    (folder / "empty").mkdir()


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Return every student's result, and the folder that was used for temporary files."""
    folder, scratch = tmp_path_factory.mktemp("class"), tmp_path_factory.mktemp("scratch")
    classroom(folder)
    found = find_submissions(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(scratch))
        settings = Settings(SECRET, LIMITS)
        results = (grade_submission(s, found.read(s), settings) for s in found.submissions)
        by_student = {result.submission.student: result for result in results}
        end_zygote()
    return by_student, scratch


@pytest.fixture(scope="module")
def results(graded):
    return graded[0]


def points(result):
    return {verdict.exercise: verdict.points for verdict in result.verdicts}


def verdict(result, name):
    return next(v for v in result.verdicts if v.exercise == name)


def full(**less):
    return POINTS | less


def test_a_solved_notebook_earns_all_points(results):
    assert points(results["solved"]) == full()


def test_what_is_left_open_is_not_attempted_and_costs_only_itself(results):
    assert points(results["half"]) == full(logit=0, symmetry_identity=0)
    assert verdict(results["half"], "logit").status == "not attempted"
    assert verdict(results["half"], "symmetry_identity").status == "not attempted"


def test_a_known_mistake_is_named(results):
    assert points(results["sign"]) == full(sigmoid=0)
    assert verdict(results["sign"], "sigmoid").mistake.id == "sign"


BROKEN = {
    "raises": {
        "logit": "got      nothing: its cell raised SyntaxError",
        "symmetry_identity": "got      nothing: its cell raised ZeroDivisionError",
    },
    "loops": {
        "logit": "got      nothing: its cell was stopped, it took longer than 6 s",
        "sigmoid": "got      nothing: it took longer than 4 s",
    },
    "exit": {"logit": "got      SystemExit: 0"},
    "hard exit": {"logit": "got      nothing: its process died"},
    "dies": {
        "logit": "got      nothing: its process died",
        "sigmoid": "got      nothing: its process died",
        "line_at_zero": "got      nothing: its process died",
    },
    "garbage": {"logit": "got      nothing: its reply"},
    "huge": {"logit": "got      nothing: its reply of"},
    "library": {
        "logit": "withheld during the check",
        "sigmoid": "withheld during the check",
        "tanh_from_sigmoid": "withheld during the check",
    },
}


@pytest.mark.parametrize("student", BROKEN)
def test_what_breaks_costs_only_itself_and_is_told(results, student):
    assert points(results[student]) == full(**dict.fromkeys(BROKEN[student], 0))
    for exercise, message in BROKEN[student].items():
        failed = verdict(results[student], exercise)
        assert failed.status == "failed"
        assert message in failed.message


def test_cells_are_found_by_name_whatever_became_of_their_metadata(results):
    assert points(results["stripped"]) == full()


def test_demonstrations_run_only_when_a_name_is_missing(results):
    assert points(results["demonstration"]) == full(symmetry_identity=0)
    message = verdict(results["demonstration"], "symmetry_identity").message
    assert "demonstrations did not run" in message


def test_answers_that_know_only_the_public_inputs_earn_nothing(results, tmp_path):
    none = dict.fromkeys(("sigmoid", "logit", "line_at_zero"), 0)
    assert points(results["memory"]) == full(**none)
    memory = hand.answered({name: table(name) for name in none})
    notebook = read_notebook(hand.hand_in(tmp_path, "memory", memory))
    asked = exercises.chapters()["01_definition"]
    seen = grade(notebook, original("01_definition"), asked, public, LIMITS).verdicts
    assert {v.exercise: v.points for v in seen} == full()


@pytest.mark.parametrize("student", ["patches", "forgery", "lies"])
def test_tricks_earn_nothing(results, student):
    assert points(results[student]) == dict.fromkeys(POINTS, 0)


def test_the_answers_are_out_of_the_notebooks_reach(results):
    assert points(results["peek"]) == full(symmetry_identity=0)
    message = verdict(results["peek"], "symmetry_identity").message
    assert message.splitlines()[0] == "got      " + str(["away"] * 7)


def test_magics_processes_and_half_characters_cost_nothing(results):
    assert points(results["unusual"]) == full()


@pytest.mark.parametrize(
    ("student", "reason"),
    [
        ("text", "its JSON is broken"),
        ("truncated", "its JSON is broken"),
        ("old", "notebook format 3, not 4"),
        ("bytes", "not text in UTF-8"),
    ],
)
def test_what_is_no_notebook_is_ungraded_with_a_reason(results, student, reason):
    assert results[student].verdicts == ()
    assert reason in results[student].ungraded


def test_everybody_else_is_graded(results):
    ungraded = {student for student, result in results.items() if result.ungraded}
    assert ungraded == {"text", "truncated", "old", "bytes"}
    assert all(len(r.verdicts) == len(POINTS) for r in results.values() if not r.ungraded)


def test_verdicts_stay_within_six_lines(results):
    for result in results.values():
        assert all(len(str(v).splitlines()) <= 6 for v in result.verdicts)


def test_no_temporary_folder_is_left(graded):
    assert list(graded[1].iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
def test_no_process_is_left(results):
    left = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = process.joinpath("cmdline").read_bytes().decode("utf-8", "replace")
            parent = int(process.joinpath("stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it ended meanwhile
        own_worker = "coursekit.grading.worker" in command and parent == os.getpid()
        if MARKER in command or own_worker:
            left.append(command)
    assert not left


def test_hidden_seeds_differ_by_secret_exercise_and_trial():
    seeds = {
        hidden_seed(secret, name, trial)
        for secret in (b"one", b"two")
        for name in ("a", "b")
        for trial in range(3)
    }
    assert len(seeds) == 12
    assert hidden_seed(b"one", "a", 0) == hidden_seed(b"one", "a", 0)


def test_hidden_inputs_are_several_draws_and_none_is_public():
    exercise = exercises.find("sigmoid")
    public = inputs_for(exercise, 0)
    hidden = hidden_inputs(SECRET, exercise)
    assert len(hidden) == 3 * len(public)
    drawn = {repr(args) for args in public} - {repr((0.0,))}
    assert not drawn & {repr(args) for args in hidden}


def test_only_setup_answers_and_changed_cells_are_needed(tmp_path):
    notebook = hand.after(hand.solved(setup=None), "mine = 1")
    read = read_notebook(hand.hand_in(tmp_path, "a", notebook))
    sources = needed_cells(read, original("01_definition"))
    assert sources[0].lstrip().startswith("import sys")
    assert sources[-1] == "mine = 1"
    assert len(sources) == len(POINTS) + 2
    assert needed_cells(read, None) == [cell.source for cell in read.code]


def graded_with(notebook, limits, tmp_path):
    read = read_notebook(hand.hand_in(tmp_path, "student", notebook))
    asked = exercises.chapters()["01_definition"]
    verdicts = grade(read, original("01_definition"), asked, public, limits).verdicts
    return {v.exercise: v for v in verdicts}


def test_the_notebooks_time_covers_all_its_cells_and_answers(tmp_path):
    first, second, *rest = POINTS
    slow = f"import time\ndef {second}(*args):\n    time.sleep(60)"
    limits = Limits(cell=20, answer=20, notebook=5)
    verdicts = graded_with(hand.answered({second: slow}), limits, tmp_path)
    assert verdicts[first].points == POINTS[first]
    late = {verdicts[name].message for name in (second, *rest)}
    assert late == {"got      nothing: the notebook took longer than 5 s"}


def test_a_notebook_that_breaks_again_and_again_is_given_up(tmp_path):
    dies = {name: f"import os\ndef {name}(*args):\n    os._exit(1)" for name in POINTS}
    limits = Limits(cell=20, answer=20, notebook=60, restarts=1)
    verdicts = graded_with(hand.answered(dies), limits, tmp_path)
    messages = [v.message.removeprefix("got      nothing: ") for v in verdicts.values()]
    assert messages[:3] == [*["its process died"] * 2, "the notebook broke down too often"]


def test_a_grader_that_cannot_start_workers_grades_nobody(tmp_path, monkeypatch):
    hand.hand_in(tmp_path, "student", hand.solved())
    end_zygote()  # it was started when all was well
    monkeypatch.setattr(sys, "executable", "/bin/false" if os.name == "posix" else "where")
    found = find_submissions(tmp_path)
    (submission,) = found.submissions
    result = grade_submission(submission, found.read(submission), Settings(SECRET, LIMITS))
    assert result.verdicts == ()
    assert "does not start" in result.ungraded


def test_a_flaw_of_the_grader_costs_one_submission_only(tmp_path, monkeypatch):
    def fails(*args):
        raise ZeroDivisionError("a flaw")

    hand.hand_in(tmp_path, "student", hand.solved())
    monkeypatch.setattr("coursekit.grading.classroom.grade", fails)
    found = find_submissions(tmp_path)
    (submission,) = found.submissions
    result = grade_submission(submission, found.read(submission), Settings(SECRET, LIMITS))
    assert "student" in result.ungraded
    assert "the grader failed, ZeroDivisionError: a flaw" in result.ungraded


WALK = """
def right(node, parents):
    order, seen, stack = [], set(), [(node, False)]
    while stack:
        n, done = stack.pop()
        if done:
            order.append(n)
        elif n not in seen:
            seen.add(n)
            stack += [(n, True), *((p, False) for p in parents(n))]
    return order
"""

KAHN = """
def kahn(node, parents):
    children, waiting = {}, {}
    for n in right(node, parents):
        waiting[n] = len(parents(n))
        for p in parents(n):
            children.setdefault(p, []).append(n)
    ready = [n for n in waiting if not waiting[n]]
    for n in ready:
        for child in children.get(n, []):
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    return ready
"""

RECURSION = """
def recursion(node, parents):
    order, seen = [], set()
    def visit(n):
        if n not in seen:
            seen.add(n)
            for p in parents(n):
                visit(p)
            order.append(n)
    visit(node)
    return order
"""

ONE_LINERS = {
    "reversed_list": ("list(reversed(right(node, parents)[::-1]))", None),
    "as_tuple": ("tuple(right(node, parents))", None),
    "no_list": ("right", "a function: no list"),
    "generator": ("(n for n in right(node, parents))", "a generator: no list"),
    "nothing": ("None", "None: is a `return` missing?"),
    "as_set": ("set(right(node, parents))", "no list"),
    "one_node": ("node", "no list"),
    "names": ("[n.name for n in right(node, parents)]", "a list of nodes is wanted"),
    "own_nodes": ("[type(node)('elsewhere')]", "a list of nodes is wanted"),
    "no_name": ("[type(node)(5)]", "TypeError: a node's name is a string"),
    "foreign": ("[*right(node, parents), object()]", "a list of nodes is wanted"),
    "nested": ("[right(node, parents)]", "a list of nodes is wanted"),
    "graphs": ("[parents]", "a list of nodes is wanted"),
    "twice": ("[*right(node, parents), node]", "a node is in it more than once"),
    "empty": ("[]", "the node itself"),
    "short": ("right(node, parents)[1:]", "a node without parents is missing"),
    "ends_early": ("right(node, parents)[:-1]", "the node itself"),
    "turned": ("right(node, parents)[::-1]", "a node comes before one of its parents"),
    "forged": ("'every node once, after its parents'", "no list"),
    "liar": ("[type('Node', (), {'name': n.name})() for n in right(node, parents)]", "a list of"),
}


def test_any_valid_order_passes_through_the_grader_and_what_is_wrong_is_said():
    """20,001 nodes included; whatever comes back, it costs only the answer it came from."""
    exercise = exercises.find("topological_order")
    lines = [f"def {name}(node, parents): return {code}" for name, (code, _) in ONE_LINERS.items()]
    notebook = Notebook((Cell("code", "\n".join([WALK, KAHN, RECURSION, *lines])),))
    whole = ("right", "kahn", "recursion")
    inputs = inputs_for(exercise, 7)
    assert len(inputs[-1][1].parents) > 20_000

    def draw(asked):
        return Questions(asked, inputs if asked.name in whole else inputs[:3])

    asked = [replace(exercise, name=n) for n in (*whole, *ONE_LINERS)]
    verdicts = grade(notebook, None, asked, draw, Limits()).verdicts
    by_name = {v.exercise: v for v in verdicts}
    assert by_name["right"].status == by_name["kahn"].status == "passed"
    assert by_name["recursion"].mistake.id == "recursive"
    assert "got      RecursionError" in by_name["recursion"].message
    for name, (_, message) in ONE_LINERS.items():
        assert by_name[name].status == ("failed" if message else "passed"), name
        assert (message or "") in by_name[name].message
        assert len(str(by_name[name]).splitlines()) <= 6


def test_hidden_inputs_with_long_chains_travel_within_the_limits(tmp_path):
    """Three draws, each with a chain of 20,001 nodes, from a handed-in notebook."""
    notebook = hand.solved("06_autograd")
    read = read_notebook(hand.hand_in(tmp_path, "a", notebook, "06_autograd"))
    asked = [exercises.find("topological_order")]
    drawn = hidden_inputs(SECRET, asked[0])
    assert sum(len(graph.parents) > 20_000 for _, graph in drawn) == 3
    (verdict,) = grade(
        read, original("06_autograd"), asked, lambda e: Questions(e, drawn), Limits()
    ).verdicts
    assert verdict.status == "passed", verdict.message
