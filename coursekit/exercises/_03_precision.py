"""Chapter 3: the sigmoid in floating point, its tails and its logarithm."""

import numpy as np

from coursekit import activations as act
from coursekit import losses
from coursekit.exercise import Exercise, Mistake
from coursekit.exercises.draw import number

SUBNORMAL = 5e-324  # the smallest positive float64: the last bit of a subnormal result


def _naive(x: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(np.negative(x))))


def _clipped(x: np.ndarray) -> np.ndarray:
    return _naive(np.clip(x, -500, 500))


def _silenced(x: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        return _naive(x)


def _both_branches(x: np.ndarray) -> np.ndarray:
    return np.where(np.greater_equal(x, 0), _naive(x), np.exp(x) / (1 + np.exp(x)))


def _slope_of_output(s: np.ndarray) -> np.ndarray:
    return np.asarray(s * (1 - s))


def _integer_buffer(x: np.ndarray) -> np.ndarray:
    x = np.asarray(x)
    return _filled(np.zeros_like(x), x)


def _float_buffer(x: np.ndarray) -> np.ndarray:
    return _filled(np.zeros_like(x, dtype=float), x)


def _filled(result: np.ndarray, x: np.ndarray) -> np.ndarray:
    right = x >= 0
    result[right] = 1 / (1 + np.exp(-x[right]))
    result[~right] = np.exp(x[~right]) / (1 + np.exp(x[~right]))
    return result


ONE_IN_FLOAT32 = Exercise(
    name="one_in_float32",
    points=1,
    prompt=r"""
In **float32**, from which `x` on is the formula `1 / (1 + exp(-x))` exactly 1?
Give `x` to within 0.05.
""",
    reference=float(-np.log(2.0**-24)),
    rtol=0.0,
    atol=0.05,
    mistakes=(
        Mistake(
            "rounded-once",
            17.33,
            "There 1 − e^(−x) becomes 1. Above 1 floats lie half as densely, and the sum "
            "1 + e^(−x) gets there earlier.",
        ),
        Mistake(
            "whole-gap",
            15.94,
            "There e^(−x) is ε, the whole gap; already half of it is rounded away.",
        ),
        Mistake("sign", -16.64, "The size is right, but it is at the right end: x is positive."),
        Mistake("other-end", 88.72, "That is where the formula becomes 0, on the left."),
        Mistake("float64", 36.74, "That is where float64 gets to 1; float32 has fewer digits."),
        Mistake("float16", 7.62, "That is where float16 gets to 1; float32 has more digits."),
        Mistake("log2", 24.0, "That solves 2^(−x) = 2^(−24); the formula has e^(−x)."),
        Mistake("log10", 7.22, "That solves 10^(−x) = 2^(−24); the formula has e^(−x)."),
    ),
    hints=(
        "The result is 1 once the sum `1 + exp(-x)` is 1. When is an addend too small to count?",
        "Half the gap between 1 and the next float32, 2^(−24), is still rounded away.",
        "Solve e^(−x) = 2^(−24).",
    ),
)

MAX_IN_FLOAT16 = Exercise(
    name="max_in_float16",
    points=1,
    prompt=r"""
What is the largest finite number in **float16**? (Its logarithm, about 11.09, is where `exp`
overflows there.) Answer with a number.
""",
    reference=65504.0,
    rtol=0.0,
    atol=0.0,
    mistakes=(
        Mistake("power-of-two", 65536.0, "2^16 is the first number that is too large."),
        Mistake(
            "shortened",
            65500.0,
            "NumPy prints a shortened value; `int(...)` or `float(...)` shows all of it.",
        ),
        Mistake("uint16", 65535.0, "That is the largest 16-bit integer; a float has an exponent."),
        Mistake("int16", 32767.0, "That is the largest signed 16-bit integer, not a float."),
        Mistake(
            "largest-power",
            32768.0,
            "2^15 is the largest power of two; the binary digits after the leading 1 are still 0.",
        ),
        Mistake("logarithm", 11.09, "That is its logarithm; the number itself is asked for."),
        Mistake("float32", 3.4028235e38, "That is the largest number in float32."),
    ),
    hints=(
        "`np.finfo` knows every floating-point format.",
        "The format keeps 10 binary digits after the leading 1, and its largest power is 2^15.",
        "(2 − 2^(−10)) · 2^15, or `float(np.finfo(np.float16).max)`.",
    ),
)

STABLE_SIGMOID = Exercise(
    name="stable_sigmoid",
    points=3,
    prompt=r"""
Return $\sigma(x)$ for **every** float64, without a RuntimeWarning.

`x` is a number or an array of any shape, with any finite value or ±inf. Results as small as
$\sigma(-740) \approx 4.2 \cdot 10^{-322}$ must not become 0. Integers count as floats.
""",
    reference=act.sigmoid,
    cases=lambda rng: [
        (number(rng, -3, 3),),
        (np.array([0.0, 1.0, -1.0]),),
        (rng.uniform(-36, -30, 4),),
        (rng.uniform(-700, -520, 4),),
        (rng.uniform(-740, -710, 4),),
        (rng.uniform(-1e4, -760, 3),),
        (rng.uniform(40, 1e4, 4),),
        (np.array([-np.inf, np.inf]),),
        (rng.integers(-30, 31, 6),),
        (rng.uniform(-30, 30, (2, 3)),),
    ],
    atol=SUBNORMAL,
    silent=True,
    mistakes=(
        Mistake(
            "naive",
            _naive,
            "`exp(-x)` overflows below x ≈ −709.8: it warns, and a tiny σ becomes 0.",
        ),
        Mistake(
            "clip",
            _clipped,
            "Clipping makes σ(−600) equal σ(−500): wrong by a factor of e^100.",
        ),
        Mistake(
            "clip-709",
            lambda x: _naive(np.clip(x, -709, 709)),
            "Clipping silences the overflow, but every σ below −709 now equals σ(−709).",
        ),
        Mistake(
            "clip-700",
            lambda x: _naive(np.clip(x, -700, 700)),
            "Clipping silences the overflow, but every σ below −700 now equals σ(−700).",
        ),
        Mistake(
            "silenced",
            _silenced,
            "No warning any more, but the fault is still there: σ(−720) is not 0, there are "
            "floats for it.",
        ),
        Mistake(
            "right-half",
            lambda x: 1 / (1 + np.exp(-np.abs(x))),
            "This is right for x ≥ 0 only; on the left the numerator is z, not 1.",
        ),
        Mistake(
            "left-half",
            lambda x: np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))),
            "This is right for x ≤ 0 only; on the right the numerator is 1, not z.",
        ),
        Mistake(
            "no-denominator",
            lambda x: np.where(np.greater_equal(x, 0), _naive(np.abs(x)), np.exp(-np.abs(x))),
            "On the left the denominator 1 + z is missing: at x = −1, z is no longer small.",
        ),
        Mistake(
            "one-minus",
            lambda x: np.where(np.less(x, 0), 1 - _naive(np.abs(x)), _naive(np.abs(x))),
            "1 − σ(−x) is right on paper, but on the left it subtracts two numbers near 1: below "
            "x ≈ −37 nothing is left.",
        ),
        Mistake(
            "scalar-if",
            lambda x: _naive(x) if x >= 0 else np.exp(x) / (1 + np.exp(x)),
            "`if`, `min` and `max` want one truth value, and an array has many; `np.where` chooses "
            "element by element.",
        ),
        Mistake(
            "exp-ratio",
            lambda x: np.exp(x) / (1 + np.exp(x)),
            "`exp(x)` overflows on the right, and inf / inf is nan.",
        ),
        Mistake(
            "both-branches",
            _both_branches,
            "`np.where` computes both branches everywhere, so the one that overflows still warns.",
        ),
        Mistake(
            "integer-buffer",
            _integer_buffer,
            "The result has the integers' type of `x` (so do `zeros_like` and `np.piecewise`), "
            "and every σ is cut to 0.",
        ),
        Mistake(
            "arrays-only",
            _float_buffer,
            "Right for arrays, but `x` may be a number, which has no elements to pick. "
            "Begin with `x = np.asarray(x, dtype=float)`.",
        ),
        Mistake(
            "tanh",
            lambda x: (1 + np.tanh(np.divide(x, 2))) / 2,
            "On the left tanh is −1 to all digits, and 1 + tanh loses everything: "
            "below x ≈ −38 this is 0.",
        ),
    ),
    hints=(
        "Which of exp(x) and exp(−x) is small when x is negative?",
        "`z = np.exp(-np.abs(x))` never exceeds 1, so it can't overflow.",
        "σ(x) is 1/(1 + z) where x ≥ 0, and z/(1 + z) elsewhere.",
    ),
)

