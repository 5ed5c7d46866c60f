"""Chapter 7: how a gradient shrinks from layer to layer, and from step to step."""

from math import prod
from typing import Any

import numpy as np

from coursekit import activations as act
from coursekit.exercise import Exercise, Mistake
from coursekit.exercises.draw import number


def _saturation_fraction(a: Any, tol: float = 0.05) -> Any:
    return np.mean((a < tol) | (a > 1 - tol))


def _activations(rng: np.random.Generator, *shape: int) -> Any:
    """Entries of which about a half lie near 0 or 1, and one surely on each side."""
    a = rng.beta(0.3, 0.4, shape)
    a.flat[:3] = rng.uniform(0.001, 0.04), rng.uniform(0.96, 0.999), rng.uniform(0.3, 0.7)
    return a


SATURATION_FRACTION = Exercise(
    name="saturation_fraction",
    points=1,
    prompt=r"""
Return the share of the entries of `a` that are saturated: smaller than `tol`, or larger than
`1 - tol`.

`a` is a float array of sigmoid **outputs**, of any shape with one or more dimensions; the result is
one number for all of it. No entry equals `tol` or `1 - tol` exactly.
""",
    reference=_saturation_fraction,
    cases=lambda rng: [
        (np.round(np.r_[rng.uniform(0.01, 0.04), rng.uniform(0.3, 0.6), 0.7, 0.98], 3),),
        (_activations(rng, 8),),
        (_activations(rng, 20, 6),),
        (_activations(rng, 20, 6), 0.2),
        (_activations(rng, 20, 6), 0.4),
    ],
    mistakes=(
        Mistake(
            "upper-tail-only",
            lambda a, tol=0.05: np.mean(a > 1 - tol),
            "A unit saturates at 0 as well as at 1: the outputs below `tol` are missing.",
        ),
        Mistake(
            "lower-tail-only",
            lambda a, tol=0.05: np.mean(a < tol),
            "A unit saturates at 1 as well as at 0: the outputs above `1 - tol` are missing.",
        ),
        Mistake(
            "and",
            lambda a, tol=0.05: np.mean((a < tol) & (a > 1 - tol)),
            "No entry is below `tol` *and* above `1 - tol`: it is *or*, `|`.",
        ),
        Mistake(
            "sigmoid-again",
            lambda a, tol=0.05: _saturation_fraction(act.sigmoid(a), tol),
            "`a` has been through σ already; once more, and nothing ever looks saturated.",
        ),
        Mistake(
            "per-unit",
            lambda a, tol=0.05: np.mean((a < tol) | (a > 1 - tol), axis=0),
            "`axis=0` gives a share for every unit; one number for the whole array is wanted.",
        ),
        Mistake(
            "count",
            lambda a, tol=0.05: np.sum((a < tol) | (a > 1 - tol)),
            "This counts the entries; a share is the count divided by how many there are.",
        ),
        Mistake(
            "tol-ignored",
            lambda a, tol=0.05: _saturation_fraction(a),
            "The limit is fixed at 0.05; use the `tol` that is passed.",
        ),
        Mistake(
            "python-or",
            lambda a, tol=0.05: np.mean(a < tol or a > 1 - tol),
            "`or`, `and` and `tol < a < 1 - tol` ask for one truth about the whole array; `|` and "
            "`&` ask every element.",
        ),
        Mistake(
            "no-parentheses",
            lambda a, tol=0.05: np.mean(a < tol | a > 1 - tol),
            "`|` binds more tightly than `<`: put each comparison into parentheses.",
        ),
        Mistake(
            "complement",
            lambda a, tol=0.05: 1 - _saturation_fraction(a, tol),
            "This is the share that is **not** saturated.",
        ),
        Mistake(
            "per-row",
            lambda a, tol=0.05: np.sum((a < tol) | (a > 1 - tol)) / len(a),
            "`len(a)` counts the rows; divide by the number of entries, `a.size`.",
        ),
    ),
    hints=(
        "Make an array of True and False first; `|` is *or*, element by element.",
        "The mean of True and False is the share of True: "
        "`np.mean((a < tol) | ...)`, with the other tail for the dots.",
    ),
)

