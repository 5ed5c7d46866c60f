"""Chapter 6: the vjps of single operations, and the order in which a graph is walked."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from coursekit import activations as act
from coursekit import autograd as ag
from coursekit.callables import Graph, Node
from coursekit.exercise import Exercise, Mistake

Parents = Callable[[Any], list[Any]]


def _draw_vjp_sigmoid(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    shapes: list[tuple[int, ...]] = [(2,), (3, 2), (2, 2, 3)]
    arrays = [
        (rng.uniform(0.5, 3, s) * rng.choice([-1, 1], s), act.sigmoid(rng.uniform(-4, 4, s)))
        for s in shapes
    ]
    return [(3.0, round(float(rng.uniform(0.1, 0.4)), 2)), *arrays]


VJP_SIGMOID = Exercise(
    name="vjp_sigmoid",
    points=1,
    prompt=r"""
Return the gradient of the loss for z, where the operation was a = σ(z), elementwise.

`g` is the gradient of the loss for `a`, and `a` is the **output** of σ. Both have the same shape
(numbers, or arrays with 1 to 3 dimensions), and so has the result.
""",
    reference=lambda g, a: g * a * (1 - a),
    cases=_draw_vjp_sigmoid,
    mistakes=(
        Mistake(
            "sigmoid-again",
            lambda g, a: g * act.sigmoid_grad(a),
            "`a` is the output of σ already; here σ is applied again, as `act.sigmoid_grad(a)` "
            "does. From the output the slope is a(1 − a).",
        ),
        Mistake(
            "g-forgotten",
            lambda g, a: a * (1 - a) + 0 * g,
            "This is the slope of σ. What came from the loss, g, has to be passed on: multiply.",
        ),
        Mistake(
            "added",
            lambda g, a: g + a * (1 - a),
            "The chain rule multiplies slopes along a path; it adds only where paths meet.",
        ),
        Mistake(
            "g-inside",
            lambda g, a: g * (1 - g),
            "The slope belongs to σ, so it is made of a; g is only multiplied by it.",
        ),
        Mistake(
            "forwards",
            lambda g, a: g * a,
            "The slope of σ is a(1 − a); a factor is missing.",
        ),
        Mistake(
            "tanh",
            lambda g, a: g * (1 - a**2),
            "1 − a² is the slope of tanh; from its output, σ's is a(1 − a).",
        ),
        Mistake(
            "sign",
            lambda g, a: g * a * (a - 1),
            "The sign is turned: a(a − 1) is negative, and σ rises everywhere.",
        ),
        Mistake(
            "no-parentheses",
            lambda g, a: g * a * 1 - a,
            "`* 1 - a` multiplies by 1 and then subtracts a: the difference needs parentheses.",
        ),
    ),
    hints=(
        "Chapter 2 has the slope of σ in terms of its output.",
        "The chain rule: (gradient for a) times (slope of a with respect to z).",
        "`g * a * (1 - a)`",
    ),
)


def _draw_vjp_matmul(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    def draw(n: int, k: int, m: int) -> tuple[Any, ...]:
        shapes = [(n, m), (n, k), (k, m)]
        return tuple((rng.uniform(0.5, 3, s) * rng.choice([-1, 1], s)).round(1) for s in shapes)

    return [draw(1, 2, 1), draw(3, 3, 3), draw(4, 2, 3), draw(2, 5, 2)]


VJP_MATMUL = Exercise(
    name="vjp_matmul",
    points=2,
    prompt=r"""
Return `(dA, dB)`, the gradients of the loss for `A` and for `B`, where the operation was C = A @ B.

