"""Chapter 8: how large weights should start, and layers that choose their own scale."""

from typing import Any

import numpy as np

from coursekit import network
from coursekit.exercise import Exercise, Mistake
from coursekit.exercises.draw import number


def _sizes(rng: np.random.Generator, count: int) -> list[tuple[Any, ...]]:
    """Different sizes of layers, 10 or more, in calls with `count` of them."""
    return [tuple(int(n) for n in 10 + rng.choice(600, count, replace=False)) for _ in range(5)]


def _batchnorm(
    x: Any, gamma: Any, beta: Any, eps: float = 1e-5, *, axis: int | None = 0, ddof: int = 0
) -> tuple[Any, Any, Any]:
    mean, var = x.mean(axis=axis), x.var(axis=axis, ddof=ddof)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta, mean, var


def _along_rows(x: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> tuple[Any, Any, Any]:
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta, mean, var


def _eps_outside(x: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> tuple[Any, Any, Any]:
    mean, var = x.mean(axis=0), x.var(axis=0)
    return gamma * (x - mean) / (np.sqrt(var) + eps) + beta, mean, var


def _no_scale_and_shift(x: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> tuple[Any, Any, Any]:
    mean, var = x.mean(axis=0), x.var(axis=0)
    return (x - mean) / np.sqrt(var + eps), mean, var


def _eps_kept(x: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> tuple[Any, Any, Any]:
    out, mean, var = _batchnorm(x, gamma, beta, eps)
    return out, mean, var + eps


def _no_shift(x: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> tuple[Any, Any, Any]:
    out, mean, var = _batchnorm(x, gamma, beta, eps)
    return out - beta, mean, var


def _no_scale(x: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> tuple[Any, Any, Any]:
    mean, var = x.mean(axis=0), x.var(axis=0)
    return (x - mean) / np.sqrt(var + eps) + beta, mean, var


def _no_eps(x: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> tuple[Any, Any, Any]:
    return _batchnorm(x, gamma, beta, 0.0)


def _undone(x: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> tuple[Any, Any, Any]:
    mean, var = x.mean(axis=0), x.var(axis=0)
    x_hat = gamma * (x - mean) / np.sqrt(var + eps) + beta
    return x_hat * np.sqrt(var + eps) + mean, mean, var


def _no_root(x: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> tuple[Any, Any, Any]:
    mean, var = x.mean(axis=0), x.var(axis=0)
    return gamma * (x - mean) / (var + eps) + beta, mean, var


def _std_returned(x: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> tuple[Any, Any, Any]:
    out, mean, var = _batchnorm(x, gamma, beta, eps)
    return out, mean, np.sqrt(var)


def _ddof_returned(x: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> tuple[Any, Any, Any]:
    out, mean, _ = _batchnorm(x, gamma, beta, eps)
    return out, mean, x.var(axis=0, ddof=1)


def _shift_scaled(x: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> tuple[Any, Any, Any]:
    out, mean, var = _batchnorm(x, gamma, beta, eps)
    return out - beta + gamma * beta, mean, var


def _readable(rng: np.random.Generator, *shape: int) -> Any:
    return np.round(rng.uniform(-3, 3, shape), 1)


def _scale_and_shift(rng: np.random.Generator, d: int) -> tuple[Any, Any]:
    return np.round(rng.uniform(1.5, 3, d), 1), np.round(rng.uniform(0.5, 2, d), 1)


def _draw_batches(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    constant = rng.normal(size=(6, 3))
    constant[:, 1] = 2.0
    return [
        (_readable(rng, 3, 2), *_scale_and_shift(rng, 2)),
        (_readable(rng, 3, 3), *_scale_and_shift(rng, 3)),
        (rng.normal(5, 10, (8, 4)), *_scale_and_shift(rng, 4)),
        (constant, *_scale_and_shift(rng, 3)),
        (rng.normal(size=(5, 2)), *_scale_and_shift(rng, 2), 0.1),
    ]


def _draw_statistics(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    def case(n: int, d: int) -> tuple[Any, ...]:
        mean, var = _readable(rng, d), np.round(rng.uniform(2, 5, d), 1)
        return (_readable(rng, n, d), *_scale_and_shift(rng, d), mean, var)

    def narrow(x: Any, gamma: Any, beta: Any, mean: Any, var: Any) -> tuple[Any, ...]:
        return x, gamma, beta, mean, var / 1000

    return [case(1, 2), case(4, 3), case(7, 1), (*case(3, 3), 0.1), narrow(*case(2, 3))]


def _in_place(running: Any, batch: Any, momentum: float = 0.1) -> Any:
    running *= 1 - momentum
    running += momentum * batch
    return running


XAVIER_LIMIT = Exercise(
    name="xavier_limit",
    points=1,
    prompt=r"""
Return the limit $r$ for which uniform weights $U(-r, r)$ have Xavier's variance,
$\dfrac{2}{n_\mathrm{in} + n_\mathrm{out}}$.

`n_in` and `n_out` are whole numbers, 1 or more; the result is a number.
""",
    reference=lambda n_in, n_out: (6 / (n_in + n_out)) ** 0.5,
    cases=lambda rng: _sizes(rng, 2),
    mistakes=(
        Mistake(
            "std-for-limit",
            lambda n_in, n_out: (2 / (n_in + n_out)) ** 0.5,
            "That is the standard deviation. U(−r, r) has the variance r²/3, so r is √3 times it.",
        ),
        Mistake(
            "lecun",
            lambda n_in, n_out: (1 / n_in) ** 0.5,
            "√(1/n_in) keeps the signal forwards only and ignores `n_out`.",
        ),
        Mistake(
            "he",
            lambda n_in, n_out: (2 / n_in) ** 0.5,
            "√(2/n_in) is He's standard deviation, for ReLU; here both sizes count.",
        ),
        Mistake(
            "root-of-six-only",
            lambda n_in, n_out: 6**0.5 / (n_in + n_out),
            "The root goes over the whole fraction, not over the 6 alone.",
        ),
        Mistake(
            "mean-forgotten",
            lambda n_in, n_out: (3 / (n_in + n_out)) ** 0.5,
            "This starts from the variance 1/(n_in + n_out); Xavier's is twice that.",
        ),
        Mistake(
            "squared",
            lambda n_in, n_out: 6 / (n_in + n_out),
            "This is r². Take the root.",
        ),
        Mistake(
            "variance",
            lambda n_in, n_out: 2 / (n_in + n_out),
            "This is the variance. U(−r, r) has the variance r²/3: solve for r.",
        ),
        Mistake(
            "half-width",
            lambda n_in, n_out: (24 / (n_in + n_out)) ** 0.5,
            "This is the whole width, 2r: the b − a of (b − a)²/12. The limit is half of it.",
        ),
        Mistake(
            "n-out-ignored",
            lambda n_in, n_out: (6 / n_in) ** 0.5,
            "Only `n_in` is in it; Xavier's rule takes both sizes, `n_in + n_out`.",
        ),
        Mistake(
            "no-parentheses",
            lambda n_in, n_out: (6 / n_in + n_out) ** 0.5,
            "`6 / n_in + n_out` divides by `n_in` alone: the sum needs parentheses.",
        ),
        Mistake(
            "inverse",
            lambda n_in, n_out: (2 / 3 / (n_in + n_out)) ** 0.5,
            "√3 is on the wrong side: r²/3 is the variance, so r² is three times the variance.",
        ),
    ),
    hints=(
        "What is the variance of a uniform variable on (−r, r)?",
        "It is r²/3. Set r²/3 = 2/(n_in + n_out) and solve for r.",
        "r² = 6/(n_in + n_out)",
    ),
)

HE_STD = Exercise(
    name="he_std",
    points=1,
    prompt=r"""
Return the **standard deviation** of weights that keeps the mean square of a signal, on its way
forwards, through layers of ReLU units.

`n_in`, the number of inputs of a unit, is a whole number, 1 or more; the result is a number.
""",
    reference=lambda n_in: (2 / n_in) ** 0.5,
    cases=lambda rng: _sizes(rng, 1),
    mistakes=(
        Mistake(
            "no-relu",
            lambda n_in: (1 / n_in) ** 0.5,
            "1/n_in keeps what a linear layer sees; a ReLU drops half of the mean square.",
        ),
        Mistake(
            "variance",
            lambda n_in: 2 / n_in,
            "This is the variance; the standard deviation is its root.",
        ),
        Mistake(
            "limit",
            lambda n_in: (6 / n_in) ** 0.5,
            "That is the limit of a **uniform** distribution of the right standard deviation.",
        ),
        Mistake(
            "root-of-two-only",
            lambda n_in: 2**0.5 / n_in,
            "The root goes over the whole fraction, not over the 2 alone.",
        ),
        Mistake(
            "halved",
            lambda n_in: (1 / (2 * n_in)) ** 0.5,
            "ReLU halves the mean square; the weights have to make up for it, not halve it again.",
        ),
        Mistake(
            "root-of-n-only",
            lambda n_in: 2 / n_in**0.5,
            "The root goes over the whole fraction, over the 2 as well.",
        ),
        Mistake(
            "power-1",
            lambda n_in: (2 / n_in) ** 1 / 2,
            "This is 1/n_in. `** 1 / 2` would give that, the power 1, halved: an exponent of 1/2 "
            "needs parentheses.",
        ),
    ),
    hints=(
        "A ReLU keeps half of the mean square. Which variance of W brings it back?",
        "n_in · var(W) · 1/2 = 1. Solve for var(W), and take the root.",
    ),
)

_DEFAULT_TOO = "That undoes the default's √3 as well, which Xavier's rule has mended already."

SIGMOID_GAIN = Exercise(
    name="sigmoid_gain",
    points=1,
    prompt=r"""
Xavier's rule is made for a unit whose slope at 0 is 1. By which factor do you multiply the
**standard deviation** of the weights to undo the slope of σ at 0? Answer with a number.
""",
    reference=4.0,
    mistakes=(
        Mistake(
            "as-for-linear",
            1.0,
            "1 is for a slope of 1, such as tanh's, though a popular framework returns it for "
            "the sigmoid too.",
        ),
        Mistake("variance", 16.0, "16 is the factor on the **variance**, 4²."),
        Mistake("slope-itself", 0.25, "That is the slope. To undo a slope, divide by it."),
        Mistake("height", 2.0, "That would undo a slope of 1/2, which is σ's height at 0."),
        Mistake("default-too", 4 * 3**0.5, _DEFAULT_TOO),
        Mistake("default-too-rounded", 6.9, _DEFAULT_TOO),
        Mistake("default-too-whole", 7.0, _DEFAULT_TOO),
    ),
    hints=(
        "Near 0, σ(z) ≈ 1/2 + z/4. What does that do to the spread of z?",
        "The spread of a is a quarter of that of z. Larger weights make z larger.",
    ),
)

BATCHNORM_TRAIN = Exercise(
    name="batchnorm_train",
    points=3,
    prompt=r"""
Normalise each **column** of `x` by its own mean and variance over the batch, then scale and shift:
$\gamma \cdot \dfrac{x - \mathrm{mean}}{\sqrt{\mathrm{var} + \mathrm{eps}}} + \beta$.

`x` is a float array (n, d) with n ≥ 2, one sample a row; `gamma` and `beta` are (d,).
Return three arrays: the result (n, d), `mean` (d,) and `var` (d,). The variance divides by n
and is returned without `eps`.
""",
    reference=lambda x, gamma, beta, eps=1e-5: _batchnorm(x, gamma, beta, eps),
    cases=_draw_batches,
    mistakes=(
        Mistake(
            "axis-1",
            lambda x, gamma, beta, eps=1e-5: _batchnorm(x, gamma, beta, eps, axis=1),
            "`axis=1` runs along a row, over the units of one sample. A column is `axis=0`.",
        ),
        Mistake(
            "rows",
            _along_rows,
            "Each **row** is normalised here (that is layer normalisation). Use `axis=0`.",
        ),
        Mistake(
            "no-axis",
            lambda x, gamma, beta, eps=1e-5: _batchnorm(x, gamma, beta, eps, axis=None),
            "Without an axis there is one mean for all units; each column needs its own.",
        ),
        Mistake(
            "eps-outside",
            _eps_outside,
            "`eps` is added to the variance, under the root, not to the root.",
        ),
        Mistake(
            "ddof-1",
            lambda x, gamma, beta, eps=1e-5: _batchnorm(x, gamma, beta, eps, ddof=1),
            "This variance divides by n − 1; batch normalisation divides by n, as `x.var` does.",
        ),
        Mistake(
            "no-scale-and-shift",
            _no_scale_and_shift,
            "γ and β are missing: the unit could never be anything but standardised.",
        ),
        Mistake(
            "no-shift",
            _no_shift,
            "β is missing: it is added after the scaling by γ.",
        ),
        Mistake(
            "no-scale",
            _no_scale,
            "γ is missing: the normalised value is multiplied by it before β is added.",
        ),
        Mistake(
            "eps-left-out",
            _no_eps,
            "`eps` is missing under the root; without it a constant column gives 0 / 0.",
        ),
        Mistake("eps-kept", _eps_kept, "The returned variance must not contain `eps`."),
        Mistake(
            "undone",
            _undone,
            "The last step must not multiply the batch's spread back in: scale by γ, shift by β.",
        ),
        Mistake(
            "no-root",
            _no_root,
            "Divide by the **root** of var + eps; the variance itself is too much.",
        ),
        Mistake(
            "std-returned",
            _std_returned,
            "The first two are right; the third is the standard deviation, and `var` is wanted.",
        ),
        Mistake(
            "ddof-1-returned",
            _ddof_returned,
            "The result is right; the returned variance divides by n − 1. Return the one that was "
            "used.",
        ),
        Mistake(
            "eps-fixed",
            lambda x, gamma, beta, eps=1e-5: _batchnorm(x, gamma, beta),
            "`eps` is fixed at 1e-5; use the one that is passed.",
        ),
        Mistake(
            "shift-scaled",
            _shift_scaled,
            "γ multiplies β here, too: it scales the normalised value alone, and β is added last.",
        ),
        Mistake(
            "swapped",
            lambda x, gamma, beta, eps=1e-5: _batchnorm(x, beta, gamma, eps),
            "γ and β have changed places: γ multiplies, β is added.",
        ),
    ),
    hints=(
        "`x.mean(axis=0)` is the mean of each column, and has shape (d,).",
        "`x_hat = (x - mean) / np.sqrt(var + eps)`; NumPy repeats (d,) for every row.",
        "Then γ times x_hat plus β; return it with mean and var, in this order.",
    ),
)

BATCHNORM_EVAL = Exercise(
    name="batchnorm_eval",
    points=2,
    prompt=r"""
Normalise `x` by **given** statistics, then scale and shift:
$\gamma \cdot \dfrac{x - \mathrm{mean}}{\sqrt{\mathrm{var} + \mathrm{eps}}} + \beta$.

`x` is (n, d) with n ≥ 1; `gamma`, `beta`, `mean` and `var` are (d,), with var > 0. Return one
array (n, d).
""",
    reference=network.normalize,
    cases=_draw_statistics,
    mistakes=(
        Mistake(
            "batch-statistics",
            lambda x, gamma, beta, mean, var, eps=1e-5: _batchnorm(x, gamma, beta, eps)[0],
            "This normalises by the batch at hand, so the answer for a sample depends on its "
            "neighbours. Use `mean` and `var`.",
        ),
        Mistake(
            "no-root",
            lambda x, gamma, beta, mean, var, eps=1e-5: gamma * (x - mean) / (var + eps) + beta,
            "Divide by the root of the variance, the standard deviation.",
        ),
        Mistake(
            "eps-outside",
            lambda x, gamma, beta, mean, var, eps=1e-5: (
                gamma * (x - mean) / (np.sqrt(var) + eps) + beta
            ),
            "`eps` is added to the variance, under the root, not to the root.",
        ),
        Mistake(
            "no-scale-and-shift",
            lambda x, gamma, beta, mean, var, eps=1e-5: (x - mean) / np.sqrt(var + eps),
            "γ and β were learned for this moment; without them it is another function.",
        ),
        Mistake(
            "eps-ignored",
            lambda x, gamma, beta, mean, var, eps=1e-5: gamma * (x - mean) / np.sqrt(var) + beta,
            "`eps` is missing: training divided by √(var + eps), so this must too.",
        ),
        Mistake(
            "eps-fixed",
            lambda x, gamma, beta, mean, var, eps=1e-5: network.normalize(
                x, gamma, beta, mean, var
            ),
            "`eps` is fixed at 1e-5; use the one that is passed.",
        ),
        Mistake(
            "no-shift",
            lambda x, gamma, beta, mean, var, eps=1e-5: gamma * (x - mean) / np.sqrt(var + eps),
            "β is missing: it is added after the scaling by γ.",
        ),
        Mistake(
            "no-scale",
            lambda x, gamma, beta, mean, var, eps=1e-5: (x - mean) / np.sqrt(var + eps) + beta,
            "γ is missing: the normalised value is multiplied by it before β is added.",
        ),
        Mistake(
            "mean-kept",
            lambda x, gamma, beta, mean, var, eps=1e-5: gamma * x / np.sqrt(var + eps) + beta,
            "`mean` is missing: subtract it before you divide.",
        ),
        Mistake(
            "no-parentheses",
            lambda x, gamma, beta, mean, var, eps=1e-5: (
                gamma * x - mean / np.sqrt(var + eps) + beta
            ),
            "`gamma * x - mean / …` scales x alone and divides the mean alone: `x - mean` needs "
            "parentheses.",
        ),
        Mistake(
            "shift-scaled",
            lambda x, gamma, beta, mean, var, eps=1e-5: (
                gamma * ((x - mean) / np.sqrt(var + eps) + beta)
            ),
            "γ multiplies β here, too: it scales the normalised value alone, and β is added last.",
        ),
    ),
    hints=(
        "Nothing is computed from `x` this time: no mean, no variance.",
        "The formula in the prompt is one line of NumPy.",
    ),
)

RUNNING_UPDATE = Exercise(
    name="running_update",
    points=1,
    prompt=r"""
Return the new running average
$(1 - m) \cdot \mathrm{running} + m \cdot \mathrm{batch}$, with $m$ = `momentum`.

`running` and `batch` are both numbers, or both float arrays of one shape; 0 < `momentum` < 1. Don't
change `running`. (Some frameworks give *momentum* to the old value instead: 0.9 there is 0.1 here.)
""",
    reference=lambda running, batch, momentum=0.1: (1 - momentum) * running + momentum * batch,
    cases=lambda rng: [
        (number(rng, 1, 2), number(rng, 3, 9)),
        (_readable(rng, 3), _readable(rng, 3) + 5),
        (_readable(rng, 4), _readable(rng, 4) + 5, 0.25),
        (number(rng, 1, 2), number(rng, 3, 9), 0.01),
    ],
    mistakes=(
        Mistake(
            "swapped",
            lambda running, batch, momentum=0.1: momentum * running + (1 - momentum) * batch,
            "The roles are swapped: here `momentum` is the share of the **new** batch.",
        ),
        Mistake(
            "no-decay",
            lambda running, batch, momentum=0.1: running + momentum * batch,
            "The old value is multiplied by 1 − m; without that the average grows without end.",
        ),
        Mistake(
            "momentum-ignored",
            lambda running, batch, momentum=0.1: 0.9 * running + 0.1 * batch,
            "The share is fixed at 0.1; use the `momentum` that is passed.",
        ),
        Mistake(
            "in-place",
            _in_place,
            "The values are right, but `running` itself has changed: make a new array.",
        ),
        Mistake(
            "plain-mean",
            lambda running, batch, momentum=0.1: (running + batch) / 2,
            "This weighs the last batch as much as all earlier ones together; use the momentum.",
        ),
        Mistake(
            "batch-unscaled",
            lambda running, batch, momentum=0.1: (1 - momentum) * running + batch,
            "The new batch counts in full; its share is m, so that the two shares add up to 1.",
        ),
        Mistake(
            "other-way",
            lambda running, batch, momentum=0.1: running - momentum * (batch - running),
            "This moves away from the batch's value: the sign of the step is turned.",
        ),
    ),
    hints=(
        "A weighted mean of old and new; the two weights add up to 1.",
        "Which of the two gets the weight `momentum`? The prompt's formula says: the batch.",
    ),
)

NEGATIVE_VARIANCE = Exercise(
    name="negative_variance",
    points=1,
    prompt="""
A tutorial shows batch normalisation with `moving_var = np.random.randn(1)` and a small `eps`. About
half of the time the result is nan. Why? Answer with a letter, as a string.
""",
    reference="B",
    options={
        "A": "`eps` is too small: the division by √var overflows",
        "B": "the drawn 'variance' is often negative, and its root is not a real number",
        "C": "one number can't normalise many columns",
        "D": "the data have to be standardised before",
    },
    mistakes=(
        Mistake(
            "A",
            "A",
            "A tiny variance gives a large result, not nan; and tiny draws are rare, not half.",
        ),
        Mistake(
            "C", "C", "NumPy repeats one number for all columns: a poor variance, but never nan."
        ),
        Mistake(
            "D", "D", "Batch normalisation takes data of any scale; nan comes from another place."
        ),
    ),
    hints=(
        "`np.random.randn` draws from a normal distribution around 0. Which values can it take?",
        "A variance is a mean of squares. What is `np.sqrt(-0.5)`?",
    ),
)

EXERCISES = (
    XAVIER_LIMIT,
    HE_STD,
    SIGMOID_GAIN,
    BATCHNORM_TRAIN,
    RUNNING_UPDATE,
    BATCHNORM_EVAL,
    NEGATIVE_VARIANCE,
)
