"""Chapter 1: the sigmoid, its inverse, its symmetry and its relatives."""

import math

import numpy as np

from coursekit import activations as act
from coursekit.exercise import Exercise, Mistake
from coursekit.exercises.draw import number

SIGMOID = Exercise(
    name="sigmoid",
    points=2,
    prompt=r"""
Return $\sigma(x) = \dfrac{1}{1 + e^{-x}}$ for every element of `x`.

`x` is a number or a NumPy array of any shape, with $|x| \le 10$; the result has its shape.
""",
    reference=act.sigmoid,
    cases=lambda rng: [
        (number(rng, 0.5, 3),),
        (number(rng, -3, -0.5),),
        (0.0,),
        (rng.uniform(-10, 10, 5),),
        (rng.integers(-9, 10, 4),),
        (rng.uniform(-10, 10, (3, 4)),),
        (rng.uniform(-10, 10, (2, 3, 2)),),
    ],
    atol=0.0,
    mistakes=(
        Mistake(
            "sign",
            lambda x: 1 / (1 + np.exp(x)),
            "This is σ(−x), which falls from 1 to 0. Is the sign of an exponent turned?",
        ),
        Mistake(
            "precedence",
            lambda x: 1 / 1 + np.exp(-x),
            "This is 1 + e^(−x): the `1 /` is missing, or the parentheses round the denominator.",
        ),
        Mistake(
            "base-2",
            lambda x: 1 / (1 + 2.0 ** (-x)),
            "The base is 2 here; σ uses e: `np.exp(-x)`.",
        ),
        Mistake(
            "doubled",
            lambda x: 1 / (1 + np.exp(-2 * x)),
            "This is σ(2x), twice as steep: is there a factor 2 in the exponent?",
        ),
        Mistake(
            "math-exp",
            lambda x: 1 / (1 + math.exp(-x)),
            "`float` and the functions of `math` take one number only; `np.exp` takes arrays too.",
        ),
        Mistake(
            "loop",
            lambda x: [1 / (1 + math.exp(-v)) for v in x],
            "A loop over `x` fits a list of numbers only. `np.exp` takes a number and an array of "
            "any shape, without a loop.",
        ),
        Mistake(
            "scalar-if",
            lambda x: 1 / (1 + np.exp(-x)) if x >= 0 else np.exp(x) / (1 + np.exp(x)),
            "An `if` wants one truth value, and an array has many. One formula does for every x.",
        ),
        Mistake(
            "tanh",
            np.tanh,
            "This is tanh, which runs from −1 to 1; σ runs from 0 to 1.",
        ),
        Mistake(
            "softmax",
            lambda x: np.exp(x) / np.sum(np.exp(x)),
            "This is a softmax: it divides by a sum over the whole array. "
            "σ takes every element by itself.",
        ),
        Mistake(
            "precedence-of-ratio",
            lambda x: np.exp(x) / 1 + np.exp(x),
            "`e / 1 + e` is (e / 1) + e to Python: the denominator needs parentheses.",
        ),
        Mistake(
            "minus",
            lambda x: 1 / (1 - np.exp(-x)),
            "The denominator is 1 **plus** e^(−x); with a minus it is 0 at x = 0.",
        ),
    ),
    hints=(
        "Write it for one number first. What must σ(0) be?",
        "`np.exp` works on numbers and arrays alike, and so does `/`.",
        "The denominator is `(1 + np.exp(-x))`, with its parentheses.",
    ),
)

LOGIT = Exercise(
    name="logit",
    points=2,
    prompt=r"""
Return the log-odds $\operatorname{logit}(p) = \log\dfrac{p}{1 - p}$ (natural logarithm)
for every element of `p`.

`p` is a number or an array of any shape, with $10^{-6} \le p \le 1 - 10^{-6}$.
""",
    reference=act.logit,
    cases=lambda rng: [
        (number(rng, 0.6, 0.95),),
        (number(rng, 0.05, 0.4),),
        (0.5,),
        (rng.uniform(0.01, 0.99, 5),),
        (10.0 ** rng.uniform(-6, -2, 3),),
        (1 - 10.0 ** rng.uniform(-6, -2, 3),),
        (rng.uniform(0.01, 0.99, (2, 3)),),
    ],
    mistakes=(
        Mistake(
            "inverted-odds",
            lambda p: np.log((1 - p) / p),
            "These are the log-odds of the opposite, with the wrong sign: "
            "p stands above, 1 − p below.",
        ),
        Mistake(
            "log-p",
            np.log,
            "This is log p. The odds p / (1 − p) go into the logarithm.",
        ),
        Mistake(
            "no-log",
            lambda p: p / (1 - p),
            "These are the odds; the **log**-odds are their logarithm.",
        ),
        Mistake(
            "log10",
            lambda p: np.log10(p / (1 - p)),
            "This is the logarithm to base 10; `np.log` is the natural one.",
        ),
        Mistake(
            "precedence",
            lambda p: np.log(p / 1 - p),
            "`p / 1 - p` is (p / 1) − p = 0 to Python: the denominator needs parentheses.",
        ),
        Mistake(
            "math-log",
            lambda p: math.log(p / (1 - p)),
            "The functions of `math` take one number only; `np.log` takes arrays as well.",
        ),
        Mistake(
            "quotient-of-logs",
            lambda p: np.log(p) / np.log(1 - p),
            "The logarithm of a quotient is a **difference** of logarithms, not their quotient.",
        ),
        Mistake(
            "sum-of-logs",
            lambda p: np.log(p) + np.log(1 - p),
            "The sum of two logarithms belongs to a product; a quotient has their difference.",
        ),
        Mistake(
            "log-too-short",
            lambda p: np.log(p) / (1 - p),
            "The logarithm closes too early: it is taken of p alone, then divided by 1 − p.",
        ),
        Mistake(
            "sigmoid",
            act.sigmoid,
            "This is σ(p), the way back. The way from a probability to its log-odds is asked for.",
        ),
    ),
    hints=(
        "First the odds: what stands against what?",
        "Odds are `p / (1 - p)`; then one call of `np.log`.",
    ),
)

