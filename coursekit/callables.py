"""Functions that travel as data: inputs for exercises that take a function.

Each is a frozen dataclass of plain data, so that the grader can send it to another process
by name and fields, and a verdict can print it.
"""

import sys
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

TOO_DEEP = 4000  # calls within calls; a walk that keeps its own stack needs a few


@dataclass(frozen=True)
class Sine:
    """The function a·sin(b·x + c), elementwise.

    >>> float(Sine(a=2.0, b=1.0, c=0.0)(0.0))
    0.0
    """

    a: float
    b: float
    c: float

    def __call__(self, x: Any) -> Any:
        """Return the function at x."""
        return self.a * np.sin(self.b * np.asarray(x) + self.c)[()]


@dataclass(frozen=True)
class Cubic:
    """The function a·x³ + b·x² + c·x, elementwise.

    >>> Cubic(a=1.0, b=0.0, c=-1.0)(2.0)
    6.0
    """

    a: float
    b: float
    c: float

    def __call__(self, x: Any) -> Any:
        """Return the function at x."""
        return ((self.a * x + self.b) * x + self.c) * x


@dataclass(frozen=True)
class Bowl:
    """The number Σ (k + 1)(a·wₖ³ + wₖ) + b·(Σ wₖ)², a loss of all entries of w together.

    >>> Bowl(a=1.0, b=0.0)(np.array([[2.0]]))
    10.0
    """

    a: float
    b: float

    def __call__(self, w: Any) -> float:
        """Return the loss at w, an array of any shape."""
        flat = np.ravel(w)
        of_each = np.arange(1, flat.size + 1) * (self.a * flat**3 + flat)
        return float(np.sum(of_each) + self.b * np.sum(flat) ** 2)


@dataclass(frozen=True, eq=False)
class Node:
    """A node of a `Graph`; its name is only there to be shown: it equals nothing but itself."""

    name: str

    def __post_init__(self) -> None:
        if not isinstance(self.name, str):
            raise TypeError("a node's name is a string")

    def __repr__(self) -> str:
        return self.name

    def __deepcopy__(self, memo: dict[int, Any]) -> "Node":
        return self  # what cannot change need not be copied


@dataclass(frozen=True)
class Graph:
    r"""The list of a node's parents, as a function of the node.

    The graph is a text, which travels fast: each line has a node's name, then its parents'.

    >>> square = Graph("x\ny x x")
    >>> square
    {y: [x, x]}
    >>> square(square.nodes["y"])
    [x, x]
    """

    text: str

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise TypeError("a graph is made from a text")

    @cached_property
    def parents(self) -> dict[str, list[str]]:
        """The names of every node's parents."""
        lines = map(str.split, self.text.splitlines())
        return {words[0]: words[1:] for words in lines if words}

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """The one node of each name."""
        return {name: Node(name) for name in self.parents}

    @cached_property
    def links(self) -> dict[str, list[Node]]:
        """The nodes that every node was made from."""
        return {name: [self.nodes[p] for p in parents] for name, parents in self.parents.items()}

    def __call__(self, node: Node) -> list[Node]:
        """Return the node's parents, each as often as it was used.

        Raises
        ------
        RecursionError
            When it is called from thousands of calls deep, whatever Python's limit was raised to.
        """
        if _deeper_than(TOO_DEEP):
            raise RecursionError("the walk calls itself thousands of times")
        return self.links[node.name].copy()  # the caller's own, to pop from

    def __repr__(self) -> str:
        if len(self.parents) > 9:
            return f"<graph of {len(self.parents):,} nodes>"
        linked = {name: parents for name, parents in self.parents.items() if parents}
        texts = [f"{name}: [{', '.join(parents)}]" for name, parents in linked.items()]
        return f"{{{', '.join(texts)}}}"

    def __deepcopy__(self, memo: dict[int, Any]) -> "Graph":
        return self


def _deeper_than(calls: int) -> bool:
    try:
        sys._getframe(calls)  # CPython's; Pyodide is CPython, too
    except ValueError:
        return False
    return True


BY_NAME = {kind.__name__: kind for kind in (Sine, Cubic, Bowl, Graph)}
