"""Chapter 2: the derivative, its proof, and how a machine checks it."""

from typing import Any

import numpy as np

from coursekit import activations as act
from coursekit import gradcheck
from coursekit.callables import Cubic, Sine
from coursekit.exercise import Exercise, Mistake
from coursekit.exercises.draw import number


def _slope_of_output(a: Any) -> Any:
    return a * (1 - a)


def _draw_inputs(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    """Inputs of an elementwise function on |x| <= 15."""
    return [
        (number(rng, 0.5, 3),),
        (number(rng, -3, -0.5),),
        (0.0,),
        (rng.uniform(-15, 15, 5),),
        (rng.integers(-9, 10, 4),),
        (rng.uniform(-15, 15, (2, 3)),),
    ]


STEEPEST_SLOPE = Exercise(
    name="steepest_slope",
    points=1,
    prompt=r"What is the largest value that $\sigma'(x)$ takes? Answer with a number.",
    reference=0.25,
    rtol=1e-3,  # a slope measured on a grid is good enough
    mistakes=(
        Mistake(
            "zero",
            0.0,
            "At 0 the slope is largest, but it is not 0: that would be a flat curve.",
        ),
        Mistake(
            "half",
            0.5,
            "1/2 is the **height** of the curve at 0, or a rise divided by half of its run.",
        ),
        Mistake("one", 1.0, "That is tanh's steepest slope. σ climbs from 0 to 1, tanh from −1."),
        Mistake("inverted", 4.0, "Upside down: a slope is rise over run."),
        Mistake("negative", -0.25, "The size is right, but σ rises, so its slope is positive."),
    ),
    hints=(
        "In which line of the output above are the slopes largest?",
        "There (σ(h) − σ(−h)) / 2h is the slope, for a small h. Work it out for h = 0.001.",
    ),
)

PROOF_ORDER = Exercise(
    name="proof_order",
    points=2,
    prompt=r"""
Six lines prove $\sigma' = \sigma(1 - \sigma)$, each following from the one before.
Put them in order; answer with a string of six letters, such as `"ABCDEF"`.

- **A** · $\sigma'(x) = \sigma(x)\,\bigl(1 - \sigma(x)\bigr)$
- **B** · $\sigma'(x) = -(1 + e^{-x})^{-2} \cdot \frac{d}{dx}\,(1 + e^{-x})$, by the chain rule
- **C** · $\sigma'(x) = \dfrac{1}{1 + e^{-x}} \cdot \dfrac{e^{-x}}{1 + e^{-x}}$
- **D** · $\sigma(x) = (1 + e^{-x})^{-1}$
- **E** · $\sigma'(x) = \dfrac{1}{1 + e^{-x}} \cdot \Bigl(1 - \dfrac{1}{1 + e^{-x}}\Bigr)$
- **F** · $\sigma'(x) = \dfrac{e^{-x}}{(1 + e^{-x})^{2}}$
""",
    reference="DBFCEA",
    mistakes=(
        Mistake(
            "assumes-the-claim",
            "ADBFCE",
            "The first line is what you want to prove; a proof ends with it.",
        ),
        Mistake(
            "split-too-early",
            "DBCFEA",
            "C splits the fraction that F writes down, so F comes first.",
        ),
        Mistake(
            "derivative-first",
            "BDFCEA",
            "The chain rule needs the power form of D to work on.",
        ),
        Mistake(
            "rewritten-too-early",
            "DBFECA",
            "E rewrites the second factor of C, so C comes first.",
        ),
        Mistake(
            "backwards",
            "AECFBD",
            "This is the proof read from its end: it sets out from the claim.",
        ),
        Mistake(
            "claim-before-its-reason",
            "DBFCAE",
            "A is E in shorter letters, so E comes first.",
        ),
    ),
    hints=(
        "Begin with the definition, in the form that the chain rule likes; end with the claim.",
        "After the chain rule two minus signs cancel; then one fraction becomes two factors.",
        "It begins D, B, F.",
    ),
)

SIGMOID_GRAD = Exercise(
    name="sigmoid_grad",
    points=2,
    prompt=r"""
Return $\sigma'(x)$, the slope of the sigmoid at the **input** `x`, for every element.

`x` is a number or an array of any shape, with $|x| \le 15$. You may call `act.sigmoid`.
""",
    reference=act.sigmoid_grad,
    cases=_draw_inputs,
    mistakes=(
        Mistake(
            "input-for-output",
            lambda x: np.asarray(x) * (1 - np.asarray(x)),
            "x(1 − x) is right when x is the **output** σ(z). Here x is the input: apply σ first.",
        ),
        Mistake(
            "precedence",
            lambda x: act.sigmoid(x) * 1 - act.sigmoid(x),
            "`a * 1 - a` is (a · 1) − a = 0 to Python: 1 − a needs parentheses.",
        ),
        Mistake(
            "value",
            act.sigmoid,
            "This is σ(x), the height of the curve; its slope is asked for.",
        ),
        Mistake(
            "missing-numerator",
            lambda x: 1 / (1 + np.exp(-x)) ** 2,
            "This is σ². The second factor is 1 − σ; in the fraction, e^(−x) stands above.",
        ),
        Mistake(
            "missing-square",
            lambda x: np.exp(-x) / (1 + np.exp(-x)),
            "This is 1 − σ(x), one factor of two; in the fraction the square is missing below.",
        ),
        Mistake(
            "square-inside",
            lambda x: np.exp(-x) / (1 + np.exp(-x) ** 2),
            "Only the e^(−x) is squared. The square is of the whole bracket (1 + e^(−x)).",
        ),
        Mistake(
            "half-input",
            lambda x: act.sigmoid(x) * (1 - np.asarray(x)),
            "The first factor is σ(x), but the second is 1 − x: both need the output.",
        ),
        Mistake(
            "inner-derivative",
            lambda x: _slope_of_output(act.sigmoid(x)) * np.asarray(x),
            "There is a factor x too many: the derivative of the inner −x is −1.",
        ),
        Mistake(
            "measured",
            lambda x: (act.sigmoid(x + 1e-5) - act.sigmoid(x - 1e-5)) / 2e-5,
            "Nearly: a chord keeps few digits where the slope is small. The formula that you "
            "proved keeps more.",
        ),
        Mistake(
            "tanh-rule",
            lambda x: 1 - act.sigmoid(x) ** 2,
            "1 − a² is the rule for tanh; for σ it is a(1 − a).",
        ),
        Mistake(
            "minus-in-bracket",
            lambda x: np.exp(-x) * np.power(1 - np.exp(-x), -2.0),
            "The bracket is (1 **+** e^(−x)); with a minus the slope is infinite at 0.",
        ),
        Mistake(
            "sigmoid-twice",
            lambda x: _slope_of_output(act.sigmoid(act.sigmoid(x))),
            "σ is applied twice: compute a = σ(x) once, then a(1 − a).",
        ),
        Mistake(
            "negative",
            lambda x: -_slope_of_output(act.sigmoid(x)),
            "The sign is wrong: σ rises everywhere, so its slope is positive.",
        ),
    ),
    hints=(
        "You proved a formula that needs σ(x) only.",
        "Compute `a = act.sigmoid(x)` first.",
        "Then the slope is a times one minus a.",
    ),
)

SIGMOID_GRAD_FROM_OUTPUT = Exercise(
    name="sigmoid_grad_from_output",
    points=1,
    prompt=r"""
Return the slope of the sigmoid from its **output** $a = \sigma(z)$, without computing $z$.

`a` is a number or an array of any shape, with $0 < a < 1$.
""",
    reference=_slope_of_output,
    cases=lambda rng: [
        (number(rng, 0.6, 0.95),),
        (number(rng, 0.05, 0.4),),
        (rng.uniform(0.01, 0.99, 5),),
        (rng.uniform(0.01, 0.99, (2, 3)),),
    ],
    mistakes=(
        Mistake(
            "sigmoid-again",
            lambda a: _slope_of_output(act.sigmoid(a)),
            "`a` has been through σ already; applying it again is the silent bug of this section.",
        ),
        Mistake("tanh-rule", lambda a: 1 - a**2, "1 − a² is the rule for tanh's output."),
        Mistake("negative", lambda a: a * (a - 1), "The sign is wrong: σ rises everywhere."),
        Mistake(
            "precedence",
            lambda a: a * 1 - a,
            "`a * 1 - a` is (a · 1) − a = 0 to Python: 1 − a needs parentheses.",
        ),
        Mistake("plus", lambda a: a * (1 + a), "A sign: it is a(1 **−** a)."),
        Mistake("one-factor", lambda a: 1 - a, "This is 1 − a, one factor of two."),
        Mistake(
            "value",
            act.sigmoid,
            "This is σ(a), a height, and `a` has been through σ already. No σ is needed here.",
        ),
    ),
    hints=(
        "σ′ = σ(1 − σ), and σ is what you are given.",
        "There is nothing to exponentiate: one product is the answer.",
    ),
)

NUMERICAL_GRAD = Exercise(
    name="numerical_grad",
    points=2,
    prompt=r"""
Return the **central** difference quotient $\dfrac{f(x + h) - f(x - h)}{2h}$.

`f` is any elementwise function, `x` a number or an array, `h` a small positive number.
""",
    reference=gradcheck.central_difference,
    cases=lambda rng: [
        (Cubic(1.0, 0.0, number(rng, 1, 3)), number(rng, 1, 2)),
        (Sine(number(rng, 1, 3), 1.0, 0.0), number(rng, 0.2, 1)),
        (Cubic(1.0, number(rng, 1, 2), 2.0), rng.uniform(1, 2, 4)),
        (Sine(2.0, 1.0, number(rng, 0, 0.3)), rng.uniform(0.2, 1, (2, 2))),
        (Cubic(1.0, 0.0, 2.0), number(rng, 1, 2), 0.1),
    ],
    rtol=1e-7,
    mistakes=(
        Mistake(
            "forward",
            lambda f, x, h=1e-5: (f(x + h) - f(x)) / h,
            "This is the one-sided quotient; its error shrinks like h, the central one's like h².",
        ),
        Mistake(
            "divided-by-h",
            lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / h,
            "From x − h to x + h the step is 2h, not h: this slope is doubled.",
        ),
        Mistake(
            "precedence",
            lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / 2 * h,
            "`/ 2 * h` divides by 2 and multiplies by h; write `/ (2 * h)`.",
        ),
        Mistake(
            "backward",
            lambda f, x, h=1e-5: (f(x) - f(x - h)) / h,
            "This is the one-sided quotient, to the left; the central one steps to both sides.",
        ),
        Mistake(
            "one-side-two-steps",
            lambda f, x, h=1e-5: (f(x + h) - f(x)) / (2 * h),
            "The rise is that of one step, the run that of two: this slope is halved.",
        ),
        Mistake(
            "half-steps",
            lambda f, x, h=1e-5: (f(x + h / 2) - f(x - h / 2)) / h,
            "Central, but with steps of h/2: with h = 0.1 it differs. Step by h to both sides.",
        ),
        Mistake(
            "sigmoid-only",
            lambda f, x, h=1e-5: (act.sigmoid(x + h) - act.sigmoid(x - h)) / (2 * h),
            "This measures σ whatever `f` is. Call the `f` that is passed.",
        ),
        Mistake(
            "not-divided",
            lambda f, x, h=1e-5: f(x + h) - f(x - h),
            "This is the rise; divide it by the run, 2h.",
        ),
        Mistake(
            "missing-parentheses",
            lambda f, x, h=1e-5: f(x + h) - f(x - h) / (2 * h),
            "Only f(x − h) is divided: the difference needs parentheses.",
        ),
        Mistake(
            "sign",
            lambda f, x, h=1e-5: (f(x - h) - f(x + h)) / (2 * h),
            "The difference is the wrong way round: a rising f gets a negative slope.",
        ),
        Mistake(
            "h-ignored",
            lambda f, x, h=1e-5: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5,
            "With h = 0.1 the quotient differs: use the `h` that is passed, and no other formula.",
        ),
    ),
    hints=(
        "Step to both sides of x. How far apart are the two points?",
        "`f(x + h) - f(x - h)` is the rise; the run is `2 * h`.",
    ),
)


def _size(a: Any, b: Any) -> Any:
    """The larger of the two sizes, and 1 where both are 0."""
    size = np.maximum(np.abs(a), np.abs(b))
    return np.where(size == 0, 1, size)


def _nan_replaced(a: Any, b: Any) -> Any:
    error = np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))
    error[np.isnan(error)] = 0
    return error


