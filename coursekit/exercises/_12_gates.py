"""Chapter 12: gates, which say how much passes, and output layers."""

from typing import Any

import numpy as np

from coursekit import activations as act
from coursekit.exercise import Exercise, Mistake
from coursekit.exercises.draw import number


def _steps(rng: np.random.Generator, low: int, high: int) -> int:
    return int(rng.integers(low, high))


def _applied_again(b: Any, steps: int) -> Any:
    for _ in range(steps):
        b = act.sigmoid(b)
    return b


RETENTION = Exercise(
    name="retention",
    points=1,
    prompt=r"""
A cell starts with the value 1. At each of `steps` steps it is multiplied by the gate $\sigma(b)$.
Return what is left.

`b` is a number or a float array between −5 and 5; the result has its shape. `steps` is a whole
number, 1 or more. You may call `act.sigmoid`.
""",
    reference=lambda b, steps: act.sigmoid(b) ** steps,
    atol=0.0,
    cases=lambda rng: [
        (number(rng, 0.5, 2), _steps(rng, 2, 5)),
        (number(rng, 2, 4), _steps(rng, 20, 60)),
        (rng.uniform(-2, 4, 4).round(1), _steps(rng, 3, 10)),
        (number(rng, -2, -0.5), _steps(rng, 5, 15)),
    ],
    mistakes=(
        Mistake(
            "steps-inside",
            lambda b, steps: act.sigmoid(b * steps),
            "σ(b·steps) opens one gate wider. Here the same gate acts again and again.",
        ),
        Mistake(
            "times",
            lambda b, steps: steps * act.sigmoid(b),
            "Added up, not multiplied: after two steps σ(b)·σ(b) is left.",
        ),
        Mistake(
            "no-sigmoid",
            lambda b, steps: b**steps,
            "`b` is the gate's bias; the gate itself is σ(b).",
        ),
        Mistake(
            "forgotten-share",
            lambda b, steps: act.sigmoid(-b) ** steps,
            "1 − σ(b) is the share that is lost in a step. What is kept is σ(b).",
        ),
        Mistake(
            "lost-in-all",
            lambda b, steps: 1 - act.sigmoid(b) ** steps,
            "This is what has been lost; asked for is what is left.",
        ),
        Mistake(
            "one-step-short",
            lambda b, steps: act.sigmoid(b) ** (steps - 1),
            "One factor is missing: the first step multiplies, too.",
        ),
        Mistake(
            "one-step",
            lambda b, steps: act.sigmoid(b),
            "This is what one step leaves; there are `steps` of them.",
        ),
        Mistake(
            "applied-again",
            _applied_again,
            "σ was applied to its own result. The gate is σ(b) at every step, and multiplies.",
        ),
        Mistake(
            "root",
            lambda b, steps: act.sigmoid(b) ** (1 / steps),
            "A root would leave more after every step. The factors multiply: a power.",
        ),
        Mistake(
            "one-step-too-many",
            lambda b, steps: act.sigmoid(b) ** (steps + 1),
            "One factor too many: the cell starts with 1, and `steps` factors follow.",
        ),
    ),
    hints=(
        "After one step σ(b) is left. And after two?",
        "One factor σ(b) for each step: a power.",
    ),
)


def _forget_bias(keep: float, steps: int) -> float:
    share = keep ** (1 / steps)
    return float(np.log(share / (1 - share)))


