"""Chapter 9: the other activations, their slopes, and how their units die."""

import math
from typing import Any

import numpy as np

from coursekit import activations as act
from coursekit.exercise import Exercise, Mistake
from coursekit.exercises.draw import number

SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772


def _draw_signs(rng: np.random.Generator, low: float, high: float) -> list[tuple[Any, ...]]:
    """Inputs between low and high of both signs, numbers and arrays."""
    return [
        (np.array([number(rng, low, -0.3), number(rng, 1.3, high)]),),
        (number(rng, low, -0.3),),
        (number(rng, 1.3, high),),
        (number(rng, 0.2, 0.8),),
        (rng.uniform(low, high, (2, 3)),),
        (np.array([-2, 0, 3, int(rng.integers(4, 9))]),),
        (rng.uniform(low, high, (2, 1, 4)),),
        (np.array([-1e-9, 1e-9]),),
    ]


def _whole(rng: np.random.Generator) -> Any:
    """Integers, the first above 0 and two below: a result that was cut to integers shows."""
    return np.array([int(rng.integers(1, 6)), -1, 0, -int(rng.integers(2, 6))])


def _draw_slopes(rng: np.random.Generator, bound: float) -> list[tuple[Any, ...]]:
    """Inputs of a smooth function on |x| <= bound."""
    return [
        (number(rng, 0.5, 2),),
        (number(rng, -2, -0.5),),
        (0.0,),
        (rng.uniform(-bound, bound, 5),),
        (rng.integers(-3, 4, 4),),
        (rng.uniform(-bound, bound, (2, 3)),),
    ]


TANH_GRAD = Exercise(
    name="tanh_grad",
    points=2,
    prompt=r"""
Return $\tanh'(x) = 1 - \tanh^2(x)$ at the **input** `x`, with nine correct digits
everywhere, in both tails too.

`x` is a number or an array of any shape, with $|x| \le 300$.
""",
    reference=act.tanh_grad,
    cases=lambda rng: [
        (number(rng, 0.5, 2),),
        (number(rng, -2, -0.5),),
        (rng.uniform(-5, 5, 4),),
        (rng.uniform(20, 150, 3),),
        (rng.uniform(190, 300, (2, 2)),),
        (rng.uniform(-300, -190, 3),),
        (rng.integers(-5, 6, 4),),
        (np.array([7.0, -11.0, 15.0, -18.0, 22.0, -40.0]),),
    ],
    atol=0.0,
    mistakes=(
        Mistake(
            "textbook",
            lambda x: 1 - np.tanh(x) ** 2,
            "Right on paper, but beyond |x| = 19 tanh is ±1 to all digits and `1 - t**2` is 0.",
        ),
        Mistake(
            "sigmoid-textbook",
            lambda x: 4 * act.sigmoid(np.multiply(2.0, x)) * (1 - act.sigmoid(np.multiply(2.0, x))),
            "1 − σ(2x) is 0 to all digits on the right: use σ(−2x), or σ′.",
        ),
        Mistake(
            "missing-square",
            lambda x: 1 - np.tanh(x),
            "1 − tanh is not 1 − tanh²: the square is missing.",
        ),
        Mistake(
            "sigmoid-rule",
            lambda x: np.tanh(x) * (1 - np.tanh(x)),
            "t(1 − t) is the rule for σ; tanh has 1 − t².",
        ),
        Mistake(
            "value",
            np.tanh,
            "This is tanh(x), the height of the curve; its slope is asked for.",
        ),
        Mistake(
            "tanh-twice",
            lambda x: 1 - np.tanh(np.tanh(x)) ** 2,
            "tanh is applied twice: x is the input, so one tanh is enough.",
        ),
        Mistake(
            "inner-derivative",
            lambda x: 2 * act.sigmoid_grad(np.multiply(2.0, x)),
            "Of 2σ(2x) − 1 the derivative is **4**σ′(2x): the inner 2x brings another 2.",
        ),
        Mistake(
            "quarter",
            lambda x: act.sigmoid_grad(np.multiply(2.0, x)),
            "The two factors 2 of tanh(x) = 2σ(2x) − 1 are missing, one outside, one inside.",
        ),
        Mistake(
            "no-square-in-sech",
            lambda x: 1 / np.cosh(x),
            "tanh′ is 1/cosh **squared**.",
        ),
        Mistake(
            "square-overflows",
            lambda x: 4 * np.exp(np.multiply(-2.0, x)) / (1 + np.exp(np.multiply(-2.0, x))) ** 2,
            "Right for x > 0, but far on the left the square overflows. tanh′ is even: use |x|.",
        ),
        Mistake(
            "activation-rule",
            lambda x: 1 - np.square(x),
            "1 − x² is right when x is tanh(z) already; here `x` is the input.",
        ),
        Mistake(
            "inner-missing",
            lambda x: 4 * act.sigmoid_grad(x),
            "The inside is 2x: tanh(x) = 2σ(2x) − 1, so σ′ is taken there.",
        ),
        Mistake(
            "sign-of-x",
            lambda x: 4 * np.exp(np.multiply(2.0, x)) / (1 + np.exp(np.multiply(2.0, x))) ** 2,
            "Right for x < 0, but far on the right the square overflows. tanh′ is even: use −|x|.",
        ),
        Mistake(
            "plus",
            lambda x: 1 + np.tanh(x) ** 2,
            "The sign: the slope falls where tanh² grows, so the square is subtracted.",
        ),
    ),
    hints=(
        "tanh(x) = 2σ(2x) − 1, and chapter 3 made σ′ accurate in both tails.",
        "The chain rule gives 4σ′(2x). With z = e^(−2|x|) that is 4z / (1 + z)².",
        "`4 * act.sigmoid_grad(2 * x)`",
    ),
)