RELATIVE_ERROR = Exercise(
    name="relative_error",
    points=2,
    prompt=r"""
Return $\dfrac{|a - b|}{\max(|a|, |b|)}$ element by element, and 0 where both are 0
(where only one of them is 0, the formula gives 1).

`a` and `b` are numbers, or arrays of one shape.
""",
    reference=gradcheck.relative_error,
    cases=lambda rng: [
        (number(rng, 1, 2), number(rng, 3, 4)),
        (rng.uniform(-2, 2, 4), rng.uniform(-2, 2, 4)),
        (rng.uniform(-2, -1, 3), rng.uniform(-2, -1, 3)),
        (np.array([0.0, *rng.uniform(1, 2, 2)]), np.array([0.0, *rng.uniform(1, 2, 2)])),
        (np.array([0.0, *rng.uniform(1, 2, 2)]), np.array([*rng.uniform(1, 2, 2), 0.0])),
        (0.0, 0.0),
        (1e-20 * rng.uniform(1, 2, 3), 1e-20 * rng.uniform(1, 2, 3)),
    ],
    mistakes=(
        Mistake(
            "absolute",
            lambda a, b: np.abs(np.subtract(a, b)),
            "This is the absolute error: it calls 1e-20 and 2e-20 equal.",
        ),
        Mistake(
            "divides-by-a",
            lambda a, b: np.abs(np.subtract(a, b)) / np.abs(a),
            "Dividing by |a| alone is infinite where a is 0, and changes when a and b swap.",
        ),
        Mistake(
            "divides-by-b",
            lambda a, b: np.abs(np.subtract(a, b)) / np.abs(b),
            "Dividing by |b| alone is infinite where b is 0, and changes when a and b swap.",
        ),
        Mistake(
            "signed",
            lambda a, b: np.subtract(a, b) / _size(a, b),
            "The numerator has no | |: where a < b this error is negative.",
        ),
        Mistake(
            "sign-below",
            lambda a, b: np.abs(np.subtract(a, b)) / np.maximum(a, b),
            "Below stand the **sizes** |a| and |b|: without them the error can be negative.",
        ),
        Mistake(
            "zero-by-zero",
            lambda a, b: np.abs(np.subtract(a, b)) / np.maximum(np.abs(a), np.abs(b)),
            "0 / 0 is nan; two zeros agree perfectly, so their error is 0.",
        ),
        Mistake(
            "sum-below",
            lambda a, b: np.abs(np.subtract(a, b)) / (np.abs(a) + np.abs(b)),
            "Below stands the larger of the two sizes, not their sum.",
        ),
        Mistake(
            "mean-below",
            lambda a, b: 2 * np.abs(np.subtract(a, b)) / (np.abs(a) + np.abs(b)),
            "Below stands the larger of the two sizes, not their mean.",
        ),
        Mistake(
            "builtin-max",
            lambda a, b: abs(a - b) / max(abs(a), abs(b)),
            "`max` compares whole arrays; `np.maximum` goes element by element.",
        ),
        Mistake(
            "scalar-if",
            lambda a, b: 0.0 if a == b == 0 else np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)),
            "`if` and `max` want one truth value, and an array has many. "
            "`np.where` and `np.maximum` go element by element.",
        ),
        Mistake(
            "arrays-only",
            _nan_replaced,
            "Right for arrays, but `a` and `b` may be numbers, which have no elements to pick or "
            "to loop over. `np.where` serves both.",
        ),
        Mistake(
            "np-max",
            lambda a, b: np.abs(np.subtract(a, b)) / np.max(np.abs(a), np.abs(b)),
            "If you wrote `np.max(…, …)`: its second argument is an axis. "
            "`np.maximum` compares two arrays.",
        ),
        Mistake(
            "epsilon",
            lambda a, b: np.abs(np.subtract(a, b)) / (np.maximum(np.abs(a), np.abs(b)) + 1e-8),
            "A number added below, or a floor under it, hides every error between smaller numbers.",
        ),
        Mistake(
            "epsilon-12",
            lambda a, b: np.abs(np.subtract(a, b)) / (_size(a, b) + 1e-12),
            "A number added below hides every error between numbers that are smaller still.",
        ),
    ),
    hints=(
        "`np.maximum` takes the larger of two arrays, element by element.",
        "Where both are 0 the numerator is 0 already; only the denominator needs mending.",
        "`np.where(size == 0, 1, size)` is a denominator that is never 0.",
    ),
)