GRADIENT_RMS = Exercise(
    name="gradient_rms",
    points=1,
    prompt=r"""
Return the typical size of the entries of each gradient: the root of the mean of their squares,
$\sqrt{\mathrm{mean}(g^2)}$.

`grads` is a list of float arrays of shape (n, units), one a layer, not all of one shape. Return a
list of numbers, one for each array, in the same order.
""",
    reference=lambda grads: [float(np.sqrt(np.mean(g**2))) for g in grads],
    cases=lambda rng: [
        ([np.array([[number(rng, 1, 4), number(rng, -9, -5)]])],),
        ([rng.normal(0.3, 0.1, (3, 4)), rng.normal(size=(5, 2))],),
        ([rng.normal(0.1, 10.0**-k, (4, 5 - k)) for k in range(4)],),
    ],
    mistakes=(
        Mistake(
            "mean-abs",
            lambda grads: [np.mean(np.abs(g)) for g in grads],
            "This is the mean of |g|; square first, then mean, then root.",
        ),
        Mistake(
            "norm",
            lambda grads: [np.linalg.norm(g) for g in grads],
            "The norm grows with the number of entries, so layers of different size don't compare.",
        ),
        Mistake(
            "max",
            lambda grads: [np.max(np.abs(g)) for g in grads],
            "The largest entry is not the typical one.",
        ),
        Mistake(
            "mean-square",
            lambda grads: [np.mean(g**2) for g in grads],
            "The root is missing: a mean of squares has the units of g².",
        ),
        Mistake(
            "std",
            lambda grads: [np.std(g) for g in grads],
            "`np.std` subtracts the mean first; a gradient that is 3 everywhere has the size 3.",
        ),
        Mistake(
            "squared-mean",
            lambda grads: [np.sqrt(np.mean(g) ** 2) for g in grads],
            "The mean came before the square, so entries of opposite sign cancelled.",
        ),
        Mistake(
            "per-unit",
            lambda grads: [np.sqrt(np.mean(g**2, axis=0)) for g in grads],
            "`axis=0` gives a size for every unit; one number for the whole array is wanted.",
        ),
        Mistake(
            "per-row",
            lambda grads: [np.sqrt(np.sum(g**2) / len(g)) for g in grads],
            "`len(g)` counts the rows; divide by the number of entries, `g.size`.",
        ),
        Mistake(
            "first-only",
            lambda grads: np.sqrt(np.mean(grads[0] ** 2)),
            "This is the first array's size, and the others were never reached. Collect a number "
            "for each in a list, and return it after the loop.",
        ),
    ),
    hints=(
        "Write it for one array `g`, from the inside out: square, mean, root.",
        "Then a list comprehension: `[np.sqrt(...) for g in grads]`.",
    ),
)

SHRINK_PER_LAYER = Exercise(
    name="shrink_per_layer",
    points=2,
    prompt=r"""
`rms` holds one positive number for each layer, the **first layer first**: a 1-D array of length
$L \ge 2$. Going back by one layer turns `rms[i + 1]` into `rms[i]`. Return the typical factor of
such a step: the **geometric** mean of the $L - 1$ ratios `rms[i] / rms[i + 1]`.
""",
    reference=lambda rms: (rms[0] / rms[-1]) ** (1 / (len(rms) - 1)),
    cases=lambda rng: [
        (np.array([1.0, number(rng, 2, 5), number(rng, 20, 50)]),),
        (np.cumprod(rng.uniform(2, 6, 6)) * 1e-6,),
        (rng.uniform(0.1, 2, 10),),
    ],
    mistakes=(
        Mistake(
            "arithmetic",
            lambda rms: np.mean(rms[:-1] / rms[1:]),
            "Factors multiply, and this is a mean for what adds up: take a root of their product.",
        ),
        Mistake(
            "inverted",
            lambda rms: (rms[-1] / rms[0]) ** (1 / (len(rms) - 1)),
            "This is the factor on the way forwards; the gradient travels backwards.",
        ),
        Mistake(
            "total",
            lambda rms: rms[0] / rms[-1],
            "This is the factor of all steps together; take the root that makes it one step's.",
        ),
        Mistake(
            "one-root-too-many",
            lambda rms: (rms[0] / rms[-1]) ** (1 / len(rms)),
            "Between L layers there are L − 1 steps.",
        ),
        Mistake(
            "divided",
            lambda rms: (rms[0] / rms[-1]) ** 1 / (len(rms) - 1),
            "This is divided by L − 1. A root is a power, and its exponent needs parentheses: "
            "`** (1 / …)`.",
        ),
        Mistake(
            "log",
            lambda rms: np.mean(np.log(rms[:-1] / rms[1:])),
            "This is the mean of the logarithms, a logarithm itself: `np.exp` takes it back.",
        ),
        Mistake(
            "of-the-sizes",
            lambda rms: np.prod(rms) ** (1 / len(rms)),
            "This is the geometric mean of the sizes; the exercise asks for that of their ratios.",
        ),
    ),
    hints=(
        "The geometric mean of k numbers is the k-th root of their product.",
        "In the product of all the ratios nearly everything cancels: what is left is "
        "`rms[0] / rms[-1]`.",
        "How many steps lie between L layers? Take that root.",
    ),
)