FORGET_BIAS = Exercise(
    name="forget_bias",
    points=2,
    prompt=r"""
Return the bias $b$ with which the share `keep` is left after `steps` steps:
$\sigma(b)^\mathrm{steps} = \mathrm{keep}$.

`keep` is a number, 0.001 to 0.999, and `steps` a whole number from 1 to 1000; the result is a
number. You may call `act.logit`.
""",
    reference=_forget_bias,
    cases=lambda rng: [
        (number(rng, 0.2, 0.8), _steps(rng, 2, 5)),
        (number(rng, 0.3, 0.7), _steps(rng, 10, 30)),
        (number(rng, 0.5, 0.7), _steps(rng, 500, 1000)),
        (number(rng, 0.01, 0.05), _steps(rng, 2, 4)),
    ],
    mistakes=(
        Mistake(
            "one-step",
            lambda keep, steps: _forget_bias(keep, 1),
            "With logit(keep) that share is left after **one** step; the next steps go on eating.",
        ),
        Mistake(
            "divided",
            lambda keep, steps: _forget_bias(keep / steps, 1),
            "The steps multiply, so the share of one step is a root of `keep`, not a quotient.",
        ),
        Mistake(
            "divided-after",
            lambda keep, steps: _forget_bias(keep, 1) / steps,
            "Take the root of `keep` first, then the logit. Dividing the logit is something else.",
        ),
        Mistake(
            "power",
            lambda keep, steps: -np.log(keep**-steps - 1),
            "The other way round: the share of one step is keep to the power 1/steps.",
        ),
        Mistake(
            "share",
            lambda keep, steps: keep ** (1 / steps),
            "That is the gate, σ(b). The bias is its logit.",
        ),
        Mistake(
            "logarithm",
            lambda keep, steps: np.log(keep) / steps,
            "This is log σ(b). To undo σ you need the logit, log(p/(1 − p)).",
        ),
        Mistake(
            "sign",
            lambda keep, steps: -_forget_bias(keep, steps),
            "The sign is turned: a gate that keeps much has a positive bias.",
        ),
        Mistake(
            "retention",
            lambda keep, steps: act.sigmoid(keep) ** steps,
            "This is what is left for a bias called `keep`. Here the share is given, and the bias "
            "asked for.",
        ),
        Mistake(
            "sigmoid",
            lambda keep, steps: act.sigmoid(keep ** (1 / steps)),
            "The root is the share of one step, so it is σ(b) already; σ must be undone.",
        ),
        Mistake(
            "loss-divided",
            lambda keep, steps: _forget_bias(1 - (1 - keep) / steps, 1),
            "The loss was spread evenly. But each step takes its share of what is *left*, so the "
            "shares multiply.",
        ),
        Mistake(
            "multiplied",
            lambda keep, steps: steps * _forget_bias(keep, 1),
            "The logit was multiplied. First the share of one step, a root of `keep`; then its "
            "logit.",
        ),
        Mistake(
            "tail-formula",
            lambda keep, steps: -np.log(-np.log(keep) / steps),
            "Nearly right for many steps, where 1 − σ(b) is about e^(−b). For few it takes the "
            "logit.",
        ),
    ),
    hints=(
        "Which share must a single step keep, so that `keep` is left after all of them?",
        "p = keep^(1/steps). Which b has σ(b) = p? You met σ's inverse in chapter 1.",
        "`act.logit(keep ** (1 / steps))`",
    ),
)


def _parts(x: Any, h: Any, W: Any, U: Any, b: Any) -> list[Any]:
    """The four pre-activations, in the order i, f, g, o."""
    return np.split(x @ W + h @ U + b, 4, axis=-1)


def _new_state(i: Any, f: Any, g: Any, o: Any, c: Any) -> tuple[Any, Any]:
    s = act.sigmoid
    kept = s(f) * c + s(i) * np.tanh(g)
    return s(o) * np.tanh(kept), kept


def _lstm_step(x: Any, h: Any, c: Any, W: Any, U: Any, b: Any) -> tuple[Any, Any]:
    i, f, g, o = _parts(x, h, W, U, b)
    return _new_state(i, f, g, o, c)


def _forget_and_input_swapped(x: Any, h: Any, c: Any, W: Any, U: Any, b: Any) -> tuple[Any, Any]:
    i, f, g, o = _parts(x, h, W, U, b)
    return _new_state(f, i, g, o, c)


def _candidate_and_output_swapped(
    x: Any, h: Any, c: Any, W: Any, U: Any, b: Any
) -> tuple[Any, Any]:
    i, f, g, o = _parts(x, h, W, U, b)
    return _new_state(i, f, o, g, c)


def _sigmoid_for_candidate(x: Any, h: Any, c: Any, W: Any, U: Any, b: Any) -> tuple[Any, Any]:
    i, f, g, o = (act.sigmoid(part) for part in _parts(x, h, W, U, b))
    kept = f * c + i * g
    return o * np.tanh(kept), kept


def _no_tanh_on_cell(x: Any, h: Any, c: Any, W: Any, U: Any, b: Any) -> tuple[Any, Any]:
    o = act.sigmoid(_parts(x, h, W, U, b)[3])
    kept = _lstm_step(x, h, c, W, U, b)[1]
    return o * kept, kept