def _in_place(x: Any) -> Any:
    x[x < 0] = 0
    return x


RELU = Exercise(
    name="relu",
    points=1,
    prompt=r"""
Return $\operatorname{relu}(x) = \max(x, 0)$ for every element.

`x` is a number or an array of any shape; an array must not be changed.
""",
    reference=act.relu,
    cases=lambda rng: _draw_signs(rng, -6, 6),
    mistakes=(
        Mistake("abs", np.abs, "This is |x|: it turns negative numbers round, ReLU drops them."),
        Mistake(
            "negative-side",
            lambda x: np.minimum(x, 0),
            "This keeps the negative side; ReLU keeps the positive one.",
        ),
        Mistake(
            "clipped",
            lambda x: np.clip(x, 0, 1),
            "ReLU has no ceiling: it must not stop at 1.",
        ),
        Mistake(
            "step",
            lambda x: np.where(np.greater(x, 0), 1.0, 0.0),
            "This is ReLU's slope; the function gives x itself where x > 0.",
        ),
        Mistake(
            "built-in-max",
            lambda x: max(x, 0),
            "`max` and `if` can decide about one number, not about a whole array. NumPy has "
            "`np.maximum`.",
        ),
        Mistake(
            "in-place",
            _in_place,
            "This writes into the caller's array, and a plain number has no elements to set.",
        ),
        Mistake(
            "largest",
            lambda x: np.max(x, 0),
            "`np.max(x, 0)` is the largest element along axis 0. The larger of two, element by "
            "element, is another function, `np.maximum`.",
        ),
        Mistake(
            "filtered",
            lambda x: x[x > 0],
            "`x[x > 0]` throws the negative elements away; they become 0 and keep their place.",
        ),
        Mistake(
            "leaky",
            lambda x: np.where(np.greater(x, 0), x, np.multiply(0.01, x)),
            "This is Leaky ReLU, further down in the chapter; ReLU is exactly 0 on the left.",
        ),
    ),
    hints=(
        "NumPy has a function for the larger of two, element by element.",
        "`np.maximum(x, 0)`",
    ),
)

RELU_GRAD = Exercise(
    name="relu_grad",
    points=1,
    prompt=r"""
Return the slope of ReLU at `x`: 1 where $x > 0$, else 0, **also at 0**. Numbers, not booleans.

`x` is a number or an array of any shape.
""",
    reference=act.relu_grad,
    cases=lambda rng: [*_draw_signs(rng, -6, 6), (0.0,)],
    mistakes=(
        Mistake(
            "bool",
            lambda x: np.greater(x, 0),
            "These are booleans; a slope is a number: `np.where(x > 0, 1.0, 0.0)`.",
        ),
        Mistake(
            "one-at-zero",
            lambda x: np.where(np.greater_equal(x, 0), 1.0, 0.0),
            "At 0 the exercise asks for 0: `>`, not `>=`.",
        ),
        Mistake(
            "half-at-zero",
            lambda x: np.heaviside(x, 0.5),
            "One half lies between the two slopes at 0, but the exercise asks for 0 there.",
        ),
        Mistake(
            "sign",
            np.sign,
            "`np.sign` gives −1 on the left, the slope of |x|. ReLU is flat there: 0.",
        ),
        Mistake(
            "value",
            lambda x: np.maximum(x, 0),
            "This is ReLU itself; its slope is 1 wherever it rises.",
        ),
        Mistake(
            "always-one",
            lambda x: np.ones(np.shape(x)),
            "The slope is 1 on the right only; on the left the curve is flat.",
        ),
        Mistake(
            "scalar-if",
            lambda x: 1.0 if x > 0 else 0.0,
            "`if` asks an array for one yes or no; `np.where` chooses element by element.",
        ),
        Mistake(
            "astype",
            lambda x: (x > 0).astype(float),
            "Right for arrays, but for a plain number `x > 0` is a Python bool, which has no "
            "`astype`.",
        ),
        Mistake(
            "turned",
            lambda x: np.where(np.greater(x, 0), 0.0, 1.0),
            "The sides are swapped: ReLU rises on the right and is flat on the left.",
        ),
        Mistake(
            "quotient",
            lambda x: np.maximum(x, 0) / x,
            "relu(x)/x is 0/0 at 0. Ask for the sign of x instead.",
        ),
        Mistake(
            "one-number",
            lambda x: int(x > 0),
            "`int` and `float` make one number, and an array holds many. Choose element by "
            "element.",
        ),
    ),
    hints=(
        "A comparison gives booleans; `np.where` makes numbers of them.",
        "`np.where(x > 0, 1.0, 0.0)`",
    ),
)


def _dead_fraction(z: Any) -> float:
    return float(np.mean(np.all(z <= 0, axis=0)))


def _draw_layer(rng: np.random.Generator, n: int, dead: int, alive: int) -> tuple[Any, ...]:
    """Pre-activations (n, dead + alive), n >= 4; the first dead unit comes as close as 0.

    Every living unit is silent on row 0, speaks on row 1, and on one of the others.
    """
    z = -rng.uniform(0.1, 3, (n, dead + alive)).round(1)
    z[2, 0] = 0.0
    for unit in range(dead, dead + alive):
        z[[1, int(rng.integers(2, n))], unit] = rng.uniform(0.1, 1, 2).round(1)
    return (z[:, rng.permutation(dead + alive)],)