`A` has shape (n, k), `B` (k, m), and `g`, the gradient of the loss for C, has shape (n, m). `dA`
has the shape of `A`, `dB` that of `B`.
""",
    reference=lambda g, A, B: (g @ B.T, A.T @ g),
    cases=_draw_vjp_matmul,
    mistakes=(
        Mistake(
            "swapped",
            lambda g, A, B: (A.T @ g, g @ B.T),
            "Both gradients are right, but they come in the wrong order: first `A`'s, then `B`'s.",
        ),
        Mistake(
            "untransposed",
            lambda g, A, B: (g @ B, A @ g),
            "Without transposing, the shapes fit for square matrices only, and even there the "
            "numbers are wrong. g is (n, m) and must become (n, k): what turns m into k?",
        ),
        Mistake(
            "turned-round",
            lambda g, A, B: (B.T @ g, g @ A.T),
            "The transposes are there, but on the wrong side of g. B stood to the right of A, and "
            "Bᵀ stands to the right of g.",
        ),
        Mistake(
            "transposed-result",
            lambda g, A, B: (B @ g.T, g.T @ A),
            "These are the gradients transposed: a gradient has the shape of what it belongs to.",
        ),
        Mistake(
            "elementwise",
            lambda g, A, B: (g * B, A * g),
            "`*` works element by element; here every entry of A met a whole row of B, so it is "
            "matrix products backwards, too.",
        ),
        Mistake(
            "g-forgotten",
            lambda g, A, B: (B.T, A.T),
            "These are the slopes alone. What came from the loss, g, has to be passed on.",
        ),
        Mistake(
            "averaged",
            lambda g, A, B: (g @ B.T / len(g), A.T @ g / len(g)),
            "Nothing here is a mean, so nothing is divided by n: a loss's 1/n is in g already.",
        ),
        Mistake(
            "averaged-weights",
            lambda g, A, B: (g @ B.T, A.T @ g / len(g)),
            "Nothing here is a mean, so dB is not divided by n: a loss's 1/n is in g already.",
        ),
    ),
    hints=(
        "Write the shapes down: g (n, m), A (n, k), B (k, m). Which product of g and B (or Bᵀ) has "
        "the shape (n, k)?",
        "You have met one of them: in chapter 5 a layer's dW is (its input)ᵀ δ, and δ goes on to "
        "the layer before through `@ W.T`.",
        "`return g @ B.T, …`",
    ),
)


def _without_kept(g: Any, shape: tuple[int, ...]) -> Any:
    """Sum over the copied axes, and lose those of size 1 on the way."""
    padded = (0,) * (g.ndim - len(shape)) + shape
    return g.sum(axis=tuple(i for i, n in enumerate(padded) if n != g.shape[i]))


def _leading_only(g: Any, shape: tuple[int, ...]) -> Any:
    return g.sum(axis=tuple(range(g.ndim - len(shape))))


def _last_axes(g: Any, shape: tuple[int, ...]) -> Any:
    """Sum over the last axes, as if broadcasting had put the new ones there."""
    return _kept_ones(g.sum(axis=tuple(range(len(shape), g.ndim))), shape)


def _kept_ones(g: Any, shape: tuple[int, ...]) -> Any:
    """Sum over the axes where `shape` has 1, counted from the left, and keep them."""
    return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


def _ones_before_new(g: Any, shape: tuple[int, ...]) -> Any:
    return _leading_only(_kept_ones(g, shape), shape)


def _leading_reshaped(g: Any, shape: tuple[int, ...]) -> Any:
    return _leading_only(g, shape).reshape(shape)


def _averaged(g: Any, shape: tuple[int, ...]) -> Any:
    return ag.unbroadcast(g, shape) * (np.prod(shape) / g.size)


def _first_copy(g: Any, shape: tuple[int, ...]) -> Any:
    padded = (1,) * (g.ndim - len(shape)) + shape
    return g[tuple(slice(0, n) for n in padded)].reshape(shape)


def _draw_unbroadcast(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    def g(*shape: int) -> Any:
        return (rng.uniform(0.5, 3, shape) * rng.choice([-1, 1], shape)).round(1)

    return [
        (g(2, 2), (2,)),
        (g(3, 2), (3, 1)),
        (g(5, 3), (5, 3)),
        (g(4), ()),
        (g(2, 3, 4), (3, 1)),
        (g(2, 3, 4), (1, 3, 4)),
    ]


UNBROADCAST = Exercise(
    name="unbroadcast",
    points=3,
    prompt=r"""
Return `g` **summed back** to `shape`. On the way forwards an array of that shape was broadcast to
the shape of `g`, and g is the gradient for what came of it; the result is the gradient for the
array.