def _old_cell_shown(x: Any, h: Any, c: Any, W: Any, U: Any, b: Any) -> tuple[Any, Any]:
    o = act.sigmoid(_parts(x, h, W, U, b)[3])
    return o * np.tanh(c), _lstm_step(x, h, c, W, U, b)[1]


def _never_forgets(x: Any, h: Any, c: Any, W: Any, U: Any, b: Any) -> tuple[Any, Any]:
    i, f, g, o = _parts(x, h, W, U, b)
    return _new_state(i, np.full_like(f, np.inf), g, o, c)


def _gates_through_tanh(x: Any, h: Any, c: Any, W: Any, U: Any, b: Any) -> tuple[Any, Any]:
    i, f, g, o = np.tanh(_parts(x, h, W, U, b))
    kept = f * c + i * g
    return o * np.tanh(kept), kept


def _cell_through_tanh(x: Any, h: Any, c: Any, W: Any, U: Any, b: Any) -> tuple[Any, Any]:
    kept = np.tanh(_lstm_step(x, h, c, W, U, b)[1])
    return act.sigmoid(_parts(x, h, W, U, b)[3]) * np.tanh(kept), kept


def _forget_turned(x: Any, h: Any, c: Any, W: Any, U: Any, b: Any) -> tuple[Any, Any]:
    i, f, g, o = _parts(x, h, W, U, b)
    return _new_state(i, -f, g, o, c)


def _everything_written(x: Any, h: Any, c: Any, W: Any, U: Any, b: Any) -> tuple[Any, Any]:
    i, f, g, o = _parts(x, h, W, U, b)
    return _new_state(np.full_like(i, np.inf), f, g, o, c)


def _everything_shown(x: Any, h: Any, c: Any, W: Any, U: Any, b: Any) -> tuple[Any, Any]:
    kept = _lstm_step(x, h, c, W, U, b)[1]
    return np.tanh(kept), kept


def _raw_candidate(x: Any, h: Any, c: Any, W: Any, U: Any, b: Any) -> tuple[Any, Any]:
    i, f, g, o = _parts(x, h, W, U, b)
    kept = act.sigmoid(f) * c + act.sigmoid(i) * g
    return act.sigmoid(o) * np.tanh(kept), kept


def _gates_interleaved(x: Any, h: Any, c: Any, W: Any, U: Any, b: Any) -> tuple[Any, Any]:
    z = x @ W + h @ U + b
    return _new_state(z[:, 0::4], z[:, 1::4], z[:, 2::4], z[:, 3::4], c)


def _draw_lstm(rng: np.random.Generator, n: int, d: int, k: int) -> tuple[Any, ...]:
    """x, h, c, W, U, b; the cell's entries are far from 0, so that forgetting shows."""
    cell = rng.uniform(0.5, 2, (n, k)) * rng.choice([-1, 1], (n, k))
    weights = (rng.uniform(-1, 1, shape).round(1) for shape in [(d, 4 * k), (k, 4 * k), (4 * k,)])
    x, h = rng.uniform(-1.5, 1.5, (n, d)).round(1), rng.uniform(-0.9, 0.9, (n, k)).round(1)
    return x, h, cell.round(1), *weights