DEAD_FRACTION = Exercise(
    name="dead_fraction",
    points=2,
    prompt=r"""
Return the share of **dead** ReLU units in a layer: those whose pre-activation is $z \le 0$ on
**every** sample.

`z` has shape (n, units), a row for each sample and a column for each unit. The result is one
number between 0 and 1.
""",
    reference=_dead_fraction,
    cases=lambda rng: [
        (np.array([[-1.0, number(rng, 1.2, 3), -2.0], [0.0, -1.0, number(rng, -3, -0.5)]]),),
        _draw_layer(rng, 5, 2, 1),
        _draw_layer(rng, 4, 1, 5),
        _draw_layer(rng, 6, 3, 4),
        (np.array([[-1.0, -2.0, 1.0], [1e-9, -0.5, -3.0]]),),
    ],
    mistakes=(
        Mistake(
            "any",
            lambda z: float(np.mean(np.any(z <= 0, axis=0))),
            "A unit that is silent on *some* sample is not dead; it must be silent on all.",
        ),
        Mistake(
            "share-of-entries",
            lambda z: float(np.mean(z <= 0)),
            "This is the share of silent *entries*. First ask each column whether all of it "
            "is silent.",
        ),
        Mistake(
            "axis",
            lambda z: float(np.mean(np.all(z <= 0, axis=1))),
            "This asks each *sample* whether all units are silent. Units are columns: `axis=0`.",
        ),
        Mistake(
            "strict",
            lambda z: float(np.mean(np.all(z < 0, axis=0))),
            "At z = 0 the slope counts as 0 too, so the comparison is `<=`.",
        ),
        Mistake(
            "count",
            lambda z: int(np.sum(np.all(z <= 0, axis=0))),
            "This is how *many* units are dead; divide by the number of units.",
        ),
        Mistake(
            "alive",
            lambda z: 1 - _dead_fraction(z),
            "This is the share of units that are alive.",
        ),
        Mistake(
            "per-unit",
            lambda z: np.all(z <= 0, axis=0),
            "This says of each unit whether it is dead; the result is their share, one number.",
        ),
        Mistake(
            "zero-entries",
            lambda z: float(np.mean(z == 0)),
            "z is taken *before* the ReLU: a silent unit has z ≤ 0, not z = 0.",
        ),
        Mistake(
            "average",
            lambda z: float(np.mean(np.mean(z, axis=0) <= 0)),
            "This asks for the *average* z of a unit. One sample with z > 0 keeps a unit alive.",
        ),
        Mistake(
            "over-samples",
            lambda z: np.sum(np.all(z <= 0, axis=0)) / len(z),
            "`len(z)` is the number of samples; the share is one of the units, `z.shape[1]`.",
        ),
        Mistake(
            "no-axis",
            lambda z: float(np.all(z <= 0)),
            "Without an axis `np.all` gives one answer for the whole layer; ask each unit.",
        ),
        Mistake(
            "share-per-unit",
            lambda z: np.mean(z <= 0, axis=0),
            "This is how often each unit is silent. Dead is only one that always is; count those.",
        ),
    ),
    hints=(
        "For one unit: is `z <= 0` true for all of its column?",
        "`np.all(z <= 0, axis=0)` has one answer for each unit. Which share of them is true?",
        "`np.mean(np.all(z <= 0, axis=0))`",
    ),
)


def _leaky_relu(x: Any, alpha: float = 0.01) -> Any:
    return np.where(np.greater(x, 0), x, np.multiply(alpha, x))


def _scale_in_place(x: Any, alpha: float = 0.01) -> Any:
    x[x < 0] *= alpha
    return x


LEAKY_RELU = Exercise(
    name="leaky_relu",
    points=2,
    prompt=r"""
Return $x$ where $x > 0$, else $αx$, for **every** slope $α \ge 0$, also above 1.

`x` is a number or an array of any shape, `alpha` a number.
""",
    reference=act.leaky_relu,
    cases=lambda rng: [
        (np.array([-1.0, 2.0]), number(rng, 0.1, 0.4)),
        (np.array([-1.0, 2.0]), number(rng, 1.5, 4)),
        (number(rng, -6, -1),),
        (number(rng, 1, 6), number(rng, 1.5, 4)),
        (rng.uniform(-9, 9, (2, 3)),),
        (_whole(rng), number(rng, 0.1, 0.6)),
        (np.array([1e-9, -1e-9]), 2.0),
        (np.array([-1.0, 2.0]), 0.0),
    ],
    mistakes=(
        Mistake(
            "maximum",
            lambda x, alpha=0.01: np.maximum(np.multiply(alpha, x), x),
            "`maximum` picks the larger of αx and x: for α > 1 that is the wrong one, everywhere.",
        ),
        Mistake(
            "sign",
            lambda x, alpha=0.01: _leaky_relu(x, -alpha),
            "The left side goes *down*: αx with a negative x is negative.",
        ),
        Mistake(
            "added",
            lambda x, alpha=0.01: np.maximum(x, 0) + np.multiply(alpha, x),
            "The αx is added on the right too, where only x is wanted.",
        ),
        Mistake(
            "relu",
            lambda x, alpha=0.01: np.maximum(x, 0),
            "This is ReLU: nothing leaks through on the left.",
        ),
        Mistake(
            "alpha-ignored",
            lambda x, alpha=0.01: _leaky_relu(x),
            "0.01 is only the default; use `alpha`.",
        ),
        Mistake(
            "constant",
            lambda x, alpha=0.01: np.where(np.greater(x, 0), x, alpha),
            "On the left the value is α times x, not α.",
        ),
        Mistake(
            "sides-swapped",
            lambda x, alpha=0.01: np.where(np.greater(x, 0), np.multiply(alpha, x), x),
            "The sides are swapped: α bends the negative one.",
        ),
        Mistake(
            "scalar-if",
            lambda x, alpha=0.01: x if x > 0 else alpha * x,
            "`if` asks an array for one yes or no; `np.where` chooses element by element.",
        ),
        Mistake(
            "built-in-max",
            lambda x, alpha=0.01: max(alpha * x, x),
            "Two things: `max` compares two numbers, not two arrays; and for α > 1 the larger one "
            "is "
            "the wrong one.",
        ),
        Mistake(
            "minimum",
            lambda x, alpha=0.01: np.minimum(np.multiply(alpha, x), x),
            "`minimum` picks the smaller of αx and x: for α < 1 that is the wrong one, everywhere.",
        ),
        Mistake(
            "slope",
            lambda x, alpha=0.01: np.where(np.greater(x, 0), 1.0, alpha),
            "These are the slopes, 1 and α; the function is x times them.",
        ),
        Mistake(
            "in-place",
            _scale_in_place,
            "This writes into the caller's array, and a plain number has no elements to set.",
        ),
    ),
    hints=(
        "Choose by the sign of x, not by which value is larger.",
        "`np.where(condition, where_true, where_false)`",
        "`np.where(x > 0, x, alpha * x)`",
    ),
)