GRADIENT_BOUND = Exercise(
    name="gradient_bound",
    points=2,
    prompt=r"""
Return an upper bound for the growth of a gradient on its way back through some sigmoid layers: the
product of $\tfrac14 \lVert W \rVert_2$ over the layers, where $\lVert W \rVert_2$ is the spectral
norm, the largest singular value of $W$.

`weights` is a list of one or more float matrices, one a layer, each of shape (n_in, n_out) with
sizes of its own. Return one number.
""",
    reference=lambda weights: prod(np.linalg.norm(W, 2) / 4 for W in weights),
    cases=lambda rng: [
        ([np.diag([number(rng, 2, 4), 1.0])],),
        ([rng.normal(size=(3, 4)), rng.normal(size=(4, 2))],),
        ([rng.normal(0, 3, (5, 5)) for _ in range(4)],),
    ],
    mistakes=(
        Mistake(
            "frobenius",
            lambda weights: prod(np.linalg.norm(W) / 4 for W in weights),
            "Without `2` this is Frobenius's norm: right as a bound, but larger than it need be.",
        ),
        Mistake(
            "no-quarter",
            lambda weights: prod(np.linalg.norm(W, 2) for W in weights),
            "Every layer also multiplies by a slope of σ, which is at most 1/4.",
        ),
        Mistake(
            "sum",
            lambda weights: sum(np.linalg.norm(W, 2) / 4 for W in weights),
            "Layers follow each other, so their factors multiply.",
        ),
        Mistake(
            "one-quarter",
            lambda weights: prod(np.linalg.norm(W, 2) for W in weights) / 4,
            "The quarter comes once for every layer, not once for the network.",
        ),
        Mistake(
            "largest-entry",
            lambda weights: prod(np.max(np.abs(W)) / 4 for W in weights),
            "The largest entry is not the norm: many small entries stretch a vector too.",
        ),
        Mistake(
            "first-layer",
            lambda weights: np.linalg.norm(weights[0], 2) / 4,
            "Only the first layer is in it. Let the loop come to its end before you return.",
        ),
        Mistake(
            "always-0",
            lambda weights: 0.0 * len(weights),
            "Always 0: a factor is 0, or the product starts at 0 and stays there. Start at 1.",
        ),
        Mistake(
            "square",
            lambda weights: prod(np.linalg.norm(W, 2) ** 2 / 4 for W in weights),
            "This is the norm squared, as the largest eigenvalue of WᵀW is: take the root.",
        ),
    ),
    hints=(
        "`np.linalg.norm(W, 2)` is the spectral norm of a matrix.",
        "`np.prod` of a list, or a loop that starts at 1.0 and multiplies by "
        "`0.25 * np.linalg.norm(W, 2)`.",
    ),
)


def _plateau_length(losses: Any, drop: float = 0.1) -> int:
    below = np.flatnonzero(losses < (1 - drop) * losses[0])
    return int(below[0]) if len(below) else len(losses)


def _curve(rng: np.random.Generator, flat: int, steps: int) -> Any:
    """A loss that stays near its start, falls, and never comes back up to a plateau."""
    start = rng.uniform(2.2, 2.5)
    plateau = start * rng.uniform(0.98, 1.02, flat)
    plateau[0] = start
    return np.r_[plateau, start * 0.85 * 0.8 ** np.arange(steps)]