LSTM_STEP = Exercise(
    name="lstm_step",
    points=4,
    prompt=r"""
Take one step of an LSTM and return `(h_new, c_new)`, both (n, k).

With $z = xW + hU + b$, whose 4k columns are, k at a time, those of i, f, g and o **in this order**:

$$c_\mathrm{new} = \sigma(z_f) \odot c + \sigma(z_i) \odot \tanh(z_g), \qquad
h_\mathrm{new} = \sigma(z_o) \odot \tanh(c_\mathrm{new}).$$

`x` has shape (n, d), `h` and `c` (n, k), `W` (d, 4k), `U` (k, 4k), `b` (4k,). You may call
`act.sigmoid` and `np.tanh`. (Frameworks differ in the order of the gates.)
""",
    reference=_lstm_step,
    cases=lambda rng: [
        _draw_lstm(rng, 1, 1, 1),
        _draw_lstm(rng, 3, 2, 2),
        _draw_lstm(rng, 2, 3, 4),
        _draw_lstm(rng, 4, 1, 3),
    ],
    mistakes=(
        Mistake(
            "i-and-f-swapped",
            _forget_and_input_swapped,
            "The gates i and f have changed places: the first k columns are i, the next are f.",
        ),
        Mistake(
            "g-and-o-swapped",
            _candidate_and_output_swapped,
            "The third part is g, what could be written; the output gate o comes last.",
        ),
        Mistake(
            "sigmoid-for-g",
            _sigmoid_for_candidate,
            "g is no gate but the new content, and may be negative: tanh, not σ.",
        ),
        Mistake(
            "no-tanh-on-cell",
            _no_tanh_on_cell,
            "The cell goes through tanh before the output gate shows it.",
        ),
        Mistake(
            "old-cell-shown",
            _old_cell_shown,
            "h_new shows the **new** cell; this one shows the cell from before.",
        ),
        Mistake(
            "never-forgets",
            _never_forgets,
            "The old cell is added whole. The forget gate f says how much of it stays.",
        ),
        Mistake(
            "no-bias",
            lambda x, h, c, W, U, b: _lstm_step(x, h, c, W, U, 0 * b),
            "The bias `b` is missing; it is what this chapter is about.",
        ),
        Mistake(
            "no-state",
            lambda x, h, c, W, U, b: _lstm_step(x, h, c, W, 0 * U, b),
            "The gates must hear the state as well: `h @ U` is missing.",
        ),
        Mistake(
            "returned-in-reverse",
            lambda x, h, c, W, U, b: _lstm_step(x, h, c, W, U, b)[::-1],
            "The order of the results: first h_new, then c_new.",
        ),
        Mistake(
            "tanh-gates",
            _gates_through_tanh,
            "A gate says how much, from nothing to all: σ. Only g goes through tanh.",
        ),
        Mistake(
            "cell-through-tanh",
            _cell_through_tanh,
            "The cell itself stays as it is, that is its point; tanh is for what `h_new` shows of "
            "it.",
        ),
        Mistake(
            "forget-turned",
            _forget_turned,
            "1 − σ(f) is what is lost. The forget gate says how much is **kept**.",
        ),
        Mistake(
            "no-input-gate",
            _everything_written,
            "The new content is added whole. The gate i says how much of it is written.",
        ),
        Mistake(
            "no-output-gate",
            _everything_shown,
            "The whole cell is shown. The gate o says how much of it.",
        ),
        Mistake(
            "raw-g",
            _raw_candidate,
            "g is written as it is; it goes through tanh first.",
        ),
        Mistake(
            "state-for-cell",
            lambda x, h, c, W, U, b: _lstm_step(x, h, h, W, U, b),
            "The forget gate was given `h`; what it keeps is the cell `c`.",
        ),
        Mistake(
            "interleaved",
            _gates_interleaved,
            "Every fourth column was taken. The gates lie side by side, k columns each.",
        ),
    ),
    hints=(
        "`z = x @ W + h @ U + b` has shape (n, 4k). `np.split(z, 4, axis=-1)` makes four parts.",
        "`i, f, g, o = np.split(z, 4, axis=-1)`: three of them go through σ, g through tanh.",
        "`c_new = act.sigmoid(f) * c + act.sigmoid(i) * np.tanh(g)`; one more line for h_new.",
    ),
)