def _prelu_alpha_grad(g: Any, x: Any) -> float:
    return float(np.sum(g * np.minimum(x, 0)))


def _draw_gradient(rng: np.random.Generator, *shape: int) -> tuple[Any, ...]:
    """A gradient g and inputs x of one shape, x of both signs."""
    x = rng.uniform(0.2, 4, shape).round(1)
    x.flat[::2] *= -1
    return rng.uniform(0.2, 3, shape).round(1) * rng.choice([-1.0, 1.0], shape), x


PRELU_ALPHA_GRAD = Exercise(
    name="prelu_alpha_grad",
    points=2,
    prompt=r"""
PReLU is a Leaky ReLU whose slope α is learnt. All elements share **one** α. Return the gradient of
the loss for that α.

`x` holds the inputs of PReLU, `g` the gradient of the loss at its outputs, in the same shape (1 or
2 dimensions). The result is one number; it does not depend on α.
""",
    reference=_prelu_alpha_grad,
    cases=lambda rng: [
        (np.array([1.0, 2.0, number(rng, 0.5, 3)]), np.array([-1.0, 3.0, number(rng, -3, -0.5)])),
        _draw_gradient(rng, 5),
        _draw_gradient(rng, 3, 4),
        _draw_gradient(rng, 4, 2),
    ],
    mistakes=(
        Mistake(
            "positive-side",
            lambda g, x: float(np.sum(g * np.maximum(x, 0))),
            "For x > 0 the output is x, whatever α is. Only the negative inputs feel α.",
        ),
        Mistake(
            "no-sum",
            lambda g, x: g * np.minimum(x, 0),
            "All elements share one α, so their contributions add up to one number.",
        ),
        Mistake(
            "both-sides",
            lambda g, x: float(np.sum(g * x)),
            "For x > 0 the output does not depend on α: those elements contribute 0.",
        ),
        Mistake(
            "no-gradient",
            lambda g, x: float(np.sum(np.minimum(x, 0))),
            "The chain rule multiplies each element by its `g`.",
        ),
        Mistake(
            "no-input",
            lambda g, x: float(np.sum(g * (x < 0))),
            "αx changes by x when α changes by 1, so the factor is x, not 1.",
        ),
        Mistake(
            "mean",
            lambda g, x: float(np.mean(g * np.minimum(x, 0))),
            "Contributions add up; if the loss is a mean, `g` has that factor already.",
        ),
        Mistake(
            "product-of-sums",
            lambda g, x: float(np.sum(g) * np.sum(np.minimum(x, 0))),
            "Multiply element by element first, then sum.",
        ),
        Mistake(
            "sign",
            lambda g, x: -_prelu_alpha_grad(g, x),
            "The sign is turned: x itself is the factor where it is negative, not |x|.",
        ),
        Mistake(
            "per-column",
            lambda g, x: np.sum(g * np.minimum(x, 0), axis=0),
            "This sums over the rows only: one gradient for each column. Here all elements share "
            "α.",
        ),
        Mistake(
            "matrix-product",
            lambda g, x: g @ np.minimum(x, 0),
            "`@` is right for one row only. Multiply element by element, then sum everything.",
        ),
        Mistake(
            "minimum-too-late",
            lambda g, x: float(np.sum(np.minimum(g * x, 0))),
            "The sign of **x** decides which elements count, not that of g·x.",
        ),
    ),
    hints=(
        "One element first: by how much does αx change when α grows by 1? And when x > 0?",
        "The factor is min(x, 0). Multiply by `g`, element by element.",
        "`np.sum(g * np.minimum(x, 0))`",
    ),
)


def _elu_where(x: Any, alpha: float = 1.0) -> Any:
    return np.where(np.greater(x, 0), x, alpha * (np.exp(x) - 1))


def _elu_minus_one(x: Any, alpha: float = 1.0) -> Any:
    return np.maximum(x, 0) + alpha * (np.exp(np.minimum(x, 0)) - 1)


