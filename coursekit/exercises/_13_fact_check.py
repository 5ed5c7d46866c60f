"""Chapter 13: twelve sentences and three snippets of an article, judged and mended."""

import sys
from typing import Any

import numpy as np

from coursekit import activations as act
from coursekit.exercise import Exercise, Mistake
from coursekit.exercises._05_backprop import TRAIN_STEP
from coursekit.exercises.draw import number

# claim: (the verdict, what to say to each of the other two)
CLAIMS = {
    "D2": (
        "misleading",
        {
            "true": "D2: on paper, yes. Ask your machine for `act.sigmoid(40.0)`.",
            "false": "D2: it is a theorem about σ. What is left out is where it stops to hold.",
        },
    ),
    "D5": (
        "misleading",
        {
            "true": "D5: of every trained σ? Two can be equally right and differently sure.",
            "false": "D5: of a model that was checked it may be just that. Of every model?",
        },
    ),
    "G1": (
        "true",
        {
            "false": "G1: compare with a difference quotient, at a few x.",
            "misleading": "G1: nothing is left out; it holds at every x, by a short proof.",
        },
    ),
    "G7": (
        "misleading",
        {
            "true": "G7: put the input 2 into `x * (1 - x)`. Can a slope of σ be negative?",
            "false": "G7: for one meaning of `x` it is right. Which one does the sentence not say?",
        },
    ),
    "G4": (
        "false",
        {
            "true": "G4: compute the slope at 0 and at 10.",
            "misleading": "G4: no condition saves it: at 0 the slope is the largest of all.",
        },
    ),
    "S2": (
        "true",
        {
            "false": "S2: take a fresh network of ten such layers and compare its gradients.",
            "misleading": "S2: slopes of at most ¼, and fresh weights don't stretch by 4 to make "
            "up for it. Measure ten layers.",
        },
    ),
    "S8": (
        "false",
        {
            "true": "S8: every further layer is one more factor below 1. Measure depth 4 and 10.",
            "misleading": "S8: is there any number of layers at which adding some helps? Measure.",
        },
    ),
    "S7": (
        "false",
        {
            "true": "S7: ten layers lose a factor of half a million. How much of it does dropout "
            "bring back?",
            "misleading": "S7: measure how much of the lost gradient dropout brings back.",
        },
    ),
    "S6": (
        "true",
        {
            "false": "S6: measure the first layer's gradient with `batch_norm=True`.",
            "misleading": "S6: it holds as it stands: the layers then work where σ is steep.",
        },
    ),
    "A1": (
        "false",
        {
            "true": "A1: what is tanh(−3)?",
            "misleading": "A1: half of tanh's range lies elsewhere, at the most ordinary inputs.",
        },
    ),
    "A7": (
        "true",
        {
            "false": "A7: train at a high learning rate and count units that no image activates.",
            "misleading": "A7: the sentence says that it can happen. It does, without conditions.",
        },
    ),
    "A9": (
        "misleading",
        {
            "true": "A9: αeˣ is above 0, yes. How much of it is left at −10?",
            "false": "A9: αeˣ is above 0 for every x. It is the conclusion that goes too far.",
        },
    ),
}

VERDICTS = Exercise(
    name="verdicts",
    points=12,
    prompt=r"""
Judge the twelve marked sentences: a dict from each mark to `"true"`, `"false"` or `"misleading"`,
one point for each. Copy this and fill it in:

```python
verdicts = {
    "D2": ..., "D5": ..., "G1": ..., "G7": ..., "G4": ..., "S2": ...,
    "S8": ..., "S7": ..., "S6": ..., "A1": ..., "A7": ..., "A9": ...,
}
```

- `"true"`: it holds as it stands.
- `"false"`: a computation contradicts it, on ordinary inputs and however you read its words.
- `"misleading"`: it holds, but only with something that the sentence leaves out, such as *on
  paper*, *for some models*, *if this name means that*, *not too far from 0*.
""",
    reference={claim: verdict for claim, (verdict, _) in CLAIMS.items()},
    partial=True,
    mistakes=tuple(
        Mistake(f"{claim}-{word}", {claim: word}, feedback)
        for claim, (_, explained) in CLAIMS.items()
        for word, feedback in explained.items()
    ),
    hints=(
        "Four of each kind. Most can be settled by one line: compute something at 0, at 2, at 40.",
        "For each sentence ask what it is about: σ on paper, σ in floats, a formula's argument, a "
        "fresh network, a trained one. If the sentence needs only one of these, it should say so.",
        "On misleading: two are about σ's output, one about an argument's name, one about a tail.",
    ),
)