PLATEAU_LENGTH = Exercise(
    name="plateau_length",
    points=2,
    prompt=r"""
How long does training stand still? Return the **first** index at which the loss is smaller than
`(1 - drop) * losses[0]`, counted from 0; `len(losses)` if there is none.

`losses` is a 1-D array of positive floats, the loss before training and after each epoch;
$0 < \mathrm{drop} < 1$. A loss may rise again later.
""",
    reference=_plateau_length,
    cases=lambda rng: [
        (np.round(_curve(rng, int(rng.integers(3, 6)), 3), 2),),
        (_curve(rng, int(rng.integers(5, 30)), 12),),
        (_curve(rng, int(rng.integers(5, 30)), 12), 0.5),
        (_curve(rng, int(rng.integers(5, 12)), 0),),
        (np.r_[_curve(rng, int(rng.integers(3, 9)), 4), 2.9, 2.8],),
        (np.array([2.3, 2.9, 2.5, 2.2, 1.9, 2.4]),),
        (np.array([2.0, 1.0, 0.9]), 0.5),
    ],
    mistakes=(
        Mistake(
            "one-more",
            lambda losses, drop=0.1: min(_plateau_length(losses, drop) + 1, len(losses)),
            "One too many: the indices count from 0, and index 0 is the loss before training.",
        ),
        Mistake(
            "minus-one-if-never",
            lambda losses, drop=0.1: next(
                (i for i, v in enumerate(losses) if v < (1 - drop) * losses[0]), -1
            ),
            "A plateau that never ends is as long as the curve: `len(losses)`, not −1.",
        ),
        Mistake(
            "argmax-of-nothing",
            lambda losses, drop=0.1: int(np.argmax(losses < (1 - drop) * losses[0])),
            "`argmax` of an array without any True is 0: a plateau that never ends gets length 0.",
        ),
        Mistake(
            "last-index",
            lambda losses, drop=0.1: max(
                (i for i, v in enumerate(losses) if v < (1 - drop) * losses[0]),
                default=len(losses),
            ),
            "This is the last index below the limit; the plateau ends at the first.",
        ),
        Mistake(
            "count-of-high",
            lambda losses, drop=0.1: int(np.sum(losses >= (1 - drop) * losses[0])),
            "Counting the high losses also counts those that come after the plateau.",
        ),
        Mistake(
            "drop-ignored",
            lambda losses, drop=0.1: _plateau_length(losses),
            "The drop is fixed at 0.1; use the `drop` that is passed.",
        ),
        Mistake(
            "or-equal",
            lambda losses, drop=0.1: next(
                (i for i, v in enumerate(losses) if v <= (1 - drop) * losses[0]), len(losses)
            ),
            "A loss *at* the limit is not below it: `<`, not `<=`.",
        ),
        Mistake(
            "highest-so-far",
            lambda losses, drop=0.1: next(
                (i for i, v in enumerate(losses) if v < (1 - drop) * max(losses[: i + 1])),
                len(losses),
            ),
            "This measures the fall from the highest loss so far; `losses[0]` sets the limit.",
        ),
        Mistake(
            "absolute-drop",
            lambda losses, drop=0.1: next(
                (i for i, v in enumerate(losses) if v < losses[0] - drop), len(losses)
            ),
            "`drop` is a share of the first loss, not a number to subtract from it.",
        ),
        Mistake(
            "drop-as-limit",
            lambda losses, drop=0.1: _plateau_length(losses, 1 - drop),
            "This waits until only `drop` of the first loss is **left**; the loss has to fall "
            "**by** that share.",
        ),
        Mistake(
            "one-less",
            lambda losses, drop=0.1: next(
                (i for i, v in enumerate(losses[1:]) if v < (1 - drop) * losses[0]), len(losses)
            ),
            "One too few: after `losses[1:]` the indices start anew at 0.",
        ),
        Mistake(
            "nothing-to-index",
            lambda losses, drop=0.1: np.flatnonzero(losses < (1 - drop) * losses[0])[0],
            "Where no loss is below the limit the list of indices is empty and has no `[0]`. Ask "
            "for its length first.",
        ),
        Mistake(
            "gives-up-at-once",
            lambda losses, drop=0.1: len(losses),
            "Always `len(losses)`: this return belongs **after** the loop, not into an `else` "
            "inside it.",
        ),
        Mistake(
            "from-epoch-to-epoch",
            lambda losses, drop=0.1: next(
                (i for i in range(1, len(losses)) if losses[i] < (1 - drop) * losses[i - 1]),
                len(losses),
            ),
            "This looks for a fall from one epoch to the next; `losses[0]` sets the limit.",
        ),
    ),
    hints=(
        "`losses < limit` is an array of True and False; where is its first True?",
        "`np.flatnonzero(losses < limit)` lists the indices. It may be empty.",
        "Or a loop with `enumerate` that returns at the first loss below the limit; what remains "
        "for after the loop is `return len(losses)`.",
    ),
)


