"""Chapter 5: a hidden layer, the error sent back through it, and how to check that."""

from typing import Any

import numpy as np

from coursekit import activations as act
from coursekit.callables import Bowl
from coursekit.exercise import Exercise, Mistake
from coursekit.exercises.draw import number

SIZES = [(2, 1, 3), (4, 2, 3), (6, 3, 5), (5, 4, 2)]  # samples, inputs, hidden units


def _draw_network(rng: np.random.Generator, n: int, d: int, h: int) -> tuple[Any, ...]:
    """X, y, W1, b1, W2, b2 of a network whose pre-activations stay within ±10."""
    X = rng.uniform(-1.5, 1.5, (n, d)).round(1)
    y = rng.integers(0, 2, (n, 1)).astype(float)
    y[:2] = [[0.0], [1.0]]
    W1, b1 = rng.uniform(-1, 1, (d, h)).round(2), rng.uniform(-1, 1, h).round(2)
    W2 = (rng.uniform(0.3, 1, (h, 1)) * rng.choice([-1, 1], (h, 1))).round(2)
    return X, y, W1, b1, W2, rng.uniform(0.2, 1, 1).round(2)


def _forward(X: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> tuple[Any, Any]:
    a1 = act.sigmoid(X @ W1 + b1)
    return a1, act.sigmoid(a1 @ W2 + b2)


def _draw_forward(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    networks = [_draw_network(rng, *size) for size in SIZES]
    return [(X, *weights) for X, _, *weights in networks]


def _linear_output(X: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> tuple[Any, Any]:
    a1 = act.sigmoid(X @ W1 + b1)
    return a1, a1 @ W2 + b2


def _linear_hidden(X: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> tuple[Any, Any]:
    a1 = X @ W1 + b1
    return a1, act.sigmoid(a1 @ W2 + b2)


def _sigmoid_twice(X: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> tuple[Any, Any]:
    a1 = act.sigmoid(X @ W1 + b1)
    return a1, act.sigmoid(act.sigmoid(a1) @ W2 + b2)


def _from_pre_activation(X: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> tuple[Any, Any]:
    z1 = X @ W1 + b1
    return act.sigmoid(z1), act.sigmoid(z1 @ W2 + b2)


def _bias_outside(X: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> tuple[Any, Any]:
    a1 = act.sigmoid(X @ W1) + b1
    return a1, act.sigmoid(a1 @ W2) + b2


def _pre_activations(X: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> tuple[Any, Any]:
    z1 = X @ W1 + b1
    return z1, act.sigmoid(z1) @ W2 + b2


FORWARD = Exercise(
    name="forward",
    points=2,
    prompt=r"""
Return `(a1, a2)`, the outputs of the two layers:

$$a_1 = \sigma(X W_1 + b_1), \qquad a_2 = \sigma(a_1 W_2 + b_2).$$

`X` has shape (n, d), `W1` (d, h), `b1` (h,), `W2` (h, 1), `b2` (1,); `a1` has shape (n, h) and `a2`
(n, 1). You may call `act.sigmoid`.
""",
    reference=_forward,
    cases=_draw_forward,
    mistakes=(
        Mistake(
            "no-bias",
            lambda X, W1, b1, W2, b2: _forward(X, W1, 0, W2, 0),
            "The biases are missing: each layer adds its own before σ.",
        ),
        Mistake(
            "one-bias",
            lambda X, W1, b1, W2, b2: _forward(X, W1, b1, W2, 0),
            "The output layer has a bias too, `b2`.",
        ),
        Mistake(
            "one-bias-hidden",
            lambda X, W1, b1, W2, b2: _forward(X, W1, 0, W2, b2),
            "The hidden layer has a bias too, `b1`.",
        ),
        Mistake(
            "linear-output",
            _linear_output,
            "`a2` is the pre-activation z₂; the output goes through σ as well.",
        ),
        Mistake(
            "linear-hidden",
            _linear_hidden,
            "σ is missing on the hidden layer. Without it two layers are no more than one.",
        ),
        Mistake(
            "sigmoid-twice",
            _sigmoid_twice,
            "`a1` has been through σ already; the second layer takes it as it is.",
        ),
        Mistake(
            "skipped-activation",
            _from_pre_activation,
            "The second layer takes `a1`, not the pre-activation z₁.",
        ),
        Mistake(
            "swapped",
            lambda X, W1, b1, W2, b2: _forward(X, W1, b1, W2, b2)[::-1],
            "Both are right, but in the wrong order: first `a1`, then `a2`.",
        ),
        Mistake(
            "bias-outside",
            _bias_outside,
            "The bias belongs inside σ: it is added to the product, and σ comes last.",
        ),
        Mistake(
            "pre-activations",
            _pre_activations,
            "These are the pre-activations z₁ and z₂; return what σ makes of them.",
        ),
    ),
    hints=(
        "Each layer is chapter 4's neuron, several at a time: a product, a bias, σ.",
        "`a1 = act.sigmoid(X @ W1 + b1)`; the second line has the same form.",
    ),
)


def _through(X: Any, a1: Any, delta2: Any, delta1: Any) -> tuple[Any, ...]:
    """The four gradients, from what reaches each layer's pre-activations."""
    return X.T @ delta1, delta1.sum(axis=0), a1.T @ delta2, delta2.sum(axis=0)


def _backward(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    delta2 = (a2 - y) / len(X)
    return _through(X, a1, delta2, delta2 @ W2.T * a1 * (1 - a1))


def _both_slopes(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    delta2 = (a2 - y) / len(X)
    return _through(X, a1, delta2, delta2 * a2 * (1 - a2) * a1 * (1 - a1))


def _without_weights(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    delta2 = (a2 - y) / len(X)
    return _through(X, a1, delta2, delta2 * a1 * (1 - a1))


def _extra_slope(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    delta2 = (a2 - y) / len(X) * a2 * (1 - a2)
    return _through(X, a1, delta2, delta2 @ W2.T * a1 * (1 - a1))


def _slope_of_output(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    delta2 = (a2 - y) / len(X)
    return _through(X, a1, delta2, delta2 @ W2.T * act.sigmoid_grad(a1))


def _no_slope(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    delta2 = (a2 - y) / len(X)
    return _through(X, a1, delta2, delta2 @ W2.T)


def _not_averaged(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    delta2 = a2 - y
    return _through(X, a1, delta2, delta2 @ W2.T * a1 * (1 - a1))


def _bias_per_sample(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    delta2 = (a2 - y) / len(X)
    delta1 = delta2 @ W2.T * a1 * (1 - a1)
    return X.T @ delta1, delta1, a1.T @ delta2, delta2


def _kept_dimensions(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    dW1, db1, dW2, db2 = _backward(X, y, a1, a2, W2)
    return dW1, db1[np.newaxis], dW2, db2[np.newaxis]


def _averaged_biases(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    dW1, db1, dW2, db2 = _backward(X, y, a1, a2, W2)
    return dW1, db1 / len(X), dW2, db2 / len(X)


def _short_cut(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    delta2 = (a2 - y) / len(X) * a2 * (1 - a2)
    return _through(X, a1, delta2, delta2 * a1 * (1 - a1))


def _uphill(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    return tuple(-g for g in _backward(X, y, a1, a2, W2))


def _bias_over_all(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    dW1, db1, dW2, db2 = _backward(X, y, a1, a2, W2)
    return dW1, db1.sum(), dW2, db2.sum()


def _averaged_twice(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    return tuple(g / len(X) for g in _backward(X, y, a1, a2, W2))


def _weights_not_averaged(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    dW1, db1, dW2, db2 = _backward(X, y, a1, a2, W2)
    return dW1 * len(X), db1, dW2 * len(X), db2


def _biases_not_averaged(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    dW1, db1, dW2, db2 = _backward(X, y, a1, a2, W2)
    return dW1, db1 * len(X), dW2, db2 * len(X)


def _loss_alone(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    delta2 = ((1 - y) / (1 - a2) - y / a2) / len(X)
    return _through(X, a1, delta2, delta2 @ W2.T * a1 * (1 - a1))


def _squared_error(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    delta2 = 2 * (a2 - y) * a2 * (1 - a2) / len(X)
    return _through(X, a1, delta2, delta2 @ W2.T * a1 * (1 - a1))


def _slope_of_tanh(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    delta2 = (a2 - y) / len(X)
    return _through(X, a1, delta2, delta2 @ W2.T * (1 - a1**2))


def _other_slope(X: Any, y: Any, a1: Any, a2: Any, W2: Any) -> tuple[Any, ...]:
    delta2 = (a2 - y) / len(X)
    return _through(X, a1, delta2, delta2 @ W2.T * a2 * (1 - a2))


def _draw_backward(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    networks = [_draw_network(rng, *size) for size in SIZES]
    return [(X, y, *_forward(X, *weights), weights[2]) for X, y, *weights in networks]


BACKWARD = Exercise(
    name="backward",
    points=4,
    prompt=r"""
Return `(dW1, db1, dW2, db2)`, the gradients of the **mean** cross-entropy of the network, from what
the pass forwards left behind.

`X` has shape (n, d), `y` (n, 1) with labels 0.0 or 1.0, `a1` (n, h), `a2` (n, 1), `W2` (h, 1). The
gradients have the shapes of what they belong to: (d, h), (h,), (h, 1), (1,).
""",
    reference=_backward,
    cases=_draw_backward,
    mistakes=(
        Mistake(
            "both-slopes",
            _both_slopes,
            "The output's error reaches the hidden layer through `W2`: first `@ W2.T`, then the "
            "slope of the hidden layer alone.",
        ),
        Mistake(
            "without-weights",
            _without_weights,
            "Every hidden unit got the same error. A unit is to blame in proportion to its weight: "
            "`delta2 @ W2.T`.",
        ),
        Mistake(
            "extra-slope",
            _extra_slope,
            "For the cross-entropy σ′ has cancelled on the output: delta2 is (a2 − y) / n.",
        ),
        Mistake(
            "sigmoid-again",
            _slope_of_output,
            "`a1` has been through σ, and here σ is applied again, as `act.sigmoid_grad(a1)` does. "
            "From the output the slope is a1(1 − a1).",
        ),
        Mistake(
            "no-slope",
            _no_slope,
            "The error reached a1; on to z1 it is multiplied by the slope a1(1 − a1).",
        ),
        Mistake(
            "not-averaged",
            _not_averaged,
            "These are gradients of the **sum** over the samples; the loss is their mean.",
        ),
        Mistake(
            "bias-per-sample",
            _bias_per_sample,
            "All samples share a bias: sum its gradient over the samples, `axis=0`.",
        ),
        Mistake(
            "kept-dimensions",
            _kept_dimensions,
            "`b1` has shape (h,), so its gradient must too: sum without `keepdims`.",
        ),
        Mistake(
            "averaged-twice",
            _averaged_biases,
            "δ holds the 1/n already; the biases get its **sum** over the samples.",
        ),
        Mistake(
            "short-cut",
            _short_cut,
            "Two slips of the short cut: a2(1 − a2) has cancelled on the output, and the error "
            "reaches the hidden layer through `W2`.",
        ),
        Mistake(
            "sign",
            _uphill,
            "The sign is turned: the error is a2 − y, not y − a2.",
        ),
        Mistake(
            "weights-first",
            lambda X, y, a1, a2, W2: tuple(_backward(X, y, a1, a2, W2)[i] for i in (0, 2, 1, 3)),
            "All four are right; only the order is not: `dW1, db1, dW2, db2`.",
        ),
        Mistake(
            "last-layer-first",
            lambda X, y, a1, a2, W2: tuple(_backward(X, y, a1, a2, W2)[i] for i in (2, 3, 0, 1)),
            "All four are right; only the order is not: return the first layer's first.",
        ),
        Mistake(
            "bias-over-all",
            _bias_over_all,
            "Without an axis the sum runs over the units, too; each has a bias of its own.",
        ),
        Mistake(
            "averaged-twice-all",
            _averaged_twice,
            "These are divided by n twice; the mean over the samples is taken once.",
        ),
        Mistake(
            "weights-not-averaged",
            _weights_not_averaged,
            "The biases got the mean over the samples, the weights the **sum**: divide the error "
            "by n at the start, once for all.",
        ),
        Mistake(
            "biases-not-averaged",
            _biases_not_averaged,
            "The weights got the mean over the samples, the biases the **sum**: divide the error "
            "by n at the start, once for all.",
        ),
        Mistake(
            "loss-alone",
            _loss_alone,
            "−y/a2 + (1 − y)/(1 − a2) is what reaches a2. On to z₂ it takes the slope of the "
            "output, and the two together are a2 − y.",
        ),
        Mistake(
            "squared-error",
            _squared_error,
            "2(a2 − y)·a2(1 − a2) belongs to the squared error; here the loss is cross-entropy.",
        ),
        Mistake(
            "slope-of-tanh",
            _slope_of_tanh,
            "1 − a² is the slope of tanh; from its output, σ's is a(1 − a).",
        ),
        Mistake(
            "other-slope",
            _other_slope,
            "The error was multiplied by the slope of the output layer; on its way to z₁ it "
            "passes the hidden layer, whose outputs are `a1`.",
        ),
    ),
    hints=(
        "Two deltas do it all: what reaches z₂, shape (n, 1), and what reaches z₁, shape (n, h).",
        "`delta2 = (a2 - y) / len(X)`; then `delta2 @ W2.T` hands each hidden unit its share, and "
        "`a1 * (1 - a1)` takes it from a₁ to z₁.",
        "With its delta every layer is chapter 4's neuron: input.T @ delta for the weights, "
        "`delta.sum(axis=0)` for the bias.",
    ),
)


def _numerical_gradient(loss: Any, w: Any, h: float = 1e-5) -> Any:
    gradient = np.empty(w.shape)
    for index in np.ndindex(w.shape):
        old = w[index]
        w[index] = old + h
        above = loss(w)
        w[index] = old - h
        below = loss(w)
        w[index] = old
        gradient[index] = (above - below) / (2 * h)
    return gradient


def _forward_difference(loss: Any, w: Any, h: float = 1e-5) -> Any:
    gradient, here = np.empty(w.shape), loss(w)
    for index in np.ndindex(w.shape):
        moved = w.copy()
        moved[index] += h
        gradient[index] = (loss(moved) - here) / h
    return gradient


def _never_restored(loss: Any, w: Any, h: float = 1e-5) -> Any:
    gradient = np.empty(w.shape)
    for index in np.ndindex(w.shape):
        w[index] += h
        above = loss(w)
        w[index] -= 2 * h
        gradient[index] = (above - loss(w)) / (2 * h)
    return gradient


def _restored_by_adding(loss: Any, w: Any, h: float = 1e-5) -> Any:
    gradient = np.empty(w.shape)
    for index in np.ndindex(w.shape):
        w[index] += h
        above = loss(w)
        w[index] -= 2 * h
        gradient[index] = (above - loss(w)) / (2 * h)
        w[index] += h
    return gradient


def _all_at_once(loss: Any, w: Any, h: float = 1e-5) -> Any:
    return np.full(w.shape, (loss(w + h) - loss(w - h)) / (2 * h))


def _first_axis_only(loss: Any, w: Any, h: float = 1e-5) -> Any:
    gradient = np.empty(w.shape)
    for i in range(len(w)):
        up, down = w.copy(), w.copy()
        up[i] += h
        down[i] -= h
        gradient[i] = (loss(up) - loss(down)) / (2 * h)
    return gradient


def _backward_difference(loss: Any, w: Any, h: float = 1e-5) -> Any:
    return _forward_difference(loss, w, -h)


def _two_names(loss: Any, w: Any, h: float = 1e-5) -> Any:
    gradient = np.empty(w.shape)
    for index in np.ndindex(w.shape):
        up = down = w
        up[index] += h
        down[index] -= h
        gradient[index] = (loss(up) - loss(down)) / (2 * h)
    return gradient


def _moved_together(loss: Any, w: Any, h: float = 1e-5) -> Any:
    gradient, up, down = np.empty(w.shape), w.copy(), w.copy()
    for index in np.ndindex(w.shape):
        up[index] += h
        down[index] -= h
        gradient[index] = (loss(up) - loss(down)) / (2 * h)
    return gradient


def _entries_alone(loss: Any, w: Any, h: float = 1e-5) -> Any:
    quotients = [(loss(v + h) - loss(v - h)) / (2 * h) for v in w.flat]
    return np.reshape(quotients, w.shape)


def _bowl(rng: np.random.Generator) -> Bowl:
    return Bowl(a=number(rng, 0.5, 2), b=number(rng, 0.5, 2))


NUMERICAL_GRADIENT = Exercise(
    name="numerical_gradient",
    points=3,
    prompt=r"""
Return the gradient of `loss` at `w` by central differences: for every entry of `w` in turn,
$\dfrac{\mathrm{loss}(w + h e) - \mathrm{loss}(w - h e)}{2h}$, where $e$ is 1 in that entry and 0
elsewhere.

`loss(w)` takes an array and returns one number. `w` is a float64 array with one or more dimensions;
the result has its shape. Afterwards `w` must be what it was, **bit for bit**.
""",
    reference=_numerical_gradient,
    cases=lambda rng: [
        (_bowl(rng), rng.uniform(0.5, 1.5, 2).round(1)),
        (_bowl(rng), rng.uniform(0.5, 1.5, (3, 4))),
        (_bowl(rng), rng.uniform(0.5, 1.5, (2, 3, 2)), 1e-4),
        (_bowl(rng), rng.uniform(0.5, 1.5, (2, 2)), 0.1),
    ],
    rtol=1e-7,
    mistakes=(
        Mistake(
            "forward",
            _forward_difference,
            "This is the one-sided quotient; step to both sides and divide by 2h.",
        ),
        Mistake(
            "never-restored",
            _never_restored,
            "`w` is left shifted: every later entry is measured at another place.",
        ),
        Mistake(
            "restored-by-adding",
            _restored_by_adding,
            "`+ h - 2h + h` is 0 on paper; in floats it leaves the last bit changed. "
            "Keep the old number and put it back.",
        ),
        Mistake(
            "all-at-once",
            _all_at_once,
            "One step for all entries together gives the sum of the gradient. Move one at a time.",
        ),
        Mistake(
            "first-axis",
            _first_axis_only,
            "`w[i]` is a whole row of a matrix. Go over entries: `np.ndindex(w.shape)`.",
        ),
        Mistake(
            "h-ignored",
            lambda loss, w, h=1e-5: _numerical_gradient(loss, w),
            "The step is fixed at 1e-5; use the `h` that is passed.",
        ),
        Mistake(
            "divided-by-h",
            lambda loss, w, h=1e-5: 2 * _numerical_gradient(loss, w, h),
            "The two points are 2h apart; this divides by h.",
        ),
        Mistake(
            "multiplied-by-h",
            lambda loss, w, h=1e-5: h**2 * _numerical_gradient(loss, w, h),
            "`/ 2 * h` multiplies by h: write `/ (2 * h)`.",
        ),
        Mistake(
            "backward",
            _backward_difference,
            "This is the one-sided quotient; step to both sides and divide by 2h.",
        ),
        Mistake(
            "one-number",
            lambda loss, w, h=1e-5: (loss(w + h) - loss(w - h)) / (2 * h),
            "`w + h` moves all entries at once, and one number comes of it. Move one entry at a "
            "time, and collect the quotients in an array of w's shape.",
        ),
        Mistake(
            "two-names",
            _two_names,
            "`up = w` copies nothing: it is a second name for the same array, so the two steps "
            "cancel. Use `w.copy()`, or put the old number back.",
        ),
        Mistake(
            "moved-together",
            _moved_together,
            "The entries that were moved before stay moved, so their quotients add up. Start from "
            "the unchanged `w` for each entry.",
        ),
        Mistake(
            "entries-alone",
            _entries_alone,
            "`loss` was given single entries; it is a loss of all entries together, so hand it the "
            "whole array with one entry moved.",
        ),
    ),
    hints=(
        "`for index in np.ndindex(w.shape):` visits every entry, whatever the shape.",
        "Keep `old = w[index]`, set `w[index] = old + h`, call `loss(w)`; then `old - h`; put "
        "`old` back.",
    ),
)


def _train_step(
    X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, lr: float
) -> tuple[Any, Any, Any, Any]:
    a1, a2 = _forward(X, W1, b1, W2, b2)
    dW1, db1, dW2, db2 = _backward(X, y, a1, a2, W2)
    return W1 - lr * dW1, b1 - lr * db1, W2 - lr * dW2, b2 - lr * db2


def _last_layer_first(
    X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, lr: float
) -> tuple[Any, ...]:
    a1, a2 = _forward(X, W1, b1, W2, b2)
    _, _, dW2, db2 = _backward(X, y, a1, a2, W2)
    W2 = W2 - lr * dW2
    dW1, db1, _, _ = _backward(X, y, a1, a2, W2)
    return W1 - lr * dW1, b1 - lr * db1, W2, b2 - lr * db2


def _in_place(X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, lr: float) -> tuple[Any, ...]:
    a1, a2 = _forward(X, W1, b1, W2, b2)
    dW1, db1, dW2, db2 = _backward(X, y, a1, a2, W2)
    W1 -= lr * dW1
    b1 -= lr * db1
    W2 -= lr * dW2
    b2 -= lr * db2
    return W1, b1, W2, b2


def _biases_forgotten(
    X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, lr: float
) -> tuple[Any, ...]:
    new_W1, _, new_W2, _ = _train_step(X, y, W1, b1, W2, b2, lr)
    return new_W1, b1, new_W2, b2


def _hasty_in_place(
    X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, lr: float
) -> tuple[Any, ...]:
    a1, a2 = _forward(X, W1, b1, W2, b2)
    _, _, dW2, db2 = _backward(X, y, a1, a2, W2)
    W2 -= lr * dW2
    b2 -= lr * db2
    dW1, db1, _, _ = _backward(X, y, a1, a2, W2)
    W1 -= lr * dW1
    b1 -= lr * db1
    return W1, b1, W2, b2


def _step_by(backward: Any) -> Any:
    """Return a step of gradient descent that gets its gradients from `backward`."""

    def step(
        X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, lr: float
    ) -> tuple[Any, Any, Any, Any]:
        dW1, db1, dW2, db2 = backward(X, y, *_forward(X, W1, b1, W2, b2), W2)
        return W1 - lr * dW1, b1 - lr * db1, W2 - lr * dW2, b2 - lr * db2

    return step


def _gradients_returned(
    X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, lr: float
) -> tuple[Any, ...]:
    return _backward(X, y, *_forward(X, W1, b1, W2, b2), W2)


TRAIN_STEP = Exercise(
    name="train_step",
    points=3,
    prompt=r"""
Take one step of gradient descent on the mean cross-entropy and return the **new**
`(W1, b1, W2, b2)`. All four gradients belong to the network as it was before the step.

Shapes as before: `X` (n, d), `y` (n, 1), `W1` (d, h), `b1` (h,), `W2` (h, 1), `b2` (1,); `lr` is a
number. The arrays that are passed must not change. (Write the passes out: your own `forward` and
`backward` may still have a slip in them.)
""",
    reference=_train_step,
    cases=lambda rng: [(*_draw_network(rng, *size), number(rng, 0.5, 2)) for size in SIZES],
    mistakes=(
        Mistake(
            "last-layer-first",
            _last_layer_first,
            "The error went back through the **new** `W2`. Compute all gradients first, then step.",
        ),
        Mistake(
            "ascent",
            lambda X, y, W1, b1, W2, b2, lr: _train_step(X, y, W1, b1, W2, b2, -lr),
            "This climbs: the gradient points uphill, so it is **subtracted**.",
        ),
        Mistake(
            "in-place",
            _in_place,
            "`-=` writes into the caller's arrays; `W1 = W1 - lr * dW1` makes new ones.",
        ),
        Mistake(
            "biases-forgotten",
            _biases_forgotten,
            "The biases stay as they were; they have gradients too.",
        ),
        Mistake(
            "not-averaged",
            lambda X, y, W1, b1, W2, b2, lr: _train_step(X, y, W1, b1, W2, b2, lr * len(X)),
            "The gradients were summed over the samples; the loss is their **mean**.",
        ),
        Mistake(
            "gradients",
            _gradients_returned,
            "These are the gradients; the exercise asks for the parameters after the step.",
        ),
        Mistake(
            "no-slope",
            _step_by(_no_slope),
            "The error reached a1; on to z1 it is multiplied by the slope a1(1 − a1).",
        ),
        Mistake(
            "no-rate",
            lambda X, y, W1, b1, W2, b2, lr: _train_step(X, y, W1, b1, W2, b2, 1.0),
            "The whole gradient was subtracted; the step is `lr` times it.",
        ),
        Mistake(
            "last-layer-first-in-place",
            _hasty_in_place,
            "`-=` has changed `W2` before the error went back through it, and the caller's arrays "
            "with it. Compute all gradients first, then make new arrays.",
        ),
        Mistake(
            "unchanged",
            lambda X, y, W1, b1, W2, b2, lr: (W1, b1, W2, b2),
            "The parameters came back as they were. In a loop `p = p - lr * g` gives p a new array "
            "and leaves `W1` alone; return the new ones.",
        ),
        Mistake(
            "extra-slope",
            _step_by(_extra_slope),
            "For the cross-entropy σ′ has cancelled on the output: delta2 is (a2 − y) / n.",
        ),
        Mistake(
            "without-weights",
            _step_by(_without_weights),
            "Every hidden unit got the same error. A unit is to blame in proportion to its weight: "
            "`delta2 @ W2.T`.",
        ),
        Mistake(
            "sigmoid-again",
            _step_by(_slope_of_output),
            "`a1` has been through σ, and here σ is applied again, as `act.sigmoid_grad(a1)` does. "
            "From the output the slope is a1(1 − a1).",
        ),
        Mistake(
            "averaged-twice",
            _step_by(_averaged_biases),
            "δ holds the 1/n already; the biases get its **sum** over the samples.",
        ),
    ),
    hints=(
        "Forwards, two deltas, four gradients, and only then four subtractions.",
        "`delta1 = delta2 @ W2.T * a1 * (1 - a1)` needs the `W2` that made the prediction.",
        "`return W1 - lr * X.T @ delta1, b1 - lr * delta1.sum(axis=0), …`",
    ),
)

BROKEN_BACKPROPS = Exercise(
    name="broken_backprops",
    points=3,
    prompt=r"""
Which of the six rules A to F compute a **wrong** gradient? Answer with the set of their letters,
such as `{"B", "D"}`. Don't judge by eye: check them.
""",
    reference={"A", "C", "E"},
    mistakes=(
        Mistake(
            "the-right-ones",
            {"B", "D", "F"},
            "These three are the right ones; the question is which are **wrong**.",
        ),
        Mistake(
            "f-suspected",
            {"A", "C", "E", "F"},
            "F is right: (n, 1) times (1, h) spreads the error over the units, as `@` does.",
        ),
        Mistake(
            "d-suspected",
            {"A", "C", "D", "E"},
            "D is right: a product transposed is the product of the transposes, turned round.",
        ),
        Mistake(
            "b-suspected",
            {"A", "B", "C", "E"},
            "B is right: a − a² is a(1 − a).",
        ),
        Mistake(
            "a-trusted",
            {"C", "E"},
            "A looks right, but `act.sigmoid_grad` takes z and was given the activation.",
        ),
        Mistake(
            "c-trusted",
            {"A", "E"},
            "C's factor a2(1 − a2) belongs to the squared error; here the loss is cross-entropy.",
        ),
        Mistake(
            "e-trusted",
            {"A", "C"},
            "E never uses W2: no hidden unit learns how much of the error is its own.",
        ),
    ),
    hints=(
        "Put the deltas of each rule through `gradients` and compare with difference quotients.",
        "`gradcheck.check_gradients(loss, params, gradients(rules[name]))` reports on one rule; "
        "`.passed` is True or False.",
        "Three are right and three are wrong.",
    ),
)

ZERO_START = Exercise(
    name="zero_start",
    points=1,
    prompt="""
A network with three hidden units starts with **all** weights and biases 0. Two thirds of the labels
are 1. After 1000 steps of full-batch gradient descent, what has become of the hidden units?
""",
    reference="B",
    options={
        "A": "Nothing at all: every gradient is 0, and no parameter ever changes.",
        "B": "They change, but all three stay identical to each other.",
        "C": "They start out identical, and drift apart as training goes on.",
        "D": "They learn as from a random start, only more slowly.",
    },
    mistakes=(
        Mistake(
            "A",
            "A",
            "W1's first gradient is 0, because W2 is. But a1 is ½ and the errors don't cancel, so "
            "W2 moves, and then W1 does.",
        ),
        Mistake(
            "C",
            "C",
            "What should push them apart? Equal units with equal weights get equal errors.",
        ),
        Mistake(
            "D",
            "D",
            "A random start makes the units differ. Look at one unit's gradient, then at the next.",
        ),
    ),
    hints=(
        "What are a1 and the gradient of W2 in the very first step? And of W1 in the second?",
        "Swap two hidden units. Does the network change? Can a step treat them differently?",
    ),
)

EXERCISES = (
    FORWARD,
    BACKWARD,
    NUMERICAL_GRADIENT,
    BROKEN_BACKPROPS,
    TRAIN_STEP,
    ZERO_START,
)
