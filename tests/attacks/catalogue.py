"""All attacks as submissions: what is handed in, and which points it must not earn."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType

import submissions as hand

from attacks import files, memory, network, pipe, points, processes, tools

QUIZ = "symmetry_identity"
WRONG = {
    name: f"def {name}(*args):\n    return 0.25"
    for name in ("logit", "sigmoid", "line_at_zero", "tanh_from_sigmoid", "binary_softmax")
} | {QUIZ: f"{QUIZ} = 'A'"}

# What waits until it is stopped; a grader of its own takes these, beside the others.
SLOW = {
    *("drip bytes slowly", "drip a header slowly", "write a header just within the limit"),
    *("stop itself", "stop its thread", "stop with the last thread running"),
    *("loop without end", "loop and catch everything", "loop with all signals blocked"),
    *("loop with all signals ignored", "loop in c", "sleep in c", "wait for a lock"),
    *("hold the interpreters lock", "wait for input", "become another program"),
    *("become another program by descriptor", "become a program in memory"),
    *("become the course again", "be traced by the parent", "kill itself by a processor limit"),
    *("make many files", "make deep folders", "start a daemon that holds the pipe"),
}

# What goes on harming its own notebook: only its other answers may be lost by it.
SPOILS = {
    *("die when the shell comes back", "open files and keep them", "make threads without end"),
    *("wait for the grader", "answer every request with a forgery", "alarm itself"),
    *("pass many descriptors to the grader",),
}


@dataclass(frozen=True)
class Attack:
    """One submission; `attacked` are the exercises whose answers are wrong in it.

    `told` says whether the attack reports what it reached, as the answer to the quiz.
    """

    name: str
    changes: dict[str, str]
    attacked: frozenset[str]
    cells: tuple[str, ...] = field(default=())
    told: bool = False

    @property
    def slow(self) -> bool:
        return self.name in SLOW

    @property
    def spoils(self) -> bool:
        # Whoever replies before being asked leaves a reply too many for the next question.
        early = not self.told and self.name.startswith(("forge", "send"))
        return early or self.name in SPOILS

    def notebook(self, setting: str):
        """Return what is handed in; `setting` assigns the variables of `tools`."""
        notebook = hand.answered(self.changes)
        for source in (*reversed(self.cells), f"{inspect.getsource(tools)}\n{setting}"):
            hand.before(notebook, source)
        return notebook


def _functions(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Yield the name in words and the name in code of every attack that a module defines."""
    for code, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__ and not code.startswith("_"):
            yield code.replace("_", " "), code


def _text(module: ModuleType) -> str:
    """Return a module's source without what it imports from `tools`, which the notebook holds."""
    imports = r"^from attacks\.tools import (\([^)]*\)|.*)$"
    return re.sub(imports, "", inspect.getsource(module), flags=re.MULTILINE)


def _family(module: ModuleType, build: Callable[[str], dict[str, str]], told: bool):
    for name, code in _functions(module):
        changes = build(code)
        yield Attack(name, changes, frozenset(changes), (_text(module),), told)


def _when_the_cell_runs(code: str) -> dict[str, str]:
    return {QUIZ: f"{QUIZ} = told({code})"}


def _when_it_is_called(code: str) -> dict[str, str]:
    return {"logit": f"def logit(p):\n    {code}()\n    return np.full(np.shape(p), 0.25)"}


def every() -> list[Attack]:
    """Return all attacks."""
    attacks = []
    for module in (files, processes, network, memory):
        attacks += _family(module, _when_the_cell_runs, told=True)
    attacks += _family(pipe, _when_it_is_called, told=False)
    for name, source in points.CELLS.items():
        attacks.append(Attack(name, WRONG, frozenset(WRONG), (source,)))
    for name, (exercise, source) in points.ANSWERS.items():
        attacks.append(Attack(name, {exercise: source}, frozenset({exercise})))
    return attacks


def honest() -> list[Attack]:
    """Return what is no attack at all, and must earn everything."""
    answers = [Attack(n, {"sigmoid": s}, frozenset()) for n, s in points.HONEST.items()]
    return answers + [Attack(n, {}, frozenset(), (s,)) for n, s in points.BROKEN.items()]