ELU = Exercise(
    name="elu",
    points=3,
    prompt=r"""
Return $x$ where $x > 0$, else $α\,(e^x - 1)$, for every α > 0, **without a RuntimeWarning**, and
with nine correct digits also for $x$ as close to 0 as $-10^{-12}$.

`x` is a number or an array of any shape with finite values, however large; `alpha` is a number.
`np.expm1(x)` computes $e^x - 1$ without the subtraction.
""",
    reference=act.elu,
    cases=lambda rng: [
        (np.array([-1.0, 2.0]),),
        (np.array([-1.0, 2.0]), number(rng, 1.5, 3)),
        (number(rng, -3, -0.5), number(rng, 0.2, 0.8)),
        (rng.uniform(3, 9, 3), number(rng, 0.2, 0.8)),
        (rng.uniform(-9e-12, -1e-12, 6), number(rng, 0.2, 0.8)),
        (np.array([number(rng, 1000, 9000), -1000.0]), number(rng, 0.2, 0.8)),
        (_whole(rng),),
        (rng.uniform(-5, 5, (2, 3)), number(rng, 1.5, 3)),
        (-(10.0 ** np.linspace(-11, -2, 10)), 2.0),
    ],
    atol=0.0,
    silent=True,
    mistakes=(
        Mistake(
            "maximum",
            lambda x, alpha=1.0: np.maximum(x, alpha * (np.exp(x) - 1)),
            "`maximum` picks the larger branch, and e^x outgrows x on the right. Choose by "
            "the sign of x.",
        ),
        Mistake(
            "maximum-expm1",
            lambda x, alpha=1.0: np.maximum(x, alpha * np.expm1(x)),
            "`maximum` picks the larger branch, and e^x outgrows x on the right. Choose by "
            "the sign of x.",
        ),
        Mistake(
            "maximum-on-the-left",
            lambda x, alpha=1.0: np.maximum(x, alpha * np.expm1(np.minimum(x, 0))),
            "`maximum` picks the larger branch; for α > 1 that is x just left of 0. Choose by "
            "the sign of x.",
        ),
        Mistake(
            "both-branches",
            lambda x, alpha=1.0: np.where(np.greater(x, 0), x, alpha * np.expm1(x)),
            "e^x overflows at x = 1000, also in a branch that is not chosen. Hand the exponential "
            "min(x, 0).",
        ),
        Mistake(
            "both-branches-minus-one",
            _elu_where,
            "Two things: e^x overflows at x = 1000, also in a branch that is not chosen; and "
            "`exp(x) - 1` cancels near 0.",
        ),
        Mistake(
            "minus-one",
            _elu_minus_one,
            "`exp(x) - 1` subtracts nearly equal numbers near 0; `np.expm1` does not.",
        ),
        Mistake(
            "alpha-ignored",
            lambda x, alpha=1.0: act.elu(x),
            "1 is only the default; use `alpha`.",
        ),
        Mistake(
            "no-minus-one",
            lambda x, alpha=1.0: np.where(np.greater(x, 0), x, alpha * np.exp(np.minimum(x, 0))),
            "The −1 is missing: the two sides must meet in 0.",
        ),
        Mistake(
            "alpha-on-both-sides",
            lambda x, alpha=1.0: alpha * act.elu(x),
            "α scales the negative side only.",
        ),
        Mistake(
            "scalar-if",
            lambda x, alpha=1.0: x if x > 0 else alpha * np.expm1(x),
            "`if` asks an array for one yes or no; `np.where` chooses element by element.",
        ),
        Mistake(
            "brackets",
            lambda x, alpha=1.0: np.where(
                np.greater(x, 0), x, alpha * np.exp(np.minimum(x, 0)) - 1
            ),
            "α multiplies e^x only: around e^x − 1 the brackets are missing.",
        ),
        Mistake(
            "sign",
            lambda x, alpha=1.0: np.where(np.greater(x, 0), x, -act.elu(x, alpha)),
            "The sign is turned: left of 0 e^x − 1 is negative, and so is ELU.",
        ),
        Mistake(
            "added",
            lambda x, alpha=1.0: np.maximum(x, 0) + alpha * np.expm1(x),
            "The exponential is added on the right too, where only x is wanted. Hand it min(x, 0).",
        ),
        Mistake(
            "alpha-inside",
            lambda x, alpha=1.0: np.where(np.greater(x, 0), x, np.expm1(alpha * np.minimum(x, 0))),
            "α stands before the bracket, not in the exponent: the curve levels off at −α.",
        ),
        Mistake(
            "sides-swapped",
            lambda x, alpha=1.0: np.where(np.less(x, 0), x, alpha * np.expm1(np.minimum(x, 0))),
            "The sides are swapped: the exponential belongs to the negative one.",
        ),
    ),
    hints=(
        "Choose by the sign of x. But whatever NumPy does not choose, it has computed.",
        "min(x, 0) never makes the exponential overflow, and it is x wherever that counts.",
        "`np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))`",
    ),
)


def _selu_minus_one(x: Any) -> Any:
    return SELU_SCALE * _elu_minus_one(x, SELU_ALPHA)