`g` is a float64 array with 1 to 3 dimensions. `shape` is a tuple with at most as many entries; it
may be `()`. Broadcasting puts new axes in **front** and repeats axes of size 1, and nothing else.
The result has the shape `shape`; for `()` it may be a number. Where nothing was broadcast, it
equals g.
""",
    reference=ag.unbroadcast,
    cases=_draw_unbroadcast,
    mistakes=(
        Mistake(
            "reshape",
            lambda g, shape: g.reshape(shape),
            "g has more numbers than `shape` has room for: copies have to be **added up**.",
        ),
        Mistake(
            "axis-0",
            lambda g, shape: g.sum(axis=0),
            "Axis 0 is not always the one that was copied: compare `shape` with `g.shape` from the "
            "right, axis by axis.",
        ),
        Mistake(
            "dropped",
            _without_kept,
            "An axis of size 1 has vanished with the sum: put it back, with `reshape(shape)`.",
        ),
        Mistake(
            "new-axes-only",
            _leading_only,
            "The axes that were put in front are summed, but an axis of size 1 was copied as well.",
        ),
        Mistake(
            "new-axes-then-reshape",
            _leading_reshaped,
            "The axes that were put in front are summed, but an axis of size 1 was copied as well: "
            "sum over it, too, before `reshape`.",
        ),
        Mistake(
            "ones-only",
            _kept_ones,
            "`shape` may have fewer axes than g: those in front were put there by broadcasting, "
            "and are summed, too.",
        ),
        Mistake(
            "mean",
            _averaged,
            "Every copy had its own effect on the loss, and effects add up: a sum, no mean.",
        ),
        Mistake(
            "first-copy",
            _first_copy,
            "This keeps the gradient of the first copy and forgets the others; add them all up.",
        ),
        Mistake(
            "everything",
            lambda g, shape: np.full(shape, g.sum()),
            "Only copies of the **same** entry are added up, not all entries.",
        ),
        Mistake(
            "axis-0-if-needed",
            lambda g, shape: g if g.shape == shape else g.sum(axis=0),
            "Axis 0 is not always the one that was copied: compare `shape` with `g.shape` from the "
            "right, axis by axis.",
        ),
        Mistake(
            "last-axes",
            _last_axes,
            "The last axes of g were summed; broadcasting puts new axes in **front**.",
        ),
        Mistake(
            "ones-before-new-axes",
            _ones_before_new,
            "While g still has the axes in front, axis i of `shape` is another one of g: sum over "
            "those in front first.",
        ),
    ),
    hints=(
        "Which axes of g hold copies? Those that `shape` does not have, and those where `shape` "
        "has 1 and g has more.",
        "Broadcasting lines shapes up on the right. Put `(0,) * (g.ndim - len(shape))` in front of "
        "`shape`; then an axis was copied where the two sizes differ.",
        "`g.sum(axis=tuple_of_copied_axes)` takes several axes at once, and `.reshape(shape)` puts "
        "the axes of size 1 back.",
    ),
)


@cache  # the judge asks again and again about the same long chain
def _topological_order(node: Any, parents: Parents) -> list[Any]:
    order: list[Any] = []
    seen: set[Any] = set()
    stack = [(node, False)]
    while stack:
        n, parents_done = stack.pop()
        if parents_done:
            order.append(n)
        elif n not in seen:
            seen.add(n)
            stack.append((n, True))
            stack.extend((p, False) for p in parents(n))
    return order


def _recursive(node: Any, parents: Parents) -> list[Any]:
    order: list[Any] = []
    seen: set[Any] = set()

    def visit(n: Any) -> None:
        if n not in seen:
            seen.add(n)
            for p in parents(n):
                visit(p)
            order.append(n)

    visit(node)
    return order


def _first_met(node: Any, parents: Parents) -> list[Any]:
    """All nodes in the order in which a walk from `node` meets them: a preorder."""
    met: dict[Any, None] = {}
    stack = [node]
    while stack:
        n = stack.pop()
        if n not in met:
            met[n] = None
            stack.extend(parents(n))
    return list(met)


def _first_met_recursive(node: Any, parents: Parents) -> list[Any]:
    met: dict[Any, None] = {}

    def visit(n: Any) -> None:
        if n not in met:
            met[n] = None
            for p in parents(n):
                visit(p)

    visit(node)
    return list(met)


def _by_level(node: Any, parents: Parents) -> list[Any]:
    """All nodes, those a few steps from `node` before those many steps away."""
    met, waiting = {node}, [node]
    for n in waiting:
        new = [p for p in parents(n) if p not in met]
        met.update(new)
        waiting.extend(dict.fromkeys(new))
    return waiting


def _every_path(node: Any, parents: Parents) -> list[Any]:
    order: list[Any] = []
    stack = [(node, False)]
    while stack:
        n, parents_done = stack.pop()
        if parents_done:
            order.append(n)
        else:
            stack.append((n, True))
            stack.extend((p, False) for p in parents(n))
    return order


def _every_path_recursive(node: Any, parents: Parents) -> list[Any]:
    return [m for p in parents(node) for m in _every_path_recursive(p, parents)] + [node]


def _asked_too_early(node: Any, parents: Parents) -> list[Any]:
    order: list[Any] = []
    seen: set[Any] = set()
    stack = [(node, False)]
    while stack:
        n, parents_done = stack.pop()
        if parents_done:
            order.append(n)
        else:
            seen.add(n)
            stack.append((n, True))
            stack.extend((p, False) for p in parents(n) if p not in seen)
    return order


def _marked(node: Any, parents: Parents) -> list[Any]:
    node.seen = True
    return _topological_order(node, parents)


def _describe_order(args: tuple[Any, ...], result: Any) -> str:
    """Say what is wrong with an order of a graph's nodes, or that it is a right one."""
    node, graph = args
    if not isinstance(result, tuple | list):
        return "is a `return` missing?" if result is None else "no list"
    if not all(isinstance(n, Node) and n.name in graph.parents for n in result):
        return "a list of nodes is wanted, all from the graph"
    place = {n.name: i for i, n in enumerate(result)}
    if len(place) < len(result):
        return "a node is in it more than once"
    if len(place) < len(graph.parents):
        return _missing(node, graph, place)
    links = ((p, name) for name, parents in graph.parents.items() for p in parents)
    if any(place[p] > place[name] for p, name in links):
        return "a node comes before one of its parents"
    return "every node once, after its parents"