SIGMOID_SECOND_GRAD = Exercise(
    name="sigmoid_second_grad",
    points=2,
    prompt=r"""
Return $\sigma''(x)$, the slope of the slope, for every element of `x`.

`x` is a number or an array of any shape, with $|x| \le 15$. You may call `act.sigmoid`.
""",
    reference=lambda x: act.sigmoid_grad(x) * (1 - 2 * act.sigmoid(x)),
    cases=_draw_inputs,
    mistakes=(
        Mistake(
            "missing-slope",
            lambda x: 1 - 2 * act.sigmoid(x),
            "The factor σ′(x) is missing: differentiate a − a² by the chain rule.",
        ),
        Mistake(
            "input-for-output",
            lambda x: act.sigmoid_grad(x) * (1 - 2 * np.asarray(x)),
            "In the bracket stands the output σ(x), not the input x.",
        ),
        Mistake(
            "value-for-slope",
            lambda x: act.sigmoid(x) * (1 - 2 * act.sigmoid(x)),
            "The inner derivative of a is σ′(x) = a(1 − a), not a.",
        ),
        Mistake(
            "one-sigma",
            lambda x: act.sigmoid_grad(x) * (1 - act.sigmoid(x)),
            "The derivative of a² is **2**a: the bracket is 1 − 2σ.",
        ),
        Mistake(
            "slope-twice",
            lambda x: act.sigmoid_grad(act.sigmoid_grad(x)),
            "This is σ′(σ′(x)): a function applied twice is not differentiated twice.",
        ),
        Mistake(
            "slope-in-bracket",
            lambda x: act.sigmoid_grad(x) * (1 - 2 * act.sigmoid_grad(x)),
            "In the bracket stands σ(x), not the slope: differentiate a − a² for a = σ(x).",
        ),
        Mistake(
            "precedence",
            lambda x: act.sigmoid_grad(x) * 1 - 2 * act.sigmoid(x),
            "1 − 2a needs parentheses: without them only the 1 is multiplied by the slope.",
        ),
        Mistake(
            "sign",
            lambda x: act.sigmoid_grad(x) * (2 * act.sigmoid(x) - 1),
            "The sign is wrong: left of 0 the slope still grows, so σ″ is positive there.",
        ),
    ),
    hints=(
        "σ′ = a − a² with a = σ(x). Differentiate once more, with the chain rule.",
        "d(a − a²) = (1 − 2a) · da, and da is σ′(x) = a(1 − a).",
    ),
)

EXERCISES = (
    STEEPEST_SLOPE,
    PROOF_ORDER,
    SIGMOID_GRAD,
    NUMERICAL_GRAD,
    RELATIVE_ERROR,
    SIGMOID_GRAD_FROM_OUTPUT,
    SIGMOID_SECOND_GRAD,
)