STABLE_SIGMOID_GRAD = Exercise(
    name="stable_sigmoid_grad",
    points=2,
    prompt=r"""
Return $\sigma'(x)$ with nine correct digits in **both** tails.

`x` is a number or an array of any shape, with $|x| \le 700$.
""",
    reference=act.sigmoid_grad,
    cases=lambda rng: [
        (number(rng, 0.5, 3),),
        (number(rng, -3, -0.5),),
        (rng.uniform(-700, -520, 4),),
        (rng.uniform(38, 350, 4),),
        (rng.uniform(520, 700, 4),),
        (rng.uniform(-350, -38, (2, 2)),),
        (rng.integers(-9, 10, 4),),
    ],
    atol=0.0,
    mistakes=(
        Mistake(
            "textbook",
            lambda x: act.sigmoid(x) * (1 - act.sigmoid(x)),
            "`1 - s` cancels on the right: beyond x ≈ 37 nothing is left of the slope.",
        ),
        Mistake(
            "clip",
            lambda x: _clipped(x) * (1 - _clipped(x)),
            "Clipping freezes the left tail at x = −500, and `1 - s` is 0 on the right.",
        ),
        Mistake(
            "square-overflows",
            lambda x: np.exp(np.negative(x)) / (1 + np.exp(np.negative(x))) ** 2,
            "Right for x > 0, but below x ≈ −355 a square leaves the range of floats.",
        ),
        Mistake(
            "other-square-overflows",
            lambda x: np.exp(x) / (1 + np.exp(x)) ** 2,
            "Right for x < 0, but above x ≈ 355 a square leaves the range of floats.",
        ),
        Mistake(
            "wrong-tail",
            lambda x: _slope_of_output(_naive(np.abs(x))),
            "In both tails a number near 1 is subtracted from 1, which leaves 0. "
            "Where s itself is small, nothing cancels.",
        ),
        Mistake(
            "missing-square",
            lambda x: np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))),
            "The denominator lacks its square.",
        ),
        Mistake(
            "square-inside",
            lambda x: np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x)) ** 2),
            "Only the z is squared. The square is of the whole bracket (1 + z).",
        ),
    ),
    hints=(
        "σ′ is an even function: the left tail and the right one are the same.",
        "With `z = np.exp(-np.abs(x))` you only ever need the tail that is accurate.",
        "z / (1 + z)²",
    ),
)