TANH_FROM_SIGMOID = Exercise(
    name="tanh_from_sigmoid",
    points=2,
    prompt=r"""
Return $\tanh(x)$ for every element of `x`, using `act.sigmoid` and arithmetic only.

`x` is a number or an array of any shape, with $x = 0$ or $10^{-3} \le |x| \le 10$.
""",
    reference=act.tanh,
    cases=lambda rng: [
        (number(rng, 0.3, 2),),
        (number(rng, -2, -0.3),),
        (0.0,),
        (rng.uniform(0.5, 10, 4) * rng.choice([-1, 1], 4),),
        (rng.uniform(0.001, 0.1, (2, 3)),),
        (rng.integers(-5, 6, 4),),
    ],
    mistakes=(
        Mistake(
            "same-argument",
            lambda x: 2 * act.sigmoid(x) - 1,
            "This is tanh(x/2): the height is right, but the curve is half as steep. "
            "Which argument makes σ climb faster?",
        ),
        Mistake(
            "half-argument",
            lambda x: 2 * act.sigmoid(np.asarray(x) / 2) - 1,
            "This is tanh(x/4): the argument has to grow, not shrink.",
        ),
        Mistake(
            "sign",
            lambda x: 1 - 2 * act.sigmoid(2 * np.asarray(x)),
            "This is −tanh: it falls where tanh rises.",
        ),
        Mistake(
            "not-stretched",
            lambda x: act.sigmoid(2 * np.asarray(x)),
            "The steepness is right, but the values still lie between 0 and 1.",
        ),
        Mistake(
            "not-shifted",
            lambda x: 2 * act.sigmoid(2 * np.asarray(x)),
            "The values lie between 0 and 2; tanh lies between −1 and 1. What is missing?",
        ),
        Mistake(
            "half-height",
            lambda x: act.sigmoid(2 * np.asarray(x)) - 0.5,
            "This is tanh(x)/2: it is centred, but runs from −1/2 to 1/2 only.",
        ),
        Mistake(
            "shifted-first",
            lambda x: 2 * (act.sigmoid(2 * np.asarray(x)) - 1),
            "The values lie between −2 and 0: the parentheses double the 1 as well.",
        ),
    ),
    hints=(
        "σ runs from 0 to 1, tanh from −1 to 1: stretch and shift.",
        "Near 0, σ rises like x/4 and tanh like x. Stretching by 2 gives half of that; "
        "the argument must give the rest.",
        "tanh(x) = 2·σ(something) − 1.",
    ),
)