def _missing(node: Node, graph: Graph, place: dict[str, int]) -> str:
    """Say which node is missing: the last, only leaves, or another."""
    if node.name not in place:
        return f"the node itself, {node}, is missing"
    inner = any(parents for name, parents in graph.parents.items() if name not in place)
    return "a node is missing" if inner else "a node without parents is missing"


def _graph(rng: np.random.Generator, links: dict[str, str]) -> Graph:
    """Return the graph with links such as {"b": "aa"}, its letters dealt out anew."""
    letters = sorted(set("".join([*links, *links.values()])))
    new = dict(zip(letters, rng.permutation(letters).tolist(), strict=True))
    return Graph("\n".join(" ".join(new[m] for m in n + links.get(n, "")) for n in letters))


def _random_graph(rng: np.random.Generator, size: int) -> Graph:
    """Return a graph in which one node depends on all the others, mostly in several ways."""
    parents: list[set[int]] = [set()]
    for n in range(1, size):
        parents.append({int(k) for k in rng.integers(max(0, n - 4), n, 2)})
    parents[-1] |= set(range(size - 1)).difference(*parents)
    names = [f"n{k}" for k in rng.permutation(size)]
    lines = [[names[k] for k in (n, *sorted(parents[n]))] for n in range(size)]
    return Graph("\n".join(map(" ".join, lines)))


@cache
def _chain(length: int, times: int) -> Graph:
    """Return the graph of n0, n1, … where each is made from the one before, used `times` times."""
    return Graph("\n".join(["n0", *(f"n{k}" + f" n{k - 1}" * times for k in range(1, length))]))