LOG_SIGMOID = Exercise(
    name="log_sigmoid",
    points=2,
    prompt=r"""
Return $\log \sigma(x)$ (natural logarithm) for every float64, with nine correct digits and
without a RuntimeWarning.

`x` is a number or an array of any shape, with any finite value or ±inf.
""",
    reference=act.log_sigmoid,
    cases=lambda rng: [
        (number(rng, -3, 3),),
        (rng.uniform(-5, 5, (2, 3)),),
        (rng.uniform(-1e4, -760, 4),),
        (rng.uniform(-700, -40, 4),),
        (rng.uniform(40, 700, 4),),
        (rng.uniform(15, 36, 3),),
        (np.array([-np.inf, np.inf]),),
        (rng.integers(-30, 31, 4),),
    ],
    atol=0.0,
    silent=True,
    mistakes=(
        Mistake(
            "log-of-sum",
            lambda x: -np.log(1 + np.exp(np.negative(x))),
            "On the left `exp(-x)` overflows, and on the right `1 + exp(-x)` is just 1.",
        ),
        Mistake(
            "log-not-log1p",
            lambda x: np.minimum(x, 0) - np.log(1 + np.exp(-np.abs(x))),
            "Almost: `1 + z` drops the digits of a tiny z; `np.log1p(z)` keeps them.",
        ),
        Mistake(
            "log-of-sigmoid",
            lambda x: np.log(act.sigmoid(x)),
            "σ(x) is 0 below x ≈ −745 and 1 above 37, and its logarithm −inf or 0. "
            "Take the logarithm on paper.",
        ),
        Mistake(
            "epsilon",
            lambda x: np.log(act.sigmoid(x) + 1e-8),
            "The 1e-8 stops the warning and spoils the value: nothing below −18.4 comes out.",
        ),
        Mistake(
            "sign",
            lambda x: act.softplus(np.negative(x)),
            "The logarithm of a number below 1 is negative: log σ(x) = **−**softplus(−x).",
        ),
        Mistake(
            "overflow",
            lambda x: -np.log1p(np.exp(np.negative(x))),
            "Right on paper, but `exp(-x)` overflows below x ≈ −709.8.",
        ),
        Mistake(
            "left-form",
            lambda x: x - np.log1p(np.exp(x)),
            "This form is for x < 0. On the right it subtracts what is nearly equal, and above "
            "x ≈ 709.8 `exp(x)` overflows.",
        ),
        Mistake(
            "both-branches",
            lambda x: np.where(np.less(x, -30), x, -np.log1p(np.exp(np.negative(x)))),
            "The values are right, but `np.where` computes both branches everywhere, and the "
            "unused one overflows.",
        ),
        Mistake(
            "scalar-if",
            lambda x: -np.log1p(np.exp(-x)) if x > 0 else x - np.log1p(np.exp(x)),
            "`if`, `min` and `max` want one truth value, and an array has many; `np.where` and "
            "`np.minimum` go element by element.",
        ),
        Mistake(
            "no-min",
            lambda x: -np.log1p(np.exp(-np.abs(x))),
            "This is right for x ≥ 0 only; for x < 0 the x that was pulled out is missing.",
        ),
        Mistake(
            "mirrored",
            lambda x: -act.softplus(x),
            "This is log σ(−x) = −softplus(x): the sign of the argument is turned.",
        ),
    ),
    hints=(
        "log σ(x) = −log(1 + e^(−x)). For which x does it overflow, and what is it there?",
        "For x < 0, pull e^(−x) out: log(1 + e^(−x)) = −x + log(1 + e^x).",
        "`np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))`",
    ),
)