SELU = Exercise(
    name="selu",
    points=2,
    prompt=r"""
Return $λx$ where $x > 0$, else $λα\,(e^x - 1)$, with λ = 1.0507009873554805 and
α = 1.6732632423543772, **without a RuntimeWarning**, and with nine correct digits also for $x$ as
close to 0 as $-10^{-12}$.

`x` is a number or an array of any shape with finite values, however large. You may call `act.elu`.
""",
    reference=act.selu,
    cases=lambda rng: [
        (np.array([-1.0, 2.0]),),
        (number(rng, -3, -0.5),),
        (number(rng, 0.5, 3),),
        (rng.uniform(-9e-12, -1e-12, 6),),
        (np.array([number(rng, 1000, 9000), -1000.0]),),
        (_whole(rng),),
        (rng.uniform(-5, 5, (2, 3)),),
        (-(10.0 ** np.linspace(-11, -2, 10)),),
    ],
    atol=0.0,
    silent=True,
    mistakes=(
        Mistake(
            "no-scale",
            lambda x: act.elu(x, SELU_ALPHA),
            "λ is missing: SELU is λ times ELU with its α, on both sides.",
        ),
        Mistake(
            "alpha-on-both-sides",
            lambda x: SELU_SCALE * SELU_ALPHA * act.elu(x),
            "α belongs to the negative side only; the positive one is λx.",
        ),
        Mistake(
            "alpha-ignored",
            lambda x: SELU_SCALE * act.elu(x),
            "α is missing on the negative side.",
        ),
        Mistake(
            "scale-on-the-right-only",
            lambda x: np.where(
                np.greater(x, 0), np.multiply(SELU_SCALE, x), act.elu(x, SELU_ALPHA)
            ),
            "λ scales both sides, not only the positive one.",
        ),
        Mistake(
            "swapped",
            lambda x: SELU_ALPHA * act.elu(x, SELU_SCALE),
            "The two constants are swapped: λ is the smaller one.",
        ),
        Mistake(
            "minus-one",
            _selu_minus_one,
            "`exp(x) - 1` subtracts nearly equal numbers near 0; `np.expm1` does not.",
        ),
        Mistake(
            "both-branches",
            lambda x: SELU_SCALE * np.where(np.greater(x, 0), x, SELU_ALPHA * np.expm1(x)),
            "e^x overflows at x = 1000, also in a branch that is not chosen. Hand the exponential "
            "min(x, 0).",
        ),
        Mistake(
            "maximum-on-the-left",
            lambda x: SELU_SCALE * np.maximum(x, SELU_ALPHA * np.expm1(np.minimum(x, 0))),
            "`maximum` picks the larger branch; for α > 1 that is x just left of 0. Choose by "
            "the sign of x.",
        ),
        Mistake(
            "rounded-constants",
            lambda x: 1.0507 * act.elu(x, 1.6733),
            "The constants are rounded; nine digits need them in full.",
        ),
        Mistake(
            "both-branches-minus-one",
            lambda x: SELU_SCALE * _elu_where(x, SELU_ALPHA),
            "Two things: e^x overflows at x = 1000, also in a branch that is not chosen; and "
            "`exp(x) - 1` cancels near 0.",
        ),
        Mistake(
            "scale-on-the-left-only",
            lambda x: act.elu(x, SELU_SCALE * SELU_ALPHA),
            "λ scales both sides; here the positive one is still x.",
        ),
        Mistake(
            "maximum",
            lambda x: SELU_SCALE * np.maximum(x, SELU_ALPHA * (np.exp(x) - 1)),
            "`maximum` picks the larger branch, and e^x outgrows x on the right. Choose by "
            "the sign of x.",
        ),
        Mistake(
            "product-of-constants",
            lambda x: SELU_ALPHA * act.elu(x),
            "α scales the negative side only, and λ is missing.",
        ),
        Mistake(
            "no-minus-one",
            lambda x: (
                SELU_SCALE * np.where(np.greater(x, 0), x, SELU_ALPHA * np.exp(np.minimum(x, 0)))
            ),
            "The −1 is missing: the two sides must meet in 0.",
        ),
        Mistake(
            "scalar-if",
            lambda x: SELU_SCALE * (x if x > 0 else SELU_ALPHA * np.expm1(x)),
            "`if` asks an array for one yes or no; `np.where` or `act.elu` goes through it.",
        ),
    ),
    hints=(
        "It is λ times an ELU. With which α?",
        "`act.elu(x, alpha)` is silent and accurate already.",
        "`1.0507009873554805 * act.elu(x, 1.6732632423543772)`",
    ),
)

SILU_GRAD = Exercise(
    name="silu_grad",
    points=2,
    prompt=r"""
Return the derivative of $\operatorname{silu}(x) = x\,σ(x)$ at the input `x`.

`x` is a number or an array of any shape, with $|x| \le 10$. You may call `act.sigmoid` and
`act.sigmoid_grad`.
""",
    reference=act.silu_grad,
    cases=lambda rng: [*_draw_slopes(rng, 10), (-rng.uniform(1.275, 1.282, 6),)],  # slope near 0
    mistakes=(
        Mistake(
            "first-term",
            act.sigmoid,
            "This is one term of the product rule: x changes, σ stays. σ changes, too.",
        ),
        Mistake(
            "second-term",
            lambda x: x * act.sigmoid_grad(x),
            "This is one term of the product rule: σ changes, x stays. x changes, too.",
        ),
        Mistake(
            "slope-alone",
            act.sigmoid_grad,
            "The derivative of a product is not the product of the derivatives: f′g + fg′.",
        ),
        Mistake(
            "no-input",
            lambda x: act.sigmoid(x) + act.sigmoid_grad(x),
            "In the second term of f′g + fg′ the factor f = x is missing.",
        ),
        Mistake(
            "short-slope",
            lambda x: act.sigmoid(x) + x * (1 - act.sigmoid(x)),
            "σ′ is σ(1 − σ); the factor σ is missing in the second term.",
        ),
        Mistake(
            "minus",
            lambda x: act.sigmoid(x) - x * act.sigmoid_grad(x),
            "The product rule adds its two terms.",
        ),
        Mistake(
            "value",
            lambda x: x * act.sigmoid(x),
            "This is SiLU itself; its derivative is asked for.",
        ),
        Mistake(
            "sigma-twice",
            lambda x: act.sigmoid(x) + x * act.sigmoid_grad(act.sigmoid(x)),
            "`act.sigmoid_grad` takes the input x; handed σ(x), it applies σ twice.",
        ),
        Mistake(
            "sigmoid-rule",
            lambda x: act.silu(x) * (1 - act.silu(x)),
            "f(1 − f) is the rule for σ. SiLU is a product and needs the product rule.",
        ),
        Mistake(
            "sigma-for-slope",
            lambda x: act.sigmoid(x) + x * act.sigmoid(x),
            "In the second term σ stands where its derivative belongs.",
        ),
        Mistake(
            "one-for-sigma",
            lambda x: 1 + x * act.sigmoid_grad(x),
            "The derivative of x is 1, but it is multiplied by the other factor, σ.",
        ),
    ),
    hints=(
        "A product of two factors, x and σ(x): f′g + fg′.",
        "The derivative of x is 1, that of σ is σ′.",
        "`act.sigmoid(x) + x * act.sigmoid_grad(x)`",
    ),
)