GRADIENT_BUDGET = Exercise(
    name="gradient_budget",
    points=2,
    prompt=r"""
A gradient travels back through **6** sigmoid layers. Each multiplies it by its weights, of
spectral norm $\lVert W \rVert_2 = 3$ (the largest factor by which $W$ stretches any vector), and by
the slopes σ′ of its units. By what factor can the gradient's length change at most, over all six?
Give the number to within 1 %; you may compute it.
""",
    reference=0.75**6,
    rtol=0.01,
    atol=0.0,
    mistakes=(
        Mistake(
            "weights-forgotten",
            0.25**6,
            "These are the slopes alone; each layer's weights may stretch the gradient by 3.",
        ),
        Mistake(
            "slopes-forgotten",
            3.0**6,
            "These are the weights alone; no slope of σ is above ¼.",
        ),
        Mistake(
            "sum",
            6 * 0.75,
            "The layers act one after the other, so their factors multiply.",
        ),
        Mistake(
            "one-layer",
            0.75,
            "This is one layer's factor. There are six of them.",
        ),
        Mistake(
            "five-layers",
            0.75**5,
            "One layer short: six slopes and six matrices stand on the way.",
        ),
        Mistake(
            "rounded",
            0.18,
            "Right to two digits; give three.",
        ),
        Mistake(
            "seven-layers",
            0.75**7,
            "One layer too many: six matrices and six slopes stand on the way.",
        ),
        Mistake(
            "weights-once",
            3 * 0.25**6,
            "The weights of one layer only; each of the six may stretch by 3.",
        ),
        Mistake(
            "slopes-once",
            3.0**6 * 0.25,
            "The slope of one layer only; σ′ stands in each of the six.",
        ),
        Mistake(
            "inverse",
            1 / 0.75**6,
            "Upside down: at ¾ a layer the gradient shrinks.",
        ),
    ),
    hints=(
        "One layer: at most 3 from the weights. And how large is σ′ at most?",
        "Each layer allows a factor of 3/4; they multiply.",
        "`0.75**6`",
    ),
)


def _one_of_each_size(rng: np.random.Generator) -> Any:
    """Eleven numbers above 0, one from each decade from 1e-11 to 1."""
    return 10.0 ** (np.arange(-11, 0) + rng.uniform(0, 1, 11))


def _beside_usual_limits(rng: np.random.Generator) -> Any:
    """Numbers just above 1e-8, where e^x cancels, and where x or x − x³/3 is not enough."""
    cancels = rng.uniform(1e-8, 2e-8, 20)
    rough = np.array([9.5e-5, 9.5e-4, 9.9e-3, 2.9e-2]) * rng.uniform(0.995, 1, 4)
    return np.append(cancels, rough)


