"""A class of made-up students, the same for the same seed, each with the points it has to get.

What a student handed in is the chapter's own solution, damaged in one known way, so that the
points follow from how it was made and not from grading it. `MIX` says how often each way comes.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import declared
import submissions as hand

from coursekit import exercises

# How many of 1000 hand in what; loops are rare, as every one of them costs a time-out.
MIX = {
    "solved": 300,
    "partial": 200,
    "mistaken": 280,
    "plots": 60,
    "prints": 40,
    "copied": 40,
    "stripped": 20,
    "syntax": 25,
    "raises": 25,
    "dies": 8,
    "loops": 2,
}
KEPT = {"setup", "exercise"}  # the tags of what a small notebook is made of


@dataclass(frozen=True)
class Student:
    """Somebody's notebook, what it earns, and the mistakes that the grader has to name."""

    name: str
    kind: str
    notebook: dict[str, Any]
    points: dict[str, int]
    mistakes: dict[str, str]


def a_class(size, seed=0, slug="01_definition", *, small=True, without=()) -> Iterator[Student]:
    """Yield `size` students in a mix that is exact, in an order that is random.

    A small notebook holds one cell of imports, the answers, and what its student added; others
    hold the whole chapter. Kinds in `without` are left out.
    """
    every = _Chapter(slug, small)
    kinds = [kind for kind in kinds_of(size, without) for _ in range(kind[1])]
    random.Random(seed).shuffle(kinds)
    turns = dict.fromkeys(MIX, 0)
    for number, (kind, _) in enumerate(kinds):
        rng = random.Random(f"{seed}:{number}")
        yield _student(every, f"student{number:05}", kind, turns[kind], rng)
        turns[kind] += 1


def kinds_of(size, without=()):
    """Return how many of `size` are of which kind; what rounding leaves over are solved."""
    weights = {kind: weight for kind, weight in MIX.items() if kind not in without}
    counts = {kind: size * weight // sum(weights.values()) for kind, weight in weights.items()}
    counts["solved"] += size - sum(counts.values())
    return list(counts.items())


def hand_in_all(folder, students, slug="01_definition"):
    """Write the notebooks and return what everybody has to get, by name."""
    wanted = {}
    for student in students:
        hand.hand_in(folder, student.name, student.notebook, slug)
        wanted[student.name] = student
    return wanted


class _Chapter:
    """What all students of a chapter share: its notebook, its stubs, its mistakes."""

    def __init__(self, slug, small):
        asked = exercises.chapters()[slug]
        whole = hand.solved(slug, declared.IMPORTS if small else None)
        self.text = json.dumps(_small(whole) if small else whole)
        self.points = {exercise.name: exercise.points for exercise in asked}
        self.functions = [exercise.name for exercise in asked if exercise.kind == "function"]
        out = json.loads((hand.ROOT / "chapters" / f"{slug}.ipynb").read_text("utf-8"))
        self.stubs = {name: hand.answer(out, name)["source"] for name in self.points}
        self.mistakes = [
            (exercise.name, key, source)
            for exercise in asked
            if not exercise.partial
            for key, source in declared.recognised_mistakes(slug, exercise.name).items()
        ]


def _small(notebook):
    """Leave the imports and the answers."""
    notebook["cells"] = [cell for cell in hand.code(notebook) if _tags(cell) & KEPT]
    return notebook


def _student(chapter, name, kind, turn, rng):
    notebook, points, mistakes = json.loads(chapter.text), dict(chapter.points), {}
    for cell in hand.code(notebook):  # no two students type the same
        if _tags(cell) & KEPT:
            cell["source"] = f"{_source(cell)}\n# {name}"
    if kind == "mistaken":
        first, key, source = chapter.mistakes[turn % len(chapter.mistakes)]
        mistakes[first] = key
        hand.answer(notebook, first)["source"] = source
        points[first] = 0
    elif kind in ADDITIONS:
        ADDITIONS[kind](notebook, rng.choice(chapter.functions))
    elif kind != "solved":
        damage = _partial if kind == "partial" else _broken
        for lost, source in damage(chapter, kind, turn, rng).items():
            hand.answer(notebook, lost)["source"] = source
            points[lost] = 0
    return Student(name, kind, notebook, points, mistakes)


def _tags(cell):
    return set(cell["metadata"].get("tags", []))


def _source(cell):
    return "".join(cell["source"])


def _partial(chapter, kind, turn, rng):
    """Leave one to all stubs as they are."""
    left = rng.sample(sorted(chapter.stubs), 1 + turn % len(chapter.stubs))
    return {name: chapter.stubs[name] for name in left}


# What breaks an answer, in the call or in the cell; NAME is the answer's.
BROKEN = {
    "syntax": ("def NAME(x)\n    return x", "def NAME(x):\nreturn x", "def NAME(x:\n  x"),
    "raises": (
        "def NAME(*args):\n    return undefined",
        "def NAME(*args):\n    raise ValueError('not finished')",
        "NAME = undefined",
        "def NAME():\n    return 1",
    ),
    "dies": (
        "import os\ndef NAME(*args):\n    os._exit(0)",
        "import ctypes\ndef NAME(*args):\n    ctypes.string_at(0)",
        "import os\nos._exit(1)\ndef NAME(*args):\n    return args[0]",
    ),
    "loops": (
        "def NAME(*args):\n    n = 0\n    while True:\n        n += 1",
        "n = 0\nwhile True:\n    n += 1\ndef NAME(*args):\n    return args[0]",
    ),
}


def _broken(chapter, kind, turn, rng):
    name, texts = rng.choice(chapter.functions), BROKEN[kind]
    return {name: texts[turn % len(texts)].replace("NAME", name)}


def _plots(notebook, name):
    drawn = "import matplotlib.pyplot as plt\nplt.plot(np.linspace(-3, 3, 50) ** 2)\nplt.show()"
    hand.before(notebook, drawn)
    hand.after(notebook, f"fig, ax = plt.subplots()\nax.set_title('{name}')\nfig;")


def _prints(notebook, name):
    """Print within the answer, to stderr as well, and warn."""
    lines = [
        "import sys, warnings",
        f"first_{name} = {name}",
        f"def {name}(*args):",
        "    print('called with', args)",
        "    print('still here', file=sys.stderr)",
        "    warnings.warn('my own warning', stacklevel=1)",
        f"    return first_{name}(*args)",
        "for i in range(200):",
        "    print('attempt', i)",
    ]
    hand.after(notebook, "\n".join(lines))


def _copied(notebook, name):
    """Keep a first, wrong attempt above, and a copy of the right answer below."""
    at = notebook["cells"].index(hand.answer(notebook, name))
    copy = json.loads(json.dumps(notebook["cells"][at])) | {"id": "copy"}
    notebook["cells"].insert(at, hand.cell(f"def {name}(*args):\n    return 0.25"))
    notebook["cells"].append(copy)


def _stripped(notebook, name):
    """Lose what an editor may lose: every cell's id and metadata."""
    for number, cell in enumerate(notebook["cells"]):
        cell.update(metadata={}, id=f"new-{number}")


ADDITIONS = {"plots": _plots, "prints": _prints, "copied": _copied, "stripped": _stripped}