def _steps(w: float, u: float, h0: float, steps: int) -> list[tuple[float, float]]:
    """Return (h before, z) of every step."""
    h, seen = h0, []
    for _ in range(steps):
        z = w * h + u
        seen.append((h, z))
        h = float(act.sigmoid(z))
    return seen


def _time_gradient(w: float, u: float, h0: float, steps: int) -> float:
    return prod(_factors(w, u, h0, steps))


def _factors(w: float, u: float, h0: float, steps: int) -> list[float]:
    return [w * float(act.sigmoid_grad(z)) for _, z in _steps(w, u, h0, steps)]


def _one_step_late(w: float, u: float, h0: float, steps: int) -> float:
    """Update the state first, and take the slope at the next step's input."""
    return prod(w * float(act.sigmoid_grad(z)) for _, z in _steps(w, u, h0, steps + 1)[1:])


TIME_GRADIENT = Exercise(
    name="time_gradient",
    points=2,
    prompt=r"""
A memory of one number is updated by $h_t = \sigma(w\,h_{t-1} + u)$, starting from $h_0$. Return
$\dfrac{\partial h_T}{\partial h_0}$ after $T$ = `steps` updates: the product of
$w \cdot \sigma'(w\,h_{t-1} + u)$ over $t = 1, \dots, T$.

`w`, `u`, `h0` are floats, `steps` is a whole number, 1 or more. Return one number. You may call
`act.sigmoid` and `act.sigmoid_grad`.
""",
    reference=_time_gradient,
    cases=lambda rng: [
        (number(rng, 2, 4), number(rng, -1, -0.2), number(rng, 0.1, 0.9), 1),
        (number(rng, 2, 4), number(rng, -1, -0.2), number(rng, 0.1, 0.9), 2),
        (number(rng, 3, 6), number(rng, -3, -1), number(rng, 0.1, 0.9), 5),
        (number(rng, -3, -2), number(rng, 0.5, 1), number(rng, 0.1, 0.9), 3),
        (number(rng, 2, 3), number(rng, -1, -0.2), number(rng, 0.1, 0.9), 30),
    ],
    atol=0.0,  # else a difference of h passes on some draws
    mistakes=(
        Mistake(
            "no-w",
            lambda w, u, h0, steps: prod(
                float(act.sigmoid_grad(z)) for _, z in _steps(w, u, h0, steps)
            ),
            "The chain rule also gives the inner derivative: each step multiplies by w.",
        ),
        Mistake(
            "output-for-slope",
            lambda w, u, h0, steps: prod(
                w * float(act.sigmoid(z)) for _, z in _steps(w, u, h0, steps)
            ),
            "Each factor needs the slope σ′, not σ itself.",
        ),
        Mistake(
            "one-factor-short",
            lambda w, u, h0, steps: _time_gradient(w, u, h0, steps - 1),
            "There are `steps` factors, one for each update; this has one fewer.",
        ),
        Mistake(
            "slope-at-old-state",
            lambda w, u, h0, steps: prod(w * h * (1 - h) for h, _ in _steps(w, u, h0, steps)),
            "h(1 − h) must be taken of the **new** h: this is the slope of the step before.",
        ),
        Mistake(
            "updated-too-early",
            _one_step_late,
            "The state was updated before the slope was taken: each factor is one step late.",
        ),
        Mistake(
            "slope-at-output",
            lambda w, u, h0, steps: prod(
                w * float(act.sigmoid_grad(act.sigmoid(z))) for _, z in _steps(w, u, h0, steps)
            ),
            "`act.sigmoid_grad` takes the input z = wh + u; h is σ's output already.",
        ),
        Mistake(
            "state-not-updated",
            lambda w, u, h0, steps: float((w * act.sigmoid_grad(w * h0 + u)) ** steps),
            "The state moves: every step has a slope of its own.",
        ),
        Mistake(
            "state",
            lambda w, u, h0, steps: float(act.sigmoid(_steps(w, u, h0, steps)[-1][1])),
            "This is the last state; the exercise asks for its derivative by the first one.",
        ),
        Mistake(
            "added",
            lambda w, u, h0, steps: sum(_factors(w, u, h0, steps)),
            "The chain rule multiplies the steps' factors: start at 1, and use `*=`.",
        ),
        Mistake(
            "last-factor",
            lambda w, u, h0, steps: _factors(w, u, h0, steps)[-1],
            "Only the last step's factor is left. Multiply what came before by it.",
        ),
        Mistake(
            "first-factor",
            lambda w, u, h0, steps: _factors(w, u, h0, steps)[0],
            "Only the first step's factor is in it. Let the loop come to its end before you "
            "return.",
        ),
        Mistake(
            "always-0",
            lambda w, u, h0, steps: 0.0 * steps,
            "Always 0: a factor is 0, or the product starts at 0 and stays there. Start at 1.",
        ),
        Mistake(
            "starts-at-h0",
            lambda w, u, h0, steps: h0 * _time_gradient(w, u, h0, steps),
            "The product starts at 1, not at h0: before any step the derivative of h₀ by itself "
            "is 1.",
        ),
        Mistake(
            "one-factor-more",
            lambda w, u, h0, steps: _time_gradient(w, u, h0, steps + 1),
            "There are `steps` factors, one for each update; this has one more.",
        ),
        Mistake(
            "w-once",
            lambda w, u, h0, steps: _time_gradient(w, u, h0, steps) / w ** (steps - 1),
            "Every step multiplies by w, so it belongs inside the loop.",
        ),
        Mistake(
            "slope-of-state",
            lambda w, u, h0, steps: prod(
                w * float(act.sigmoid_grad(h)) for h, _ in _steps(w, u, h0, steps)
            ),
            "The slope was taken at the state h; σ's input in a step is z = wh + u.",
        ),
    ),
    hints=(
        "Keep two numbers in a loop: the state `h` and the gradient so far, which starts at 1.",
        "In each step: `z = w * h + u`, multiply the gradient by `w * act.sigmoid_grad(z)`, then "
        "let `h = act.sigmoid(z)`.",
    ),
)