BINARY_SOFTMAX = Exercise(
    name="binary_softmax",
    points=2,
    prompt=r"""
A classifier gives two scores, $z_0$ for class 0 and $z_1$ for class 1. Return the softmax
probability of class 1, $\dfrac{e^{z_1}}{e^{z_0} + e^{z_1}}$, with a single call of `act.sigmoid`.

`z0` and `z1` are numbers, or arrays of one shape. They differ by at most 12, but may
themselves be as large as ±1000, where $e^z$ overflows.
""",
    reference=lambda z0, z1: act.sigmoid(np.subtract(z1, z0)),
    cases=lambda rng: [
        (number(rng, -2, -0.5), number(rng, 0.5, 2)),
        (number(rng, 0.5, 2), number(rng, -2, -0.5)),
        (rng.uniform(-5, 5, 4), rng.uniform(-5, 5, 4)),
        (rng.uniform(-5, 5, (2, 3)), rng.uniform(-5, 5, (2, 3))),
        (rng.uniform(900, 905, 3), rng.uniform(900, 905, 3)),
        (rng.integers(-5, 6, 3), rng.integers(-5, 6, 3)),
    ],
    mistakes=(
        Mistake(
            "swapped",
            lambda z0, z1: act.sigmoid(np.subtract(z0, z1)),
            "This is the probability of class 0: the difference is taken the wrong way round.",
        ),
        Mistake(
            "one-logit",
            lambda z0, z1: act.sigmoid(z1),
            "This ignores `z0`: only the difference of the scores matters.",
        ),
        Mistake(
            "sum",
            lambda z0, z1: act.sigmoid(np.add(z0, z1)),
            "Adding 5 to both scores must change nothing, but it changes their sum.",
        ),
        Mistake(
            "normalised-sigmoids",
            lambda z0, z1: act.sigmoid(z1) / (act.sigmoid(z0) + act.sigmoid(z1)),
            "Softmax normalises the **exponentials**, not two sigmoids.",
        ),
        Mistake(
            "sigmoids-subtracted",
            lambda z0, z1: act.sigmoid(z1) - act.sigmoid(z0),
            "A difference of two sigmoids can be negative. Take the difference **before** the one "
            "sigmoid.",
        ),
        Mistake(
            "shares",
            lambda z0, z1: np.divide(z1, np.add(z0, z1)),
            "These are shares of the scores, which may be negative. Softmax takes the shares of "
            "their exponentials.",
        ),
        Mistake(
            "builtin-max",
            lambda z0, z1: (
                np.exp(z1 - max(z0, z1)) / (np.exp(z0 - max(z0, z1)) + np.exp(z1 - max(z0, z1)))
            ),
            "`max` and `if` want one truth value, and arrays have many. One sigmoid needs neither.",
        ),
        Mistake(
            "overflow",
            lambda z0, z1: np.exp(z1) / (np.exp(z0) + np.exp(z1)),
            "Right on paper, but e^900 overflows and inf / inf is nan. "
            "Divide above and below by e^z1 first.",
        ),
    ),
    hints=(
        "Divide numerator and denominator by e^z1. What is left?",
        "1 / (1 + e^(z0 − z1)) is a sigmoid. Of what?",
    ),
)

SYMMETRY_IDENTITY = Exercise(
    name="symmetry_identity",
    points=1,
    prompt="Which of these holds for **every** x? Answer with its letter, as a string.",
    reference="C",
    options={
        "A": "σ(−x) = −σ(x)",
        "B": "σ(−x) = σ(x)",
        "C": "σ(−x) = 1 − σ(x)",
        "D": "σ(−x) = 1 / σ(x)",
    },
    mistakes=(
        Mistake("A", "A", "That is an odd function, such as tanh; σ is never negative. Try x = 0."),
        Mistake("B", "B", "That is an even function, a mirror image; but σ only ever rises."),
        Mistake("D", "D", "Since σ(x) < 1, its reciprocal exceeds 1, which σ never does."),
    ),
    hints=(
        "Put in x = 0, where σ is 1/2: two of the four drop out.",
        "The probabilities of an event and of its opposite add up to 1.",
    ),
)

LINE_AT_ZERO = Exercise(
    name="line_at_zero",
    points=1,
    prompt=r"""
Return the tangent to $\sigma$ at 0, evaluated at every element of `x`: the straight line that
touches the curve there.

`x` is a number or an array of any shape.
""",
    reference=lambda x: 0.5 + np.asarray(x) / 4,
    cases=lambda rng: [
        (number(rng, 0.5, 3),),
        (0.0,),
        (rng.uniform(-4, 4, 5),),
        (rng.uniform(-4, 4, (2, 3)),),
        (rng.integers(-4, 5, 3),),
    ],
    rtol=1e-6,  # a measured slope is good enough,
    atol=1e-6,  # also where the line crosses 0
    mistakes=(
        Mistake(
            "slope-half",
            lambda x: 0.5 + np.asarray(x) / 2,
            "The height is right, the slope is twice too steep: 1/2 is the value at 0, "
            "not the slope.",
        ),
        Mistake(
            "slope-one",
            lambda x: 0.5 + np.asarray(x),
            "A slope of 1 is tanh's; σ is four times as flat.",
        ),
        Mistake(
            "falling",
            lambda x: 0.5 - np.asarray(x) / 4,
            "σ rises at 0, this line falls.",
        ),
        Mistake(
            "no-slope",
            lambda x: np.full(np.shape(x), 0.5),
            "This line is flat; σ climbs fastest just here.",
        ),
        Mistake(
            "no-offset",
            lambda x: np.asarray(x) / 4,
            "The slope is right, but the line must pass through σ(0) = 1/2.",
        ),
        Mistake(
            "the-curve",
            act.sigmoid,
            "This is the curve itself; its tangent is a straight line.",
        ),
        Mistake(
            "swapped",
            lambda x: 0.25 + np.asarray(x) / 2,
            "Height and slope have changed places: 1/2 is σ(0).",
        ),
        Mistake(
            "moving-slope",
            lambda x: 0.5 + act.sigmoid_grad(x) * x,
            "This takes the slope at every `x`, so it bends. A tangent keeps the slope of one "
            "place, here 0.",
        ),
    ),
    hints=(
        "A line is height + slope · x. What is the height of σ at 0?",
        "The slope is what (σ(h) − σ(−h)) / 2h tends to; try h = 0.001.",
    ),
)

EXERCISES = (
    LOGIT,
    SIGMOID,
    SYMMETRY_IDENTITY,
    LINE_AT_ZERO,
    TANH_FROM_SIGMOID,
    BINARY_SOFTMAX,
)
