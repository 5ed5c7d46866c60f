"""Chapter 4: one neuron, two losses, and the gradient that is left of each."""

from typing import Any

import numpy as np

from coursekit import activations as act
from coursekit.exercise import Exercise, Mistake
from coursekit.exercises.draw import number


def _draw_neuron(rng: np.random.Generator, n: int, d: int) -> tuple[Any, Any, Any, float]:
    """X (n, d), y (n,), w (d,) and b of a neuron whose pre-activations stay within ±10."""
    X = rng.uniform(-2, 2, (n, d)).round(1)
    y = rng.integers(0, 2, n).astype(float)
    y[:2] = 0.0, 1.0
    return X, y, rng.uniform(-1, 1, d).round(1), number(rng, 0.3, 1.5)


def _draw_inputs(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    neurons = [_draw_neuron(rng, n, d) for n, d in [(2, 1), (3, 2), (6, 4), (5, 3)]]
    return [(X, w, b) for X, _, w, b in neurons]


def _draw_labelled(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    return [_draw_neuron(rng, n, d) for n, d in [(2, 1), (3, 2), (6, 4), (5, 3)]]


def _through(X: Any, dz: Any) -> tuple[Any, float]:
    """The gradients of a mean for w and b, where dz is each sample's for its z."""
    return X.T @ dz / len(X), float(np.mean(dz))


def _predict_proba(X: Any, w: Any, b: float) -> Any:
    return act.sigmoid(X @ w + b)


def _bce_gradient(X: Any, y: Any, w: Any, b: float) -> Any:
    return _through(X, _predict_proba(X, w, b) - y)


def _mse_gradient(X: Any, y: Any, w: Any, b: float) -> Any:
    p = _predict_proba(X, w, b)
    return _through(X, 2 * (p - y) * p * (1 - p))


def _summed(X: Any, y: Any, w: Any, b: float) -> Any:
    e = _predict_proba(X, w, b) - y
    return X.T @ e, float(np.sum(e))


def _bias_per_sample(X: Any, y: Any, w: Any, b: float) -> Any:
    e = _predict_proba(X, w, b) - y
    return X.T @ e / len(X), e / len(X)


def _weights_summed(X: Any, y: Any, w: Any, b: float) -> Any:
    dw, db = _bce_gradient(X, y, w, b)
    return len(X) * dw, db


PREDICT_PROBA = Exercise(
    name="predict_proba",
    points=2,
    prompt=r"""
Return the output $p = \sigma(Xw + b)$ of one neuron for every sample.

`X` has shape (n, d), `w` shape (d,), `b` is a number; the result has shape (n,). You may call
`act.sigmoid`.
""",
    reference=_predict_proba,
    cases=_draw_inputs,
    mistakes=(
        Mistake(
            "no-bias",
            lambda X, w, b: act.sigmoid(X @ w),
            "`b` is missing: it is added to every sample's sum before σ.",
        ),
        Mistake(
            "hard-labels",
            lambda X, w, b: np.where(X @ w + b >= 0, 1.0, 0.0),
            "These are decisions; the exercise asks for the probabilities that they rest on.",
        ),
        Mistake(
            "booleans",
            lambda X, w, b: X @ w + b >= 0,
            "These are decisions; the exercise asks for the probabilities that they rest on.",
        ),
        Mistake(
            "elementwise",
            lambda X, w, b: act.sigmoid(X * w + b),
            "`X * w` multiplies and never adds up: the d products of a row are still apart. "
            "`X @ w` adds them.",
        ),
        Mistake(
            "no-sigmoid",
            lambda X, w, b: X @ w + b,
            "This is the pre-activation z; σ makes a probability of it.",
        ),
        Mistake(
            "sigmoid-before-bias",
            lambda X, w, b: act.sigmoid(X @ w) + b,
            "The bias belongs inside σ; outside, p can leave (0, 1).",
        ),
        Mistake(
            "all-summed",
            lambda X, w, b: act.sigmoid(np.sum(X * w) + b),
            "`np.sum` without an axis adds up the whole table. Every row has its own sum.",
        ),
        Mistake(
            "column",
            lambda X, w, b: act.sigmoid(X @ w[:, np.newaxis] + b),
            "This is a table with one column, (n, 1). A vector `w` of shape (d,) gives (n,).",
        ),
        Mistake(
            "turned",
            lambda X, w, b: act.sigmoid(X.T @ w + b),
            "Check the shapes: (n, d) times (d,) gives (n,). The order matters, and nothing has to "
            "be turned.",
        ),
    ),
    hints=(
        "First the weighted sum of every row: which operator multiplies a matrix by a vector?",
        "`X @ w` has shape (n,). Adding `b` shifts all of it.",
        "`act.sigmoid(X @ w + b)`",
    ),
)

BCE_GRADIENT = Exercise(
    name="bce_gradient",
    points=3,
    prompt=r"""
Return `(dw, db)`, the gradient of the **mean** cross-entropy of $p = \sigma(Xw + b)$ with respect
to `w` and `b`.

`X` has shape (n, d), `y` shape (n,) with labels 0.0 or 1.0, `w` shape (d,), `b` is a number.
`dw` has shape (d,), `db` is a number.
""",
    reference=_bce_gradient,
    cases=_draw_labelled,
    mistakes=(
        Mistake(
            "sum",
            _summed,
            "This is the gradient of the **sum** over the samples; the loss is their mean.",
        ),
        Mistake(
            "sign",
            lambda X, y, w, b: _through(X, y - _predict_proba(X, w, b)),
            "The sign is turned: where p is too large, the gradient for z is positive, p − y.",
        ),
        Mistake(
            "extra-slope",
            lambda X, y, w, b: _through(
                X, (_predict_proba(X, w, b) - y) * act.sigmoid_grad(X @ w + b)
            ),
            "σ′ has cancelled already: for the cross-entropy p − y is all that is left.",
        ),
        Mistake(
            "bias-per-sample",
            _bias_per_sample,
            "All samples share one `b`, so their contributions add up to one number.",
        ),
        Mistake(
            "bias-summed",
            lambda X, y, w, b: (
                _through(X, _predict_proba(X, w, b) - y)[0],
                float(np.sum(_predict_proba(X, w, b) - y)),
            ),
            "`dw` is the mean over the samples, `db` still their sum.",
        ),
        Mistake(
            "weights-summed",
            _weights_summed,
            "`db` is the mean over the samples, `dw` still their sum: divide by n.",
        ),
        Mistake(
            "squared-error",
            _mse_gradient,
            "This is the gradient of the squared error; here the loss is the cross-entropy.",
        ),
        Mistake(
            "no-sigmoid",
            lambda X, y, w, b: _through(X, X @ w + b - y),
            "The error is p − y with p = σ(z); this is z − y.",
        ),
        Mistake(
            "not-transposed",
            lambda X, y, w, b: X @ (_predict_proba(X, w, b) - y) / len(X),
            "Check the shapes: (d, n) times (n,) gives (d,), so X has to be turned: `X.T`.",
        ),
        Mistake(
            "slope-in-p",
            lambda X, y, w, b: _through(
                X, (_predict_proba(X, w, b) - y) / act.sigmoid_grad(X @ w + b)
            ),
            "(p − y) / (p(1 − p)) is the slope in p. From p on to z it is multiplied by σ′(z).",
        ),
        Mistake(
            "swapped",
            lambda X, y, w, b: _bce_gradient(X, y, w, b)[::-1],
            "The two results have changed places: `dw` comes first, then `db`.",
        ),
        Mistake(
            "per-feature",
            lambda X, y, w, b: (
                _bce_gradient(X, y, w, b)[0] * len(X) / len(w),
                _bce_gradient(X, y, w, b)[1],
            ),
            "`dw` was divided by the number of columns, d; the mean is over the n rows.",
        ),
        Mistake(
            "one-for-all-weights",
            lambda X, y, w, b: tuple(np.mean(g) for g in _bce_gradient(X, y, w, b)),
            "`np.mean` has made one number of `dw`; every weight has a gradient of its own.",
        ),
        Mistake(
            "never-added-up",
            lambda X, y, w, b: (
                X.T * (_predict_proba(X, w, b) - y) / len(X),
                _bce_gradient(X, y, w, b)[1],
            ),
            "`X.T * e` multiplies and never adds up the samples; `X.T @ e` does both.",
        ),
    ),
    hints=(
        "Per sample the gradient for z is p − y. How does z depend on w, how on b?",
        "z grows by x_j when w_j grows by 1, so dw_j is the mean of (p − y)·x_j over the samples.",
        "`e = p - y`, then `X.T @ e / len(y)` and `np.mean(e)`.",
    ),
)

MSE_GRADIENT = Exercise(
    name="mse_gradient",
    points=2,
    prompt=r"""
Return `(dw, db)`, the gradient of the mean squared error
$\frac1n \sum_i (p_i - y_i)^2$ of $p = \sigma(Xw + b)$ with respect to `w` and `b`.

Shapes as before: `X` (n, d), `y` (n,), `w` (d,), `b` a number; `dw` (d,), `db` a number.
""",
    reference=_mse_gradient,
    cases=_draw_labelled,
    mistakes=(
        Mistake(
            "cross-entropy",
            _bce_gradient,
            "p − y alone is the gradient of the **cross-entropy**; here 2σ′(z) multiplies it.",
        ),
        Mistake(
            "no-slope",
            lambda X, y, w, b: _through(X, 2 * (_predict_proba(X, w, b) - y)),
            "2(p − y) is the slope in p. From p on to z the chain rule multiplies by σ′(z).",
        ),
        Mistake(
            "no-two",
            lambda X, y, w, b: _through(
                X, (_predict_proba(X, w, b) - y) * act.sigmoid_grad(X @ w + b)
            ),
            "The factor 2 is missing: this is the gradient of half the squared error.",
        ),
        Mistake(
            "sigmoid-twice",
            lambda X, y, w, b: _through(
                X,
                2 * (_predict_proba(X, w, b) - y) * act.sigmoid_grad(_predict_proba(X, w, b)),
            ),
            "`act.sigmoid_grad` takes z and was given p, so σ was applied twice. "
            "From p the slope is p(1 − p).",
        ),
        Mistake(
            "sum",
            lambda X, y, w, b: tuple(len(X) * g for g in _mse_gradient(X, y, w, b)),
            "This is the gradient of the **sum** over the samples; the loss is their mean.",
        ),
        Mistake(
            "sign",
            lambda X, y, w, b: tuple(-g for g in _mse_gradient(X, y, w, b)),
            "The sign is turned: the derivative of (p − y)² in p is 2(p − y).",
        ),
        Mistake(
            "no-sigmoid",
            lambda X, y, w, b: _through(X, 2 * (X @ w + b - y)),
            "This is the gradient of (z − y)²: σ is missing, in p and in its slope.",
        ),
        Mistake(
            "tanh-rule",
            lambda X, y, w, b: _through(
                X, 2 * (_predict_proba(X, w, b) - y) * (1 - _predict_proba(X, w, b) ** 2)
            ),
            "1 − p² is tanh's slope from its output; σ's is p(1 − p).",
        ),
        Mistake(
            "bias-without-slope",
            lambda X, y, w, b: (
                _mse_gradient(X, y, w, b)[0],
                float(np.mean(2 * (_predict_proba(X, w, b) - y))),
            ),
            "`dw` is right; `db` lacks the factor σ′(z), which belongs to both.",
        ),
        Mistake(
            "error-squared",
            lambda X, y, w, b: _through(
                X, (_predict_proba(X, w, b) - y) ** 2 * act.sigmoid_grad(X @ w + b)
            ),
            "The square is still there: the derivative of (p − y)² in p is 2(p − y).",
        ),
        Mistake(
            "not-transposed",
            lambda X, y, w, b: X @ (_predict_proba(X, w, b) - y) / len(X),
            "Check the shapes: (d, n) times (n,) gives (d,), so X has to be turned: `X.T`.",
        ),
    ),
    hints=(
        "Two links of a chain: from p to the loss, and from z to p. Then to w and b as before.",
        "(p − y)² has the slope 2(p − y) in p, and p has the slope p(1 − p) in z.",
        "`e = 2 * (p - y) * p * (1 - p)`, then `X.T @ e / len(y)` and `np.mean(e)`.",
    ),
)

STUCK_RATIO = Exercise(
    name="stuck_ratio",
    points=1,
    prompt=r"""
One sample with the label $y = 1$ has the score $z = -8$: sure, and wrong. What is

$$\frac{|\,\partial \mathrm{MSE} / \partial z\,|}{|\,\partial \mathrm{BCE} / \partial z\,|}\;?$$

Give the number to within 1 %; you may compute it. (Squared error without the factor ½.)
""",
    reference=2 * act.sigmoid_grad(-8.0),
    rtol=0.01,
    atol=0.0,
    mistakes=(
        Mistake(
            "equal",
            1.0,
            "They would be equal without 2σ′(z), which is what the squared error multiplies by.",
        ),
        Mistake(
            "slope-alone",
            act.sigmoid_grad(-8.0),
            "This is σ′(−8), and nearly σ(−8). The derivative of a square brings one more factor.",
        ),
        Mistake(
            "inverted",
            1 / (2 * act.sigmoid_grad(-8.0)),
            "Upside down: this is how many times the gradient of BCE is larger.",
        ),
        Mistake(
            "inverted-slope",
            1 / act.sigmoid_grad(-8.0),
            "Upside down, and without the factor that the derivative of a square brings.",
        ),
        Mistake(
            "negative",
            -2 * act.sigmoid_grad(-8.0),
            "Right but for the sign: a ratio of two sizes is positive.",
        ),
    ),
    hints=(
        "∂BCE/∂z = p − y. And ∂MSE/∂z = 2(p − y)·σ′(z). What is left when you divide?",
        "`2 * act.sigmoid_grad(-8.0)`",
    ),
)


def _standardize(train: Any, test: Any) -> tuple[Any, Any]:
    mean, std = train.mean(axis=0), _deviation(train)
    return (train - mean) / std, (test - mean) / std


def _deviation(table: Any) -> Any:
    """The standard deviation of every column, and 1 for a constant one."""
    return np.where(np.ptp(table, axis=0) == 0, 1, table.std(axis=0))


def _by_row(table: Any) -> Any:
    return _unguarded(table.T, table.T)[0].T


def _min_max(train: Any, test: Any) -> tuple[Any, Any]:
    low, width = train.min(axis=0), np.ptp(train, axis=0)
    width = np.where(width == 0, 1, width)
    return (train - low) / width, (test - low) / width


def _own_statistics(train: Any, test: Any) -> tuple[Any, Any]:
    return _standardize(train, train)[0], _standardize(test, test)[0]


def _pooled(train: Any, test: Any) -> tuple[Any, Any]:
    both = _standardize(np.concatenate([train, test]), train)[0]
    return both[: len(train)], both[len(train) :]


def _by_variance(train: Any, test: Any) -> tuple[Any, Any]:
    mean, var = train.mean(axis=0), train.var(axis=0)
    var = np.where(var == 0, 1, var)
    return (train - mean) / var, (test - mean) / var


def _unguarded(train: Any, test: Any) -> tuple[Any, Any]:
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / std, (test - mean) / std


def _with_epsilon(train: Any, test: Any, small: float = 1e-8) -> tuple[Any, Any]:
    mean, std = train.mean(axis=0), train.std(axis=0) + small
    return (train - mean) / std, (test - mean) / std


def _small_replaced(train: Any, test: Any) -> tuple[Any, Any]:
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.where(std < 1e-3, 1, std)
    return (train - mean) / std, (test - mean) / std


def _sample_std(train: Any, test: Any) -> tuple[Any, Any]:
    mean, std = train.mean(axis=0), train.std(axis=0, ddof=1)
    std = np.where(std == 0, 1, std)
    return (train - mean) / std, (test - mean) / std


def _all_columns(train: Any, test: Any) -> tuple[Any, Any]:
    return (train - train.mean()) / train.std(), (test - train.mean()) / train.std()


def _draw_tables(
    rng: np.random.Generator, n: int, m: int, d: int, constant: bool
) -> tuple[Any, Any]:
    """Train (n, d) and test (m, d) with columns of different sizes; the last may be constant."""
    centre, spread = rng.uniform(-5, 5, d), 10.0 ** rng.uniform(-2, 1, d)
    centre[0], spread[0] = centre[0] / 1000, 1e-4  # small, but not constant
    table = centre + spread * rng.normal(size=(n + m, d))
    if constant:
        table[:, -1] = float(rng.integers(1, 9))
    return table[:n], table[n:]


STANDARDIZE = Exercise(
    name="standardize",
    points=2,
    prompt=r"""
Return `(train_scaled, test_scaled)`: from every column subtract its mean, then divide by its
standard deviation, **both computed from `train`** and used for both arrays.

`train` has shape (n, d), `test` shape (m, d). The standard deviation is the population's (NumPy's
default). A column that is constant, the same number throughout `train` and `test`, becomes 0.
""",
    reference=_standardize,
    cases=lambda rng: [
        (np.array([[1.0], [number(rng, 2, 9)]]), np.array([[number(rng, -3, 3)]])),
        _draw_tables(rng, 5, 3, 2, constant=False),
        _draw_tables(rng, 8, 4, 3, constant=True),
    ],
    mistakes=(
        Mistake(
            "own-statistics",
            _own_statistics,
            "`test` was scaled by its own mean and deviation; a new patient comes alone and "
            "has none. Use those of `train`.",
        ),
        Mistake(
            "pooled",
            _pooled,
            "The statistics come from both arrays: what `test` knows has leaked into the training.",
        ),
        Mistake(
            "variance",
            _by_variance,
            "Divided by the variance; the standard deviation is its root.",
        ),
        Mistake(
            "nan",
            _unguarded,
            "A constant column has deviation 0, and 0 / 0 is nan. Divide it by 1 instead.",
        ),
        Mistake(
            "epsilon",
            _with_epsilon,
            "A small number added to the deviation changes every column. "
            "Replace only a deviation that is 0.",
        ),
        Mistake(
            "small-replaced",
            _small_replaced,
            "A column with a small deviation was taken for a constant one. Some measurements are "
            "small; only a constant column gets a 1.",
        ),
        Mistake(
            "sample-deviation",
            _sample_std,
            "This divides by n − 1 inside the deviation (`ddof=1`); the population's is asked for.",
        ),
        Mistake(
            "all-columns",
            _all_columns,
            "One mean for the whole table: every column has its own, `axis=0`.",
        ),
        Mistake(
            "own-statistics-nan",
            lambda train, test: (_unguarded(train, train)[0], _unguarded(test, test)[0]),
            "`test` was scaled by its own mean and deviation, and of a single patient that gives "
            "0 / 0. Use those of `train`.",
        ),
        Mistake(
            "rows",
            lambda train, test: (_by_row(train), _by_row(test)),
            "This scales every row, a patient, by itself. The statistics are a column's, `axis=0`.",
        ),
        Mistake(
            "test-untouched",
            lambda train, test: (_standardize(train, test)[0], test),
            "`test` came back as it was. It is scaled too, by the numbers of `train`.",
        ),
        Mistake(
            "mean-kept",
            lambda train, test: (train / _deviation(train), test / _deviation(train)),
            "Divided, but the mean was not subtracted.",
        ),
        Mistake(
            "not-divided",
            lambda train, test: (train - train.mean(axis=0), test - train.mean(axis=0)),
            "The mean is off, but the columns still differ in size: divide by the deviation.",
        ),
        Mistake(
            "min-max",
            _min_max,
            "This scales from the minimum to the maximum. Asked for are mean and deviation.",
        ),
        Mistake(
            "divided-first",
            lambda train, test: (
                train - train.mean(axis=0) / _deviation(train),
                test - train.mean(axis=0) / _deviation(train),
            ),
            "Only the mean was divided: the difference needs parentheses.",
        ),
        Mistake(
            "epsilon-12",
            lambda train, test: _with_epsilon(train, test, 1e-12),
            "A small number added to the deviation changes every column, if only in a late "
            "digit. Replace only a deviation that is 0.",
        ),
    ),
    hints=(
        "`train.mean(axis=0)` and `train.std(axis=0)` have shape (d,): one number a column.",
        "Both arrays get the same two numbers for a column: those of `train`.",
        "`constant = np.ptp(train, axis=0) == 0` finds the constant columns (the deviation of "
        "one full of 0.1 may come out as 1e-17), and `std = np.where(constant, 1, std)` leaves "
        "them at 0 / 1.",
    ),
)


def _descend(X: Any, y: Any, lr: float, steps: int, gradient: Any) -> tuple[Any, float]:
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        dw, db = gradient(X, y, w, b)
        w, b = w - lr * dw, b - lr * db
    return w, b


def _fit_logistic(X: Any, y: Any, lr: float, steps: int) -> tuple[Any, float]:
    return _descend(X, y, lr, steps, _bce_gradient)


def _without_bias(X: Any, y: Any, lr: float, steps: int) -> tuple[Any, float]:
    return _descend(X, y, lr, steps, lambda X, y, w, b: (_bce_gradient(X, y, w, b)[0], 0.0))


def _predicted_once(X: Any, y: Any, lr: float, steps: int) -> tuple[Any, float]:
    dw, db = _bce_gradient(X, y, np.zeros(X.shape[1]), 0.0)
    return -steps * lr * dw, -steps * lr * db


def _by_squared_error(X: Any, y: Any, lr: float, steps: int) -> tuple[Any, float]:
    return _descend(X, y, lr, steps, _mse_gradient)


def _without_sigmoid(X: Any, y: Any, lr: float, steps: int) -> tuple[Any, float]:
    return _descend(X, y, lr, steps, lambda X, y, w, b: _through(X, X @ w + b - y))


def _with_extra_slope(X: Any, y: Any, lr: float, steps: int) -> tuple[Any, float]:
    return _by_squared_error(X, y, lr / 2, steps)


def _bias_summed(X: Any, y: Any, lr: float, steps: int) -> tuple[Any, float]:
    def gradient(X: Any, y: Any, w: Any, b: float) -> tuple[Any, float]:
        dw, db = _bce_gradient(X, y, w, b)
        return dw, len(y) * db

    return _descend(X, y, lr, steps, gradient)


def _sample_by_sample(X: Any, y: Any, lr: float, steps: int) -> tuple[Any, float]:
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        for x, label in zip(X, y, strict=True):
            error = float(act.sigmoid(x @ w + b) - label)
            w, b = w - lr * error * x, b - lr * error
    return w, b


def _bias_after_weights(X: Any, y: Any, lr: float, steps: int) -> tuple[Any, float]:
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        w = w - lr * _bce_gradient(X, y, w, b)[0]
        b = b - lr * _bce_gradient(X, y, w, b)[1]
    return w, b


def _draw_fit(rng: np.random.Generator, n: int, d: int, steps: int) -> tuple[Any, ...]:
    X, y, _, _ = _draw_neuron(rng, n, d)
    y[2:4] = 1.0  # more ones than zeros, so that the bias has something to learn
    return X, y, number(rng, 0.1, 0.6), steps


FIT_LOGISTIC = Exercise(
    name="fit_logistic",
    points=3,
    prompt=r"""
Train one neuron by full-batch gradient descent on the **mean** cross-entropy and return `(w, b)`.

Start from `w` = zeros and `b` = 0. Take `steps` steps; each computes the gradients for `w` and `b`
from the current `w` and `b` and then subtracts `lr` times the gradient from both. `X` has shape
(n, d), `y` shape (n,) with labels 0.0 or 1.0; `w` has shape (d,), `b` is a number.
""",
    reference=_fit_logistic,
    cases=lambda rng: [
        _draw_fit(rng, 3, 1, 1),
        _draw_fit(rng, 5, 2, 3),
        _draw_fit(rng, 7, 3, 20),
        _draw_fit(rng, 6, 2, 7),
    ],
    mistakes=(
        Mistake(
            "ascent",
            lambda X, y, lr, steps: _fit_logistic(X, y, -lr, steps),
            "This climbs: the gradient points uphill, so it is **subtracted**.",
        ),
        Mistake(
            "bias-forgotten",
            _without_bias,
            "`b` is never updated; it has a gradient too.",
        ),
        Mistake(
            "one-step",
            lambda X, y, lr, steps: _fit_logistic(X, y, lr, 1),
            "This is the result of a single step. Is the `return` inside the loop, or the start?",
        ),
        Mistake(
            "one-too-few",
            lambda X, y, lr, steps: _fit_logistic(X, y, lr, steps - 1),
            "One step is missing: `range(1, steps)` takes steps − 1.",
        ),
        Mistake(
            "one-too-many",
            lambda X, y, lr, steps: _fit_logistic(X, y, lr, steps + 1),
            "One step too many: `range(steps)` counts from 0.",
        ),
        Mistake(
            "predicted-once",
            _predicted_once,
            "The gradient of the start was used for every step: compute p inside the loop.",
        ),
        Mistake(
            "sum",
            lambda X, y, lr, steps: _fit_logistic(X, y, lr * len(y), steps),
            "The gradient was summed over the samples; the loss is their **mean**.",
        ),
        Mistake(
            "squared-error",
            _by_squared_error,
            "This descends the squared error; the exercise asks for the cross-entropy.",
        ),
        Mistake(
            "bias-after-weights",
            _bias_after_weights,
            "The gradient for `b` was taken after `w` had moved: compute both first.",
        ),
        Mistake(
            "no-sigmoid",
            _without_sigmoid,
            "The error is p − y with p = σ(z). This descends (z − y)², which fits a straight line.",
        ),
        Mistake(
            "sample-by-sample",
            _sample_by_sample,
            "This moves after every sample. Full batch means one move a step, by the mean of all.",
        ),
        Mistake(
            "bias-summed",
            _bias_summed,
            "`w` follows the mean over the samples, `b` still their sum.",
        ),
        Mistake(
            "extra-slope",
            _with_extra_slope,
            "There is a σ′ too many: for the cross-entropy the gradient for z is p − y alone.",
        ),
        Mistake(
            "swapped",
            lambda X, y, lr, steps: _fit_logistic(X, y, lr, steps)[::-1],
            "The two results have changed places: `w` comes first, then `b`.",
        ),
    ),
    hints=(
        "`w = np.zeros(X.shape[1])`, `b = 0.0`, and a loop over `range(steps)`.",
        "Inside the loop: p from the current w and b, the error p − y, its two gradients.",
        "`w = w - lr * X.T @ e / len(y)` and `b = b - lr * np.mean(e)`, with "
        "`e = act.sigmoid(X @ w + b) - y` computed before either changes.",
    ),
)

XOR_LIMIT = Exercise(
    name="xor_limit",
    points=1,
    prompt=r"""
XOR has four examples: (0, 0) → 0, (0, 1) → 1, (1, 0) → 1, (1, 1) → 0. What is the best **accuracy**
that any single neuron reaches on them? Answer with a number between 0 and 1.
""",
    reference=0.75,
    mistakes=(
        Mistake(
            "all",
            1.0,
            "Try to draw the line: the two ones lie on one diagonal, the two zeros on the other.",
        ),
        Mistake(
            "half",
            0.5,
            "A line can do better than a coin: cut off a single corner. How many are right then?",
        ),
        Mistake(
            "corners",
            3.0,
            "A share between 0 and 1 is asked for: divide by the four corners.",
        ),
        Mistake(
            "wrong-share",
            0.25,
            "This is the share that is wrong; the accuracy is the share that is right.",
        ),
        Mistake(
            "percent",
            75.0,
            "A share between 0 and 1 is asked for: divide by 100.",
        ),
    ),
    hints=(
        "A neuron says 1 on one side of a straight line, and 0 on the other.",
        "Draw the square and cut off one corner with a line. Count what is right on both sides.",
    ),
)

EXERCISES = (
    PREDICT_PROBA,
    BCE_GRADIENT,
    MSE_GRADIENT,
    STUCK_RATIO,
    STANDARDIZE,
    FIT_LOGISTIC,
    XOR_LIMIT,
)