SWIGLU = Exercise(
    name="swiglu",
    points=2,
    prompt=r"""
Return $\mathrm{silu}(xW) \odot (xV)$, the gated layer called SwiGLU, with
$\mathrm{silu}(z) = z \cdot \sigma(z)$.

`x` has shape (n, d), `W` and `V` (d, k); the result is (n, k). There is no bias. You may call
`act.sigmoid` or `act.silu`.
""",
    reference=lambda x, W, V: act.silu(x @ W) * (x @ V),
    cases=lambda rng: [
        tuple(rng.uniform(0.5, 2, (1, 1)).round(1) for _ in range(3)),
        *(
            tuple(rng.uniform(-2, 2, shape).round(1) for shape in [(n, d), (d, k), (d, k)])
            for n, d, k in [(2, 2, 3), (4, 3, 2), (3, 5, 4)]
        ),
    ],
    mistakes=(
        Mistake(
            "sigmoid-gate",
            lambda x, W, V: act.sigmoid(x @ W) * (x @ V),
            "With σ for the gate this is the older GLU. SwiGLU uses silu(z) = z·σ(z).",
        ),
        Mistake(
            "sum",
            lambda x, W, V: act.silu(x @ W) + x @ V,
            "A gate multiplies. Here the two halves are added.",
        ),
        Mistake(
            "other-branch",
            lambda x, W, V: (x @ W) * act.silu(x @ V),
            "silu belongs on xW, the other product passes as it is.",
        ),
        Mistake(
            "both-branches",
            lambda x, W, V: act.silu(x @ W) * act.silu(x @ V),
            "Only xW goes through silu; xV is what the gate lets pass, unchanged.",
        ),
        Mistake(
            "after-the-product",
            lambda x, W, V: act.silu((x @ W) * (x @ V)),
            "silu comes before the multiplication, and only on xW.",
        ),
        Mistake(
            "no-gated-part",
            lambda x, W, V: act.silu(x @ W),
            "This is a plain silu layer. `V` is missing: there is nothing for the gate to pass.",
        ),
        Mistake(
            "relu-gate",
            lambda x, W, V: act.relu(x @ W) * (x @ V),
            "With ReLU for the gate this is ReGLU. SwiGLU uses silu(z) = z·σ(z).",
        ),
        Mistake(
            "ungated",
            lambda x, W, V: (x @ W) * (x @ V),
            "Both products are there; silu on the first is missing.",
        ),
        Mistake(
            "gelu-gate",
            lambda x, W, V: act.gelu(x @ W) * (x @ V),
            "With GELU for the gate this is GEGLU. SwiGLU uses silu(z) = z·σ(z).",
        ),
        Mistake(
            "input-times-gate",
            lambda x, W, V: (x @ W) * act.silu(x @ W),
            "The gate multiplies its own input; what it should pass is xV.",
        ),
        Mistake(
            "units-added",
            lambda x, W, V: np.sum(act.silu(x @ W) * (x @ V), axis=-1),
            "The units were added up; every unit keeps its own column.",
        ),
        Mistake(
            "brackets",
            lambda x, W, V: act.silu(x @ W) * x @ V,
            "Both are matrix products, and each wants its brackets: `(x @ W)` and `(x @ V)`, with "
            "`*` between the results.",
        ),
    ),
    hints=(
        "Two matrix products of the same shape; one of them goes through silu.",
        "`z = x @ W`; the gate is `z * act.sigmoid(z)`, and it multiplies `x @ V`.",
    ),
)


def _draw_logits(rng: np.random.Generator, n: int, k: int, between: float) -> Any:
    """Logits (n, k): the first row mostly yes, the second all no; one given, one its negative."""
    z = rng.uniform(1.6, 4, (n, k)).round(1) * rng.choice([-1, 1], (n, k))
    z[0], z[1] = np.abs(z[0]), -np.abs(z[1])
    z[0, 0], z[-1, -1] = between, -between
    return z


def _softmax_share(z: Any, threshold: float = 0.5) -> Any:
    return act.softmax(z) >= threshold


def _only_the_largest(z: Any, threshold: float = 0.5) -> Any:
    return z == z.max(axis=-1, keepdims=True)