def _draw_tanh(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    tiny = 10.0 ** rng.uniform(-15, -12, (4, 4)) * rng.choice([-1, 1], (4, 4))
    return [
        (number(rng, 0.5, 1.5),),
        (float(tiny[0, 0]),),
        (rng.uniform(-3, 3, 4),),
        (tiny,),
        (rng.uniform(360, 700, 2) * np.array([1, -1]),),
        (rng.uniform(711, 2000, 2) * np.array([1, -1]),),
        (1e300,),
        (np.append(rng.uniform(-20, 20, 3), 0.0).reshape(2, 2),),
        (_one_of_each_size(rng) * rng.choice([-1, 1], 11),),
        (_beside_usual_limits(rng),),
    ]


def _snippet_tanh(x: Any) -> Any:
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


def _sinh_over_cosh(x: Any) -> Any:
    return np.sinh(x) / np.cosh(x)


def _one_sided(x: Any) -> Any:
    z = np.exp(-2 * x)
    return (1 - z) / (1 + z)


def _unguarded(x: Any) -> Any:
    t = np.expm1(2 * x)
    return t / (t + 2)


def _cancelling(x: Any) -> Any:
    z = np.exp(-2 * np.abs(x))
    return np.sign(x) * (1 - z) / (1 + z)


def _unsigned(x: Any) -> Any:
    z = np.exp(-2 * np.abs(x))
    return -np.expm1(-2 * np.abs(x)) / (1 + z)


FIXED_TANH = Exercise(
    name="fixed_tanh",
    points=2,
    prompt=r"""
Mend the first snippet: return tanh(x) element by element, for **every finite** `x`, without a
warning, and with its digits near 0, where tanh(x) is nearly `x`. (Right means: nine digits, at
`x = 1e-13` and at `x = 1e300` alike.)

`x` is a number or an array of any shape.
""",
    reference=act.tanh,
    cases=_draw_tanh,
    atol=0.0,
    silent=True,
    mistakes=(
        Mistake(
            "snippet",
            _snippet_tanh,
            "That is the snippet as printed. Near 0 it subtracts two nearly equal numbers; beyond "
            "710 it is ∞ / ∞.",
        ),
        Mistake(
            "clipped",
            lambda x: _snippet_tanh(np.clip(x, -300, 300)),
            "Clipping stops the overflow, but near 0 two numbers close to 1 are still subtracted.",
        ),
        Mistake(
            "through-sigmoid",
            lambda x: 2 * act.sigmoid(2 * np.asarray(x)) - 1,
            "Right on paper and silent; but near 0 it subtracts 1 from a number close to 1.",
        ),
        Mistake(
            "one-sided",
            _one_sided,
            "On the left e^(−2x) overflows. Use |x|, and put the sign back at the end.",
        ),
        Mistake(
            "unguarded",
            _unguarded,
            "`expm1` keeps the digits near 0, but e^(2x) overflows on the right. Use −|x|.",
        ),
        Mistake(
            "cancelling",
            _cancelling,
            "No overflow any more, but 1 − e^(−2|x|) loses the digits near 0: `-np.expm1(…)`.",
        ),
        Mistake(
            "unsigned",
            _unsigned,
            "The sign of x is lost: tanh(−x) = −tanh(x).",
        ),
        Mistake(
            "sinh-over-cosh",
            _sinh_over_cosh,
            "The digits near 0 are right, but sinh and cosh overflow as e^x does: beyond 710 it "
            "is ∞ / ∞.",
        ),
        Mistake(
            "half-argument",
            lambda x: 2 * act.sigmoid(x) - 1,
            "This is tanh(x/2): 2σ(2x) − 1 has another 2 inside. And near 0 it subtracts 1 from a "
            "number close to 1.",
        ),
        Mistake(
            "one-for-both",
            lambda x: np.where(np.abs(x) > 20, 1.0, np.tanh(np.clip(x, -20, 20))),
            "Far out on the left tanh is −1, not 1.",
        ),
        Mistake(
            "scalar-if",
            lambda x: x if abs(x) < 1e-8 else np.tanh(x),
            "`if` asks an array for one yes or no; `np.where`, or one formula for all x, goes "
            "through it.",
        ),
        Mistake(
            "patched",
            lambda x: np.where(np.abs(x) < 1e-3, x, np.tanh(x)),
            "Right to six digits, not nine. A limit where formulas change, or where x is clipped, "
            "costs digits beside it; one formula can serve every x.",
        ),
    ),
    hints=(
        "Two faults: e^x overflows, and near 0 two nearly equal numbers are subtracted.",
        "Divide numerator and denominator by e^|x|: only e^(−2|x|) is left, never above 1.",
        "`-np.expm1(-2 * np.abs(x))` is 1 − e^(−2|x|) with all digits; `np.copysign` or `np.sign`.",
    ),
)


def _draw_elu(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    tiny = 10.0 ** rng.uniform(-14, -11, 4) * np.array([-1, 1, -1, 1])
    return [
        (number(rng, 8, 12), 0.01),
        (number(rng, -2, -0.5), number(rng, 1.2, 3)),
        (rng.uniform(-3, 3, 5), number(rng, 0.2, 0.8)),
        (rng.uniform(-3, 3, 5), number(rng, 1.5, 3)),
        (tiny, number(rng, 0.5, 2)),
        (rng.uniform(720, 900, 3) * np.array([1, -1, 1]), 1.0),
        (np.append(rng.uniform(-9, 9, 5), 0.0).reshape(2, 3), number(rng, 0.5, 2)),
        (-_one_of_each_size(rng), 1.3),
        (-np.array([9, 13, 17]) - rng.uniform(0, 3, 3), 1.0),
    ]


FIXED_ELU = Exercise(
    name="fixed_elu",
    points=2,
    prompt=r"""
Mend the second snippet: return $x$ where $x > 0$ and $\alpha (e^x - 1)$ elsewhere, element by
element, without a warning, and with its digits near 0.

`x` is a finite number or an array of any shape, `alpha` a number > 0.
""",
    reference=act.elu,
    cases=_draw_elu,
    atol=0.0,
    silent=True,
    mistakes=(
        Mistake(
            "snippet",
            lambda x, alpha: np.maximum(x, alpha * (np.exp(x) - 1)),
            "That is the snippet as printed: the larger value is not always the right branch.",
        ),
        Mistake(
            "maximum-kept",
            lambda x, alpha: np.maximum(x, alpha * np.expm1(np.minimum(x, 0))),
            "Silent now, but for alpha > 1 the maximum still picks x left of 0. Choose by x.",
        ),
        Mistake(
            "both-branches",
            lambda x, alpha: np.where(np.greater(x, 0), x, alpha * np.expm1(x)),
            "e^x overflows for large x, also in a branch that is thrown away. Give it min(x, 0).",
        ),
        Mistake(
            "both-branches-cancelling",
            lambda x, alpha: np.where(np.greater(x, 0), x, alpha * (np.exp(x) - 1)),
            "Two things: e^x overflows for large x, also in a branch that is thrown away; and "
            "exp(x) − 1 loses the digits near 0.",
        ),
        Mistake(
            "cancelling",
            lambda x, alpha: np.where(np.greater(x, 0), x, alpha * (np.exp(np.minimum(x, 0)) - 1)),
            "Silent and right, except near 0: `np.exp(x) - 1` loses the digits that `np.expm1` "
            "keeps.",
        ),
        Mistake(
            "alpha-ignored",
            lambda x, alpha: np.where(np.greater(x, 0), x, np.expm1(np.minimum(x, 0))),
            "`alpha` is missing: it multiplies the negative side.",
        ),
        Mistake(
            "alpha-on-both",
            lambda x, alpha: alpha * act.elu(x, 1.0),
            "`alpha` multiplies the negative side only; on the right the function is x.",
        ),
        Mistake(
            "maximum-expm1",
            lambda x, alpha: np.maximum(x, alpha * np.expm1(x)),
            "The digits near 0 are right now, but the larger value is not always the right branch.",
        ),
        Mistake(
            "brackets",
            lambda x, alpha: np.where(np.greater(x, 0), x, alpha * np.exp(np.minimum(x, 0)) - 1),
            "`alpha` multiplies e^x only: around e^x − 1 the brackets are missing.",
        ),
        Mistake(
            "minimum",
            lambda x, alpha: np.minimum(x, alpha * np.expm1(np.minimum(x, 0))),
            "The smaller value is no better a guide than the larger one: on the right it is 0. "
            "Choose by x.",
        ),
        Mistake(
            "no-minus-one",
            lambda x, alpha: np.where(np.greater(x, 0), x, alpha * np.exp(np.minimum(x, 0))),
            "The −1 is missing: the two sides must meet in 0.",
        ),
        Mistake(
            "scalar-if",
            lambda x, alpha: x if x > 0 else alpha * np.expm1(x),
            "`if` asks an array for one yes or no; choose element by element.",
        ),
    ),
    hints=(
        "Which branch counts is decided by the sign of x, not by which value is larger.",
        "`np.where` computes both branches everywhere: let the exponential see `np.minimum(x, 0)`.",
        "`np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0))`",
    ),
)


def _counterexample() -> tuple[float, float]:
    return 10.0, 0.01


def _finite(value: Any) -> list[float]:
    """The finite numbers in a student's tuple, list or array; anything else is left out."""
    items = value.tolist() if isinstance(value, np.ndarray) else value
    items = items if isinstance(items, tuple | list) else []
    scalars = (v.item() if isinstance(v, np.ndarray) and v.ndim == 0 else v for v in items)
    numbers = [v for v in scalars if isinstance(v, int | float) and not isinstance(v, bool)]
    return [float(v) for v in numbers if abs(v) <= sys.float_info.max]


def _about_the_pair(args: tuple[Any, ...], value: Any) -> str:
    """What counts about a student's (x, alpha)."""
    pair = _finite(value)
    if len(pair) != 2 or len(value) != 2:
        return "not a pair of finite numbers"
    x, alpha = pair
    if alpha <= 0:
        return "alpha is not above 0"
    with np.errstate(all="ignore"):
        off = abs(np.maximum(x, alpha * (np.exp(x) - 1)) - act.elu(x, alpha))
    if off > 1:
        return "there the snippet is off by more than 1"
    return "there the snippet is off, but by 1 or less" if off > 1e-9 else "there it is right"


COUNTEREXAMPLE = Exercise(
    name="counterexample",
    points=2,
    prompt=r"""
Return a pair `(x, alpha)` of finite numbers, `alpha > 0`, at which the second snippet,
`np.maximum(x, alpha * (np.exp(x) - 1))`, differs from ELU by **more than 1**. Any such pair is
right; the sign of `x` is your choice. (An overflow to ∞ counts as a difference.)
""",
    reference=_counterexample,
    cases=lambda rng: [()],
    describe=_about_the_pair,
    mistakes=(
        Mistake(
            "right-there",
            lambda: (1.0, 0.1),
            "There the snippet is right: the branch that is meant is also the larger one. Where is "
            "it not?",
        ),
        Mistake(
            "too-close",
            lambda: (1.0, 1.0),
            "The snippet is wrong there, but by 1 or less. On the right go further out: e^x "
            "outgrows x. On the left take a larger alpha, 4 or more.",
        ),
        Mistake(
            "alpha",
            lambda: (10.0, -1.0),
            "ELU's alpha is above 0. The pair is (x, alpha), in this order.",
        ),
        Mistake(
            "not-finite",
            lambda: (np.inf, 1.0),
            "Two finite numbers are asked for, `return x, alpha`.",
        ),
    ),
    hints=(
        "The snippet takes the **larger** of two values. Where is the wrong one larger?",
        "For x > 0 the right value is x. When is alpha · (e^x − 1) larger, by more than 1?",
        "At x = 10 the exponential is 22026; even alpha = 0.01 makes 220 of it.",
    ),
)


def _step(
    args: tuple[Any, ...],
    late: bool = False,
    twice: bool = False,
    in_place: bool = False,
    slope_at_the_exit: bool = False,
) -> tuple[Any, ...]:
    """The third snippet's step, with those of its faults that are asked for."""
    X, y, W1, b1, W2, b2, lr = args
    old = W1, b1, W2, b2
    a1 = act.sigmoid(X @ W1 + b1)
    a2 = act.sigmoid(a1 @ W2 + b2)
    delta2 = (a2 - y) / len(X) * (a2 * (1 - a2) if slope_at_the_exit else 1)
    new_W2, new_b2 = W2 - lr * a1.T @ delta2, b2 - lr * delta2.sum(axis=0)
    slope = act.sigmoid_grad(a1) if twice else a1 * (1 - a1)
    delta1 = delta2 @ (new_W2 if late else W2).T * slope
    new = W1 - lr * X.T @ delta1, b1 - lr * delta1.sum(axis=0), new_W2, new_b2
    if not in_place:
        return new
    for array, value in zip(old, new, strict=True):
        array[...] = value
    return old


FROM_CHAPTER_5 = ("not-averaged", "gradients", "no-slope", "biases-forgotten", "no-rate")

FIXED_TRAIN_STEP = Exercise(
    name="fixed_train_step",
    points=3,
    prompt=r"""
Mend the third snippet: one step of gradient descent on the mean cross-entropy; return the **new**
`(W1, b1, W2, b2)`. It has three faults. All gradients belong to the network as it was before the
step, and the arrays that are passed must not change.

`X` (n, d), `y` (n, 1) with labels 0.0 or 1.0, `W1` (d, h), `b1` (h,), `W2` (h, 1), `b2` (1,); `lr`
is a number.
""",
    reference=TRAIN_STEP.reference,
    cases=TRAIN_STEP.cases,
    atol=0.0,
    mistakes=(
        Mistake(
            "snippet",
            lambda *args: _step(args, late=True, twice=True, in_place=True),
            "That is the snippet as printed, with its three faults.",
        ),
        Mistake(
            "late-and-twice",
            lambda *args: _step(args, late=True, twice=True),
            "Nothing is overwritten any more; two faults are left, both on the line of `d1`.",
        ),
        Mistake(
            "late",
            lambda *args: _step(args, late=True),
            "The error still goes back through the **new** `W2`. Gradients first, then the step.",
        ),
        Mistake(
            "twice",
            lambda *args: _step(args, twice=True),
            "`act.sigmoid_grad` takes z and is given `a1`: from the activation the slope is "
            "`a1 * (1 - a1)`.",
        ),
        Mistake(
            "in-place",
            lambda *args: _step(args, in_place=True),
            "The values are right, but `-=` writes into the caller's arrays: `W1 = W1 - …`.",
        ),
        Mistake(
            "twice-in-place",
            lambda *args: _step(args, twice=True, in_place=True),
            "The order is right. σ is still applied twice, and `-=` changes the caller's arrays.",
        ),
        Mistake(
            "late-in-place",
            lambda *args: _step(args, late=True, in_place=True),
            "The slope is mended. `-=` changes `W2` before the error goes back through it.",
        ),
        Mistake(
            "ascent",
            lambda X, y, W1, b1, W2, b2, lr: _step((X, y, W1, b1, W2, b2, -lr)),
            "This climbs: the gradient is **subtracted**.",
        ),
        *(m for m in TRAIN_STEP.mistakes if m.id in FROM_CHAPTER_5),
        Mistake(
            "slope-at-the-exit",
            lambda *args: _step(args, slope_at_the_exit=True),
            "With the cross-entropy the output error is p − y; σ′ has cancelled (chapter 4).",
        ),
    ),
    hints=(
        "What does `-=` do to an array that somebody else holds? And to the `W2` that is used "
        "after it?",
        "Compute `d2` and `d1` first, both from the old arrays; then four new arrays.",
        "`d1 = d2 @ W2.T * a1 * (1 - a1)`, before anything is changed.",
    ),
)

EXERCISES = (
    VERDICTS,
    GRADIENT_BUDGET,
    FIXED_TANH,
    COUNTEREXAMPLE,
    FIXED_ELU,
    FIXED_TRAIN_STEP,
)