def _gelu_tanh(x: Any, root: float, cubic: float) -> Any:
    return 0.5 * x * (1 + np.tanh(root * (x + cubic * np.power(x, 3))))


ROOT, CUBIC = math.sqrt(2 / math.pi), 0.044715

GELU_TANH = Exercise(
    name="gelu_tanh",
    points=2,
    prompt=r"""
Return the form of GELU that many programs compute:

$$\tfrac12\,x\,\Bigl(1 + \tanh\bigl(\sqrt{2/π}\,(x + 0.044715\,x^3)\bigr)\Bigr)$$

`x` is a number or an array of any shape, with $|x| \le 5$.
""",
    reference=act.gelu_tanh,
    cases=lambda rng: _draw_slopes(rng, 5),
    mistakes=(
        Mistake(
            "sigmoid-form",
            lambda x: x * act.sigmoid(np.multiply(1.702, x)),
            "x·σ(1.702x) is a rougher form of GELU; the one with tanh is asked for.",
        ),
        Mistake(
            "root-inverted",
            lambda x: _gelu_tanh(x, math.sqrt(math.pi / 2), CUBIC),
            "The root is of 2/π; this one is of π/2.",
        ),
        Mistake(
            "no-root",
            lambda x: _gelu_tanh(x, 2 / math.pi, CUBIC),
            "The factor is the **root** of 2/π.",
        ),
        Mistake(
            "no-cube",
            lambda x: _gelu_tanh(x, ROOT, 0.0),
            "The cubic term 0.044715·x³ is missing.",
        ),
        Mistake(
            "all-cubed",
            lambda x: 0.5 * x * (1 + np.tanh(ROOT * np.power(np.multiply(1 + CUBIC, x), 3))),
            "Only the second x is cubed: x + 0.044715·x³.",
        ),
        Mistake(
            "no-half",
            lambda x: 2 * _gelu_tanh(x, ROOT, CUBIC),
            "The factor ½ is missing: for large x, GELU is x.",
        ),
        Mistake(
            "gate-alone",
            lambda x: 0.5 * (1 + np.tanh(ROOT * (x + CUBIC * np.power(x, 3)))),
            "This is the gate alone, between 0 and 1; GELU is x times it.",
        ),
        Mistake(
            "no-one",
            lambda x: 0.5 * x * np.tanh(ROOT * (x + CUBIC * np.power(x, 3))),
            "The 1 beside tanh is missing: it lifts the gate into (0, 1).",
        ),
        Mistake(
            "exact",
            act.gelu,
            "This is the exact GELU, with the error function; the form with tanh is asked for.",
        ),
        Mistake(
            "square",
            lambda x: 0.5 * x * (1 + np.tanh(ROOT * (x + CUBIC * np.power(x, 2)))),
            "x is squared here; the formula has x³.",
        ),
        Mistake(
            "brackets",
            lambda x: 0.5 * x * (1 + np.tanh(ROOT * x + CUBIC * np.power(x, 3))),
            "√(2/π) multiplies both terms: brackets around x + 0.044715·x³ are missing.",
        ),
        Mistake(
            "root-of-2",
            lambda x: _gelu_tanh(x, math.sqrt(2) / math.pi, CUBIC),
            "The π belongs under the root, too.",
        ),
        Mistake(
            "sigmoid-of-u",
            lambda x: x * act.sigmoid(ROOT * (x + CUBIC * np.power(x, 3))),
            "(1 + tanh u)/2 is σ(2u), not σ(u).",
        ),
        Mistake(
            "rounded-root",
            lambda x: _gelu_tanh(x, 0.7979, CUBIC),
            "The root of 2/π is rounded; nine digits need `np.sqrt(2 / np.pi)`.",
        ),
    ),
    hints=(
        "From the inside: u = √(2/π)·(x + 0.044715·x³), then the gate (1 + tanh u)/2, then x.",
        "`u = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)`",
        "`0.5 * x * (1 + np.tanh(u))`",
    ),
)


def _unshifted(z: Any) -> Any:
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def _along_first(z: Any) -> Any:
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def _over_everything(z: Any) -> Any:
    e = np.exp(z - z.max())
    return e / e.sum()


def _over_everything_by_rows(z: Any) -> Any:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum()


def _shifted_by(shift: Any) -> Any:
    """The program that subtracts another number from each row than its largest logit."""

    def shifted(z: Any) -> Any:
        e = np.exp(z - shift(z))
        return e / e.sum(axis=-1, keepdims=True)

    return shifted