MULTILABEL_PREDICT = Exercise(
    name="multilabel_predict",
    points=2,
    prompt=r"""
Each of k labels may be true or not, independently of the others. Return a bool array (n, k): true
where $\sigma(z)$ is **at least** `threshold`.

`z` is a float array (n, k) of logits, 0 < `threshold` < 1. A logit of exactly 0 counts as true at
the threshold 0.5. You may call `act.sigmoid`.
""",
    reference=lambda z, threshold=0.5: act.sigmoid(z) >= threshold,
    cases=lambda rng: [
        (_draw_logits(rng, 2, 3, 0.3),),
        (_draw_logits(rng, 3, 4, 0.0),),
        (_draw_logits(rng, 4, 3, 1.0), number(rng, 0.76, 0.82)),
        (_draw_logits(rng, 3, 5, -1.0), number(rng, 0.18, 0.24)),
    ],
    mistakes=(
        Mistake(
            "softmax",
            _softmax_share,
            "softmax makes the labels compete for a sum of 1; here each decides for itself, by σ.",
        ),
        Mistake(
            "argmax",
            _only_the_largest,
            "This names exactly one label in each row; there may be several, or none.",
        ),
        Mistake(
            "raw-logits",
            lambda z, threshold=0.5: z >= threshold,
            "The threshold is for a probability, and `z` is a logit: σ first.",
        ),
        Mistake(
            "threshold-ignored",
            lambda z, threshold=0.5: z >= 0,
            "z ≥ 0 is the threshold 0.5; use the one that is passed.",
        ),
        Mistake(
            "strict",
            lambda z, threshold=0.5: act.sigmoid(z) > threshold,
            "**At least** the threshold: `>=`, so that a logit of 0 counts at 0.5.",
        ),
        Mistake(
            "numbers",
            lambda z, threshold=0.5: np.where(act.sigmoid(z) >= threshold, 1, 0),
            "The decisions are right, but numbers; the comparison itself is a bool array.",
        ),
        Mistake(
            "probabilities",
            lambda z, threshold=0.5: act.sigmoid(z),
            "These are the probabilities. Compare them with the threshold.",
        ),
        Mistake(
            "one-minus",
            lambda z, threshold=0.5: act.sigmoid(z) >= 1 - threshold,
            "The threshold is turned round: true is σ(z) ≥ threshold, not 1 − threshold.",
        ),
        Mistake(
            "below",
            lambda z, threshold=0.5: act.sigmoid(z) < threshold,
            "The comparison is turned: a label is true from the threshold **up**.",
        ),
        Mistake(
            "positive",
            lambda z, threshold=0.5: z > 0,
            "Two things: z > 0 is the threshold 0.5, whatever is passed; and exactly at it a "
            "label counts as true.",
        ),
        Mistake(
            "rounded",
            lambda z, threshold=0.5: np.round(act.sigmoid(z)),
            "Rounding knows only the threshold 0.5 and gives numbers; compare with the one that "
            "is passed.",
        ),
        Mistake(
            "sigma-twice",
            lambda z, threshold=0.5: act.sigmoid(act.sigmoid(z)) >= threshold,
            "σ is applied twice; σ of a probability is never below one half.",
        ),
        Mistake(
            "scalar-if",
            lambda z, threshold=0.5: bool(act.sigmoid(z) >= threshold),
            "`if` and `bool` ask an array for one yes or no; the comparison has one for each "
            "label.",
        ),
    ),
    hints=(
        "One probability for every label: σ, element by element. Nothing has to add up to 1.",
        "Compare the probabilities with the threshold; a comparison of arrays is a bool array.",
    ),
)

OUTPUT_LAYER = Exercise(
    name="output_layer",
    points=1,
    prompt="""
Four networks: (1) is a mail spam or not, one output unit; (2) which of the digits 0 to 9 does an
image show; (3) which tags, any number of them, does a photograph get; (4) how many degrees below or
above zero will it be tomorrow. Which row has the right output for **all four**? Answer with a
letter, as a string.
""",
    reference="C",
    options={
        "A": "(1) softmax · (2) softmax · (3) σ on each unit · (4) nothing",
        "B": "(1) σ · (2) softmax · (3) softmax · (4) nothing",
        "C": "(1) σ · (2) softmax · (3) σ on each unit · (4) nothing",
        "D": "(1) σ · (2) softmax · (3) σ on each unit · (4) σ",
    },
    mistakes=(
        Mistake(
            "A",
            "A",
            "softmax over a single unit is e^z / e^z = 1: every mail would be spam, for certain.",
        ),
        Mistake(
            "B",
            "B",
            "softmax lets the tags compete for a sum of 1. Three right tags can't all be likely.",
        ),
        Mistake("D", "D", "σ stays between 0 and 1. No frost, and no spring, is forecast by that."),
    ),
    hints=(
        "Ask of each: how many answers may be right at once, and in which range do they lie?",
        "Exactly one of several: softmax. Each for itself, yes or no: σ. Any number: nothing.",
    ),
)

EXERCISES = (RETENTION, FORGET_BIAS, LSTM_STEP, SWIGLU, MULTILABEL_PREDICT, OUTPUT_LAYER)