SOFTPLUS = Exercise(
    name="softplus",
    points=2,
    prompt=r"""
Return $\operatorname{softplus}(x) = \log(1 + e^x)$ for every float64, with nine correct digits and
without a RuntimeWarning.

`x` is a number or an array of any shape, with any finite value or ±inf.
""",
    reference=act.softplus,
    cases=lambda rng: [
        (number(rng, -3, 3),),
        (rng.uniform(-5, 5, (2, 3)),),
        (rng.uniform(-700, -40, 4),),
        (rng.uniform(-1e4, -760, 4),),
        (rng.uniform(-36, -15, 3),),
        (rng.uniform(40, 700, 4),),
        (rng.uniform(760, 1e4, 4),),
        (np.array([-np.inf, np.inf]),),
        (rng.integers(-30, 31, 4),),
    ],
    atol=0.0,
    silent=True,
    mistakes=(
        Mistake(
            "log-of-sum",
            lambda x: np.log(1 + np.exp(x)),
            "`exp(x)` overflows on the right, and on the left `1 + exp(x)` is just 1.",
        ),
        Mistake(
            "log-not-log1p",
            lambda x: np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x))),
            "Almost: `1 + z` drops the digits of a tiny z; `np.log1p(z)` keeps them.",
        ),
        Mistake(
            "log-sigmoid",
            lambda x: act.log_sigmoid(np.negative(x)),
            "This is log σ(−x); softplus(x) is its negative.",
        ),
        Mistake(
            "overflow",
            lambda x: np.log1p(np.exp(x)),
            "`log1p` saves the left tail, but `exp(x)` still overflows above x ≈ 709.8.",
        ),
        Mistake(
            "relu",
            lambda x: np.maximum(np.asarray(x, dtype=float), 0),
            "max(x, 0) is what softplus approaches; near 0 they differ by up to log 2.",
        ),
        Mistake(
            "right-form",
            lambda x: x + np.log1p(np.exp(np.negative(x))),
            "This form is for x > 0. On the left it subtracts what is nearly equal, and below "
            "x ≈ −709.8 `exp(-x)` overflows.",
        ),
        Mistake(
            "both-branches",
            lambda x: np.where(np.greater(x, 30), x, np.log1p(np.exp(x))),
            "The values are right, but `np.where` computes both branches everywhere, and the "
            "unused one overflows.",
        ),
        Mistake(
            "scalar-if",
            lambda x: np.log1p(np.exp(x)) if x < 0 else x + np.log1p(np.exp(-x)),
            "`if`, `min` and `max` want one truth value, and an array has many; `np.where` and "
            "`np.maximum` go element by element.",
        ),
        Mistake(
            "no-max",
            lambda x: np.log1p(np.exp(-np.abs(x))),
            "This is right for x ≤ 0 only; for x > 0 the x that was pulled out is missing.",
        ),
        Mistake(
            "mirrored",
            lambda x: -act.log_sigmoid(x),
            "This is softplus(−x) = −log σ(x): the sign of the argument is turned.",
        ),
    ),
    hints=(
        "For large x the answer is nearly x. What is the rest?",
        "For x > 0, pull e^x out: log(1 + e^x) = x + log(1 + e^(−x)).",
        "`np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))`",
    ),
)


def _clipped_loss(z: np.ndarray, y: np.ndarray, margin: float = 1e-7) -> float:
    p = np.clip(act.sigmoid(z), margin, 1 - margin)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def _log_of_sigmoid(z: np.ndarray, y: np.ndarray) -> float:
    p = act.sigmoid(z)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def _with_epsilon(z: np.ndarray, y: np.ndarray, small: float = 1e-12) -> float:
    p = act.sigmoid(z)
    return float(-np.mean(y * np.log(p + small) + (1 - y) * np.log(1 - p + small)))