def _draw_topological_order(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    graphs = [
        _graph(rng, {"d": "bc", "c": "a", "b": "a"}),
        _graph(rng, {"b": "aa"}),
        _graph(rng, {"g": "cf", "c": "ab", "b": "a", "f": "ed", "e": "d"}),
        _random_graph(rng, 25),
        _chain(8, times=2),
        _chain(20_001, times=1),
    ]
    return [(_last(graph), graph) for graph in graphs]


def _last(graph: Graph) -> Node:
    """Return the node that is nobody's parent."""
    inner = {p for parents in graph.parents.values() for p in parents}
    return next(node for name, node in graph.nodes.items() if name not in inner)


TOPOLOGICAL_ORDER = Exercise(
    name="topological_order",
    points=4,
    prompt=r"""
Return a list of `node` and everything it was made from, directly or not: **each node once, and
every node after all of its parents**. Any such order is right; `node` itself comes last.

`parents(n)` returns the list of n's parents. It is empty for a leaf, and it may hold a node twice,
as for `x * x`. A node is an object that equals only itself: put it into a list, a set or a dict,
but don't set attributes on it. There are no cycles.

A graph may be a chain of 20,000 nodes; your function must walk it without touching Python's
recursion limit. (Ask a set, not a list, whether a node was seen: a list of 20,000 is slow.)
""",
    reference=_topological_order,
    cases=_draw_topological_order,
    describe=_describe_order,
    mistakes=(
        Mistake(
            "recursive",
            _recursive,
            "The order is right, but the walk calls itself once for every node of a chain, and "
            "Python's stack is not that deep. Keep a stack of your own, in a list.",
        ),
        Mistake(
            "children-first",
            _first_met,
            "Children come before their parents here. A node may join the list only when all its "
            "parents are in it.",
        ),
        Mistake(
            "children-first-recursive",
            _first_met_recursive,
            "A node joins the list before its parents do. Let it join **after** them; and keep a "
            "stack of your own, because a long chain is too deep for recursion.",
        ),
        Mistake(
            "turned-round",
            lambda node, parents: _first_met(node, parents)[::-1],
            "The order in which a walk meets the nodes, turned round, is not enough. A node joins "
            "on the way **back** from its parents, when all of them are in the list.",
        ),
        Mistake(
            "turned-round-recursive",
            lambda node, parents: _first_met_recursive(node, parents)[::-1],
            "The order of meeting, turned round, is not enough: a node joins on the way **back** "
            "from its parents. And a long chain is too deep for recursion.",
        ),
        Mistake(
            "short-way",
            lambda node, parents: _by_level(node, parents)[::-1],
            "A short way and a long way lead to the same node, and it was settled on the short "
            "one. It has to come before the nodes on the long way, too.",
        ),
        Mistake(
            "every-path",
            _every_path,
            "A node with two children was reached on two paths, and joined twice. Remember which "
            "nodes you have seen, in a set.",
        ),
        Mistake(
            "every-path-recursive",
            _every_path_recursive,
            "A node with two children joins twice: remember which you have seen. And a long chain "
            "is too deep for recursion: keep a stack of your own.",
        ),
        Mistake(
            "asked-too-early",
            _asked_too_early,
            "Whether a node was seen is asked when it goes onto the stack, and it may wait there "
            "twice. Ask when it is taken off.",
        ),
        Mistake(
            "direct-parents",
            lambda node, parents: [*dict.fromkeys(parents(node)), node],
            "These are the node and its own parents; their parents belong in the list, too, down "
            "to the leaves.",
        ),
        Mistake(
            "itself-missing",
            lambda node, parents: _topological_order(node, parents)[:-1],
            "`node` belongs in the list, too, as the last one.",
        ),
        Mistake(
            "leaves-missing",
            lambda node, parents: [n for n in _topological_order(node, parents) if parents(n)],
            "Nodes without parents belong in the list, too: they are the weights that you want "
            "gradients for.",
        ),
        Mistake(
            "marked",
            _marked,
            "The nodes are not yours to write on: keep a set of those you have seen.",
        ),
    ),
    hints=(
        "Think of a recursive `visit(n)` first: visit all parents, then append n. A set of the "
        "nodes that were visited keeps each from joining twice.",
        "A list can replace the recursion: `append` puts a task on the stack, `pop` takes the "
        "latest. Each node needs two tasks: first its parents, later itself.",
        'Put pairs on the stack: `(n, False)` means "look at n", `(n, True)` means "its parents '
        'are done, append it". Looking at an unseen n puts `(n, True)` back, and its parents on '
        "top.",
    ),
)


def _draw_vjp_softmax(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    share = rng.uniform(0.1, 0.4)
    small = rng.integers(1, 4, (1, 2)) * [[1.0, -1.0]], np.array([[share, 1 - share]]).round(2)
    shapes = [(3, 3), (4, 2), (2, 5)]
    return [small, *((rng.normal(size=s), act.softmax(rng.uniform(-2, 2, s))) for s in shapes)]


VJP_SOFTMAX = Exercise(
    name="vjp_softmax",
    points=2,
    prompt=r"""
Return the gradient of the loss for z, where the operation was p = softmax(z) over each row.

$$\frac{\partial L}{\partial z_j} = p_j\,\Bigl(g_j - \sum_i g_i p_i\Bigr) \quad\text{in each row.}$$

`p` is the **output**, of shape (n, k). `g`, the gradient of the loss for `p`, has the same shape,
and so has the result.
""",
    reference=lambda g, p: p * (g - (g * p).sum(axis=1, keepdims=True)),
    cases=_draw_vjp_softmax,
    mistakes=(
        Mistake(
            "diagonal",
            lambda g, p: p * (1 - p) * g,
            "p(1 − p) is how each probability answers to its **own** z. Every z moves all the "
            "probabilities of its row, because they share a denominator.",
        ),
        Mistake(
            "no-sum",
            lambda g, p: p * g,
            "The sum is missing: what one probability gains the others of its row lose.",
        ),
        Mistake(
            "whole-sum",
            lambda g, p: p * (g - np.sum(g * p)),
            "The sum runs over everything; it must stay within a row: `axis=1`.",
        ),
        Mistake(
            "axis-0",
            lambda g, p: p * (g - (g * p).sum(axis=0)),
            "This sums down the columns, over the samples; the probabilities of one sample are a "
            "**row**.",
        ),
        Mistake(
            "sum-of-g",
            lambda g, p: p * (g - g.sum(axis=1, keepdims=True)),
            "The sum is over g·p, a mean of g weighted by the probabilities, not over g alone.",
        ),
        Mistake(
            "keepdims",
            lambda g, p: p * (g - (g * p).sum(axis=1)),
            "The sums have shape (n,), and NumPy lines them up with the columns: keep the axis, "
            "`keepdims=True`.",
        ),
        Mistake(
            "softmax-again",
            lambda g, p: act.softmax(p) * (g - (g * act.softmax(p)).sum(axis=1, keepdims=True)),
            "`p` is the output of softmax already; it was applied once more.",
        ),
        Mistake(
            "sum-outside",
            lambda g, p: p * g - (g * p).sum(axis=1, keepdims=True),
            "p multiplies the whole bracket, the sum too.",
        ),
        Mistake(
            "bracket-alone",
            lambda g, p: g - (g * p).sum(axis=1, keepdims=True),
            "This is the bracket; p, which multiplies it, is missing.",
        ),
        Mistake(
            "mean",
            lambda g, p: p * (g - (g * p).mean(axis=1, keepdims=True)),
            "The mean divides the sum by k. The weights p add up to 1, so the sum is a mean as it "
            "is.",
        ),
        Mistake(
            "sign",
            lambda g, p: p * ((g * p).sum(axis=1, keepdims=True) - g),
            "The sign is turned: the sum is subtracted from g.",
        ),
        Mistake(
            "with-cross-entropy",
            lambda g, p: p - g,
            "p − y is the gradient of softmax and cross-entropy together. Here g comes from any "
            "loss at all, and only softmax is undone.",
        ),
    ),
    hints=(
        "`g * p` has the shape (n, k), and each row's sum belongs to that row.",
        "`(g * p).sum(axis=1, keepdims=True)` has shape (n, 1), which spreads over the row again.",
    ),
)

EXERCISES = (
    VJP_SIGMOID,
    VJP_MATMUL,
    UNBROADCAST,
    TOPOLOGICAL_ORDER,
    VJP_SOFTMAX,
)