def _sum_without_keepdims(z: Any) -> Any:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


def _second_axis(z: Any) -> Any:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _clipped(z: Any) -> Any:
    return _unshifted(np.clip(z, -500, 500))


def _largest_magnitude(z: Any) -> Any:
    e = np.exp(z - np.abs(z).max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


GLOBAL_SUM = "Every row is a distribution of its own; this divides by the sum of all rows."


def _draw_logits(rng: np.random.Generator, *shape: int) -> tuple[Any, ...]:
    return (rng.normal(0, 2, shape).round(1),)


SOFTMAX = Exercise(
    name="softmax",
    points=3,
    prompt=r"""
Return $e^{z_i} / \sum_j e^{z_j}$ **over the last axis**, without a RuntimeWarning.

`z` is an array with 1 to 3 dimensions and $|z| \le 10^4$; the result has its shape. You may use
that softmax does not change when the same number is subtracted from every logit of a row.
""",
    reference=act.softmax,
    cases=lambda rng: [
        (np.array([0.0, 1.0, number(rng, 1.5, 4)]),),
        _draw_logits(rng, 2, 3),
        _draw_logits(rng, 4, 4),
        _draw_logits(rng, 2, 3, 4),
        (rng.uniform(-1e4, 1e4, (2, 3)).round(),),
        (np.array([[1000.0, 1001.0, number(rng, 998, 1003)], [-9000.0, -9001.0, -9002.0]]),),
        (rng.integers(-9, 10, (2, 4)),),
        (np.array([[9000.0, 0.0, number(rng, -9000, -5000)], [0.0, 9000.0, 8999.0]]),),
        (np.array([-1000.0, -1001.0, -1002.0]),),
    ],
    silent=True,
    mistakes=(
        Mistake(
            "no-shift",
            _unshifted,
            "e^1000 overflows. Subtract the row's largest logit first: the result is the same.",
        ),
        Mistake(
            "axis",
            _along_first,
            "This sums over the first axis. Classes are on the last one: `axis=-1`.",
        ),
        Mistake(
            "global-sum",
            _over_everything,
            GLOBAL_SUM,
        ),
        Mistake(
            "global-sum-row-maximum",
            _over_everything_by_rows,
            GLOBAL_SUM,
        ),
        Mistake(
            "global-sum-no-shift",
            lambda z: np.exp(z) / np.sum(np.exp(z)),
            GLOBAL_SUM,
        ),
        Mistake(
            "largest-magnitude",
            _largest_magnitude,
            "This is the largest |z|; a row of large negative logits ends as 0/0. Subtract the "
            "largest z.",
        ),
        Mistake(
            "one-maximum",
            lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=-1, keepdims=True),
            "One maximum for all rows leaves a row far below it with 0/0. Each row needs its own.",
        ),
        Mistake(
            "sigmoids",
            act.sigmoid,
            "These are separate sigmoids: they do not know of each other and do not sum to 1.",
        ),
        Mistake(
            "not-normalised",
            lambda z: np.exp(z - z.max(axis=-1, keepdims=True)),
            "The division by the row's sum is missing.",
        ),
        Mistake(
            "kept-no-axis",
            lambda z: np.exp(z - z.max(axis=-1)) / np.exp(z - z.max(axis=-1)).sum(axis=-1),
            "Without `keepdims=True` the row's maximum has lost an axis and meets columns instead.",
        ),
        Mistake(
            "logarithm",
            act.log_softmax,
            "This is the logarithm of softmax.",
        ),
        Mistake(
            "axis-no-shift",
            lambda z: np.exp(z) / np.sum(np.exp(z), axis=0),
            "Two things: the classes are on the last axis, and e^1000 overflows without a shift.",
        ),
        Mistake(
            "axis-1",
            _second_axis,
            "`axis=1` is the last axis of a table only. −1 is the last of any array.",
        ),
        Mistake(
            "sum-kept-no-axis",
            _sum_without_keepdims,
            "Without `keepdims=True` the row's sum has lost an axis and divides columns instead.",
        ),
        Mistake(
            "mean-subtracted",
            _shifted_by(lambda z: z.mean(axis=-1, keepdims=True)),
            "The mean was subtracted: a logit far above it still overflows. Subtract the largest.",
        ),
        Mistake(
            "last-subtracted",
            _shifted_by(lambda z: z[..., -1:]),
            "The last logit was subtracted; one far above it still overflows. Subtract the "
            "largest.",
        ),
        Mistake(
            "clipped",
            _clipped,
            "Clipped logits become equal, and their differences are all that counts. Subtract the "
            "row's largest instead.",
        ),
        Mistake(
            "logits-themselves",
            lambda z: z / z.sum(axis=-1, keepdims=True),
            "The logits were divided by their own sum; take e^z of each first.",
        ),
    ),
    hints=(
        "e^z alone overflows. Which number can you subtract from a row so that none is above 0?",
        "`z - z.max(axis=-1, keepdims=True)`: keepdims lets it line up with the rows.",
        "`e = np.exp(z - z.max(axis=-1, keepdims=True))`, then "
        "`e / e.sum(axis=-1, keepdims=True)`.",
    ),
)

EXERCISES = (
    TANH_GRAD,
    RELU,
    RELU_GRAD,
    DEAD_FRACTION,
    LEAKY_RELU,
    PRELU_ALPHA_GRAD,
    ELU,
    SELU,
    SILU_GRAD,
    GELU_TANH,
    SOFTMAX,
)