def _draw_scores(
    rng: np.random.Generator, low: float, high: float
) -> tuple[np.ndarray, np.ndarray]:
    """Scores of size low to high: both signs with both labels."""
    signs, labels = np.array([1.0, -1.0, 1.0, -1.0]), np.array([1.0, 1.0, 0.0, 0.0])
    return signs * rng.uniform(low, high, 4), labels


BCE_WITH_LOGITS = Exercise(
    name="bce_with_logits",
    points=3,
    prompt=r"""
Return the mean binary cross-entropy of the scores `z` (before the sigmoid) against the labels `y`:

$$\frac1n \sum_i \Bigl[-y_i \log \sigma(z_i) - (1 - y_i) \log\bigl(1 - \sigma(z_i)\bigr)\Bigr]$$

`z` and `y` have shape (n,); labels are 0.0 or 1.0; scores may be as large as ±1000. The result is
one number.
""",
    reference=losses.bce_with_logits,
    cases=lambda rng: [
        _draw_scores(rng, 0.5, 4),
        _draw_scores(rng, 28, 36),
        _draw_scores(rng, 760, 1000),
    ],
    mistakes=(
        Mistake(
            "clip",
            _clipped_loss,
            "Clipping p at 1e-7 caps the loss of one sample at 16.1, however wrong and sure it is.",
        ),
        Mistake(
            "epsilon",
            _with_epsilon,
            "A small number inside the logarithm caps the loss of one sample at 27.6.",
        ),
        Mistake(
            "epsilon-8",
            lambda z, y: _with_epsilon(z, y, 1e-8),
            "A small number inside the logarithm caps the loss of one sample at 18.4.",
        ),
        Mistake(
            "clip-15",
            lambda z, y: _clipped_loss(z, y, 1e-15),
            "Clipping p at 1e-15 caps the loss of one sample at 34.5, however wrong it is.",
        ),
        Mistake(
            "np-max",
            lambda z, y: float(np.mean(np.max(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))),
            "`np.max(z, 0)` is one number, the largest of all; `np.maximum(z, 0)` goes element by "
            "element.",
        ),
        Mistake(
            "no-abs",
            lambda z, y: float(np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-z)))),
            "The exponent lacks its | |: for negative scores the rest is log(1 + e^z).",
        ),
        Mistake(
            "label-sign",
            lambda z, y: float(np.mean(act.softplus(z) + z * y)),
            "The sign of z·y is wrong: label 1 with a high score should cost little.",
        ),
        Mistake(
            "one-label-only",
            lambda z, y: float(np.mean(y * act.softplus(-z))),
            "Only the samples with label 1 cost anything here; the term of label 0 is missing.",
        ),
        Mistake(
            "overflow",
            lambda z, y: float(np.mean(np.log1p(np.exp(z)) - z * y)),
            "Right on paper, but `exp` of a score near 1000 overflows. Which sign is safe?",
        ),
        Mistake(
            "swapped-labels",
            lambda z, y: losses.bce_with_logits(z, 1 - y),
            "The two cases are swapped: label 1 costs −log σ(z).",
        ),
        Mistake(
            "no-mean",
            lambda z, y: act.softplus(z) - z * y,
            "These are the losses of the samples; the result is their mean, one number.",
        ),
        Mistake(
            "sigmoid-twice",
            lambda z, y: losses.bce_with_logits(act.sigmoid(z), y),
            "σ is applied twice: the formula takes the scores z as they are.",
        ),
        Mistake(
            "sum",
            lambda z, y: losses.bce_with_logits(z, y) * len(z),
            "This is the sum over the samples; the loss is their mean.",
        ),
        Mistake(
            "log-of-sigmoid",
            _log_of_sigmoid,
            "1 − σ(z) has lost its digits for z = 30 and is 0 for 1000, where log gives −inf. "
            "Take the logarithm on paper.",
        ),
        Mistake(
            "sign",
            lambda z, y: -losses.bce_with_logits(z, y),
            "The minus sign is missing: a loss of a wrong answer is positive.",
        ),
    ),
    hints=(
        "−log σ(z) = softplus(−z), and −log(1 − σ(z)) = softplus(z).",
        "Both cases in one: max(z, 0) − z·y + log(1 + e^(−|z|)).",
        "`np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))`",
    ),
)

EXERCISES = (
    ONE_IN_FLOAT32,
    MAX_IN_FLOAT16,
    STABLE_SIGMOID,
    STABLE_SIGMOID_GRAD,
    LOG_SIGMOID,
    SOFTPLUS,
    BCE_WITH_LOGITS,
)