CURE_OR_NOT = Exercise(
    name="cure_or_not",
    points=1,
    prompt="""
Five changes were made to the five sigmoid layers: a **deeper** net, **dropout**, larger **initial
weights**, batch **normalisation**, and **ReLU** with weights made for it. Which of them let the net
learn?
""",
    reference="C",
    options={
        "A": "all five",
        "B": "all but the deeper net",
        "C": "initial weights, normalisation, ReLU",
        "D": "dropout, normalisation, ReLU",
        "E": "ReLU only: the sigmoid is the whole problem",
    },
    mistakes=(
        Mistake("all", "A", "Look again at the rows that stayed at guessing."),
        Mistake(
            "dropout-too",
            "B",
            "Dropout makes what survives larger, and the net still guesses. What is it for?",
        ),
        Mistake(
            "dropout-for-weights",
            "D",
            "Compare two rows of the table: one with dropout, one with larger initial weights.",
        ),
        Mistake(
            "relu-only",
            "E",
            "Two rows of the table learn with the sigmoid in every layer.",
        ),
    ),
    hints=(
        "A change helps if the accuracy leaves 10 %, not if one number of many gets larger.",
        "Three rows of the table are far above guessing.",
    ),
)

EXERCISES = (
    GRADIENT_RMS,
    SHRINK_PER_LAYER,
    GRADIENT_BOUND,
    SATURATION_FRACTION,
    PLATEAU_LENGTH,
    CURE_OR_NOT,
    TIME_GRADIENT,
)
