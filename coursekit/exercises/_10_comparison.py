"""Chapter 10: error bars, pairs, a fair protocol, the gap between training and test, dropout."""

from typing import Any

import numpy as np

from coursekit.exercise import Exercise, Mistake
from coursekit.exercises.draw import number


def _scores(rng: np.random.Generator, n: int, low: float = 0.6, high: float = 1.0) -> Any:
    """Draw n accuracies with three decimals, not all equal."""
    scores = np.round(rng.uniform(low, high, n), 3)
    scores[0] = round(float(scores[1:].mean()) - number(rng, 0.05, 0.2), 3)
    return scores


def _standard_error(scores: Any) -> float:
    return float(np.std(scores, ddof=1) / np.sqrt(len(scores)))


STANDARD_ERROR = Exercise(
    name="standard_error",
    points=1,
    prompt=r"""
`scores` holds the test accuracies of $n \ge 2$ seeds, an array of shape (n,). Return the standard
error of their mean, a number:

$$\mathrm{SE} = \frac{s}{\sqrt n},$$

where $s$ is the **sample** standard deviation: the squared deviations from the mean are summed and
divided by $n - 1$ before the root.
""",
    reference=_standard_error,
    cases=lambda rng: [
        (np.array([number(rng, 0.9, 0.94), number(rng, 0.95, 0.99)]),),
        (_scores(rng, 5),),
        (_scores(rng, 12),),
    ],
    mistakes=(
        Mistake(
            "population",
            lambda scores: np.std(scores) / np.sqrt(len(scores)),
            "This divides by n inside the deviation, NumPy's default; a sample wants n − 1, "
            "`ddof=1`.",
        ),
        Mistake(
            "deviation",
            lambda scores: np.std(scores, ddof=1),
            "This is how far **one** seed strays. The mean of n seeds strays √n times less.",
        ),
        Mistake(
            "population-deviation",
            np.std,
            "Two things are missing: n − 1 inside the deviation (`ddof=1`), and the division by "
            "√n.",
        ),
        Mistake(
            "divided-by-n",
            lambda scores: np.std(scores, ddof=1) / len(scores),
            "Divided by n; the error of a mean shrinks with the **root** of n.",
        ),
        Mistake(
            "variance",
            lambda scores: np.var(scores, ddof=1) / len(scores),
            "This is the square of the standard error. Its unit would be points squared.",
        ),
        Mistake(
            "variance-for-deviation",
            lambda scores: np.var(scores, ddof=1) / np.sqrt(len(scores)),
            "s is the *root* of the variance.",
        ),
        Mistake(
            "minus-one-twice",
            lambda scores: np.std(scores, ddof=1) / np.sqrt(len(scores) - 1),
            "The n − 1 belongs inside the deviation only; the root outside is that of n.",
        ),
        Mistake(
            "two-errors",
            lambda scores: 1.96 * _standard_error(scores),
            "This is the half width of a 95 % interval; one standard error is asked for.",
        ),
        Mistake(
            "in-points",
            lambda scores: 100 * _standard_error(scores),
            "This is in per cent. The scores are shares from 0 to 1, and so is their error.",
        ),
        Mistake(
            "times-root",
            lambda scores: np.std(scores, ddof=1) * np.sqrt(len(scores)),
            "More seeds make the mean **surer**: divide by √n.",
        ),
        Mistake(
            "population-variance",
            lambda scores: np.var(scores) / len(scores),
            "Two things: the root is missing, and a sample wants n − 1 inside, `ddof=1`.",
        ),
    ),
    hints=(
        "Two steps: how far one score strays, then how much less a mean of n scores does.",
        "`np.std` has an argument `ddof` that is subtracted from n before dividing.",
        "`np.std(scores, ddof=1) / np.sqrt(len(scores))`",
    ),
)

WORTH_REPORTING = Exercise(
    name="worth_reporting",
    points=1,
    prompt="""
Two activations, five seeds each, the same splits. The mean of tanh − ReLU is **0.4 points**, and
its standard error is **0.5 points**. Which sentence may you write?
""",
    reference="C",
    options={
        "A": "Tanh is better than ReLU, by 0.4 points.",
        "B": "Tanh and ReLU are equally good.",
        "C": "Tanh − ReLU = 0.4 ± 0.5 points: these runs don't show which is better.",
        "D": "Nothing yet: add seeds until the difference exceeds twice its standard error, "
        "then stop and report it.",
    },
    mistakes=(
        Mistake(
            "A",
            "A",
            "The difference is smaller than its own standard error. Another five seeds could well "
            "turn its sign.",
        ),
        Mistake(
            "B",
            "B",
            "Not seen is not absent: 0.4 ± 0.5 leaves room for more than a point. "
            "To show that two are equal takes a *small* error.",
        ),
        Mistake(
            "D",
            "D",
            "If you stop when it looks good, it will look good sooner or later, even between two "
            "equals. Fix the number of seeds first.",
        ),
    ),
    hints=(
        "How many standard errors is the difference away from 0? And from 1 point?",
        "Two sentences claim more than the numbers can carry. One makes the rule fit the result.",
    ),
)


def _paired_difference(a: Any, b: Any) -> tuple[float, float]:
    return float(np.mean(a - b)), _standard_error(a - b)


def _pairs(rng: np.random.Generator, n: int) -> tuple[Any, Any]:
    """Two arrays that go up and down together; the first leads on some seeds, not on all."""
    shared = rng.uniform(0.7, 0.9, n)
    lead = rng.uniform(0.01, 0.05, n) * np.where(np.arange(n) == rng.integers(n), -1, 1)
    return np.round(shared + lead, 3), np.round(shared, 3)


PAIRED_DIFFERENCE = Exercise(
    name="paired_difference",
    points=2,
    prompt=r"""
`a` and `b`, arrays of shape (n,) with $n \ge 2$, hold the accuracies of two activations; `a[i]` and
`b[i]` come from the same seed. Return the pair of numbers `(mean, se)`: the mean of the $n$
differences `a[i] - b[i]`, and the standard error of that mean (sample standard deviation of the
differences, with $n - 1$, over $\sqrt n$).
""",
    reference=_paired_difference,
    cases=lambda rng: [_pairs(rng, 3), _pairs(rng, 5), _pairs(rng, 10), _pairs(rng, 7)[::-1]],
    mistakes=(
        Mistake(
            "unpaired",
            lambda a, b: (
                np.mean(a) - np.mean(b),
                np.hypot(_standard_error(a), _standard_error(b)),
            ),
            "The mean is right, but the error is that of two unrelated groups. Subtract seed by "
            "seed first: what both share cancels.",
        ),
        Mistake(
            "absolute",
            lambda a, b: _paired_difference(np.abs(a - b), 0 * b),
            "Without its sign a difference is never negative, and two equals will seem to differ. "
            "Drop the absolute value.",
        ),
        Mistake(
            "sign-lost",
            lambda a, b: (abs(np.mean(a - b)), _standard_error(a - b)),
            "The sign is lost: a negative mean says that `b` is ahead.",
        ),
        Mistake(
            "order",
            lambda a, b: _paired_difference(a, b)[::-1],
            "The order is `(mean, se)`.",
        ),
        Mistake(
            "swapped",
            lambda a, b: _paired_difference(b, a),
            "This is b − a: the sign of the mean is turned.",
        ),
        Mistake(
            "deviation",
            lambda a, b: (np.mean(a - b), np.std(a - b, ddof=1)),
            "The second number is the deviation of one difference; that of their mean is √n times "
            "smaller.",
        ),
        Mistake(
            "population",
            lambda a, b: (np.mean(a - b), np.std(a - b) / np.sqrt(len(a))),
            "The deviation was divided by n; the differences are a sample, so `ddof=1`.",
        ),
        Mistake(
            "errors-subtracted",
            lambda a, b: (np.mean(a) - np.mean(b), _standard_error(a) - _standard_error(b)),
            "Errors don't subtract. Take the differences first, then the standard error of those.",
        ),
        Mistake(
            "errors-added",
            lambda a, b: (np.mean(a - b), _standard_error(a) + _standard_error(b)),
            "The two errors were added, but what both share cancels. Take the differences first, "
            "then the standard error of those.",
        ),
        Mistake(
            "counted-twice",
            lambda a, b: (np.mean(a - b), np.std(a - b, ddof=1) / np.sqrt(len(a) + len(b))),
            "There are n differences, not 2n: each pair gives one.",
        ),
        Mistake(
            "variance",
            lambda a, b: (np.mean(a - b), np.var(a - b, ddof=1) / len(a)),
            "The second number is the square of the standard error.",
        ),
        Mistake(
            "divided-by-n",
            lambda a, b: (np.mean(a - b), np.std(a - b, ddof=1) / len(a)),
            "The deviation was divided by n; the error of a mean shrinks with the **root** of n.",
        ),
        Mistake(
            "population-deviation",
            lambda a, b: (np.mean(a - b), np.std(a - b)),
            "Two things are missing in the second number: n − 1 inside the deviation (`ddof=1`), "
            "and the division by √n.",
        ),
        Mistake(
            "summed",
            lambda a, b: (np.sum(a - b), _standard_error(a - b)),
            "The first number is the sum of the differences; their mean is asked for.",
        ),
    ),
    hints=(
        "Make one array out of two, and forget the two.",
        "`d = a - b`. You want its mean, and the standard error of its mean.",
        "`return np.mean(d), np.std(d, ddof=1) / np.sqrt(len(d))`",
    ),
)

FAIR_PROTOCOL = Exercise(
    name="fair_protocol",
    points=1,
    prompt="""
You want to know whether a new activation is better than tanh on some data. Which protocol answers
that?
""",
    reference="D",
    options={
        "A": "The same learning rate for both, so that nothing but the activation differs. Ten "
        "seeds, mean ± standard error on the test set.",
        "B": "For each activation the learning rate with the best test accuracy. Ten seeds, mean "
        "± standard error on the test set.",
        "C": "Tune the new activation's learning rate on validation data; for tanh take the rate "
        "that the literature recommends. Ten seeds, mean ± standard error on the test set.",
        "D": "For each activation try the same number of learning rates for as many epochs, choose "
        "on validation data. Ten seeds, mean ± standard error on the test set.",
        "E": "For each activation try the same number of learning rates for as many epochs, choose "
        "on validation data. The best of ten seeds on the test set.",
    },
    mistakes=(
        Mistake(
            "A",
            "A",
            "A rate suits one activation and starves another: you would be comparing the rate. "
            "You have seen it crown a different winner at each end.",
        ),
        Mistake(
            "B",
            "B",
            "Choosing on the test set uses it up: its accuracy is then the best of several lucky "
            "draws, and no longer a test.",
        ),
        Mistake(
            "C",
            "C",
            "The new one gets a search and the old one does not. Many published gains are this.",
        ),
        Mistake(
            "E",
            "E",
            "The best of ten seeds is an extreme, and the more scattered activation profits most. "
            "Report the mean with its error.",
        ),
    ),
    hints=(
        "What may each activation have for itself, and what must be the same for both?",
        "Nothing may be chosen on the test set: no rate, and no seed either.",
    ),
)


def _generalization_gap(train: Any, test: Any) -> float:
    return float(np.mean(train - test))


def _gaps(rng: np.random.Generator, n: int) -> tuple[Any, Any]:
    """Accuracies on training and test data; the last seed is better on the test data."""
    train = np.round(rng.uniform(0.85, 0.95, n), 3)
    gap = rng.uniform(0.05, 0.2, n)
    gap[-1] = -number(rng, 0.01, 0.04)
    return train, np.round(train - gap, 3)


GENERALIZATION_GAP = Exercise(
    name="generalization_gap",
    points=1,
    prompt="""
`train` and `test`, arrays of shape (n,), hold the accuracies of the same n seeds on training and on
test data, as shares from 0 to 1. Return the **generalisation gap**, a number: the mean over the
seeds of the accuracy on training data minus that on test data. It keeps its sign: negative where
the test data turn out easier.
""",
    reference=_generalization_gap,
    cases=lambda rng: [_gaps(rng, 2), _gaps(rng, 4), _gaps(rng, 7), _gaps(rng, 4)[::-1]],
    mistakes=(
        Mistake(
            "inverted",
            lambda train, test: np.mean(test - train),
            "The sign is turned: training minus test, so that a positive gap means the network "
            "does worse on new data.",
        ),
        Mistake(
            "largest",
            lambda train, test: np.max(train - test),
            "This is the worst seed's gap. One seed is an anecdote; take the mean.",
        ),
        Mistake(
            "best-seeds",
            lambda train, test: np.max(train) - np.max(test),
            "The best seed in training and the best on the test data need not be the same network. "
            "Take means.",
        ),
        Mistake(
            "absolute",
            lambda train, test: np.mean(np.abs(train - test)),
            "A seed that did better on the test data counts *against* the gap: keep the sign.",
        ),
        Mistake(
            "sign-lost",
            lambda train, test: abs(np.mean(train - test)),
            "The sign is lost: a negative mean says that the test data were easier.",
        ),
        Mistake(
            "never-negative",
            lambda train, test: max(0.0, float(np.mean(train - test))),
            "A gap may be negative: a negative mean says that the test data were easier.",
        ),
        Mistake(
            "per-seed",
            lambda train, test: train - test,
            "This is one gap a seed; their mean is asked for.",
        ),
        Mistake(
            "ratio",
            lambda train, test: np.mean((train - test) / train),
            "This is a share of the training accuracy. The gap is a plain difference.",
        ),
        Mistake(
            "in-points",
            lambda train, test: 100 * np.mean(train - test),
            "This is in per cent. The accuracies are shares from 0 to 1, and so is the gap.",
        ),
        Mistake(
            "summed",
            lambda train, test: np.sum(train - test),
            "The gaps of the seeds were added up; their mean is asked for.",
        ),
        Mistake(
            "clipped-by-seed",
            lambda train, test: np.mean(np.maximum(train - test, 0)),
            "A seed that did better on the test data counts with its negative gap, not as 0.",
        ),
        Mistake(
            "quotient",
            lambda train, test: np.mean(train / test),
            "This is the one divided by the other. The gap is a difference.",
        ),
        Mistake(
            "median",
            lambda train, test: np.median(train - test),
            "This is the median of the gaps; the mean is asked for.",
        ),
    ),
    hints=(
        "One gap for each seed, then one number for all of them.",
        "Training minus test, in this order, without an absolute value: `np.mean(...)`.",
    ),
)


def _dropout(a: Any, mask: Any, keep: float) -> Any:
    return a * mask / keep


def _thinned(rng: np.random.Generator, *shape: int) -> tuple[Any, Any, float]:
    """Activations, a mask with both values in it, and the chance to be kept."""
    a = np.round(rng.uniform(0.1, 2, shape) * rng.choice([-1, 1], shape), 2)
    mask = rng.random(shape) < 0.6
    mask.flat[:3] = [True, False, True]
    return a, mask, number(rng, 0.7, 0.95)


DROPOUT = Exercise(
    name="dropout",
    points=2,
    prompt=r"""
Return the activations `a` after dropout **during training**. `a` is a float array, (units,) or
(n, units). `mask` is a bool array of the same shape, already drawn: `True` where an activation
is *kept*, `False` where it becomes 0. The number `keep`, above 0 and at most 1, is the chance with
which each entry of `mask` was drawn as `True`.

Scale what is kept such that, on average over the draw of the mask, the result is `a` itself.
""",
    reference=_dropout,
    cases=lambda rng: [_thinned(rng, 3), _thinned(rng, 4), _thinned(rng, 3, 5)],
    mistakes=(
        Mistake(
            "no-scaling",
            lambda a, mask, keep: a * mask,
            "On average only `keep` times as much arrives at the next layer; without dropout it "
            "would suddenly get more. Make up for it.",
        ),
        Mistake(
            "times-keep",
            lambda a, mask, keep: a * mask * keep,
            "This shrinks twice: units are missing already, and the rest must grow to make up "
            "for them.",
        ),
        Mistake(
            "wrong-half",
            lambda a, mask, keep: a * ~mask / keep,
            "The mask is `True` where an activation is **kept**; this keeps the others.",
        ),
        Mistake(
            "divided-by-rate",
            lambda a, mask, keep: a * mask / (1 - keep),
            "`keep` is the chance to stay, not the dropout rate. Divide by `keep` itself.",
        ),
        Mistake(
            "measured-share",
            lambda a, mask, keep: a * mask / np.mean(mask),
            "This divides by the share that this mask happened to keep. "
            "On average over the draws, it is `keep` that gives `a` back.",
        ),
        Mistake(
            "no-zeros",
            lambda a, mask, keep: a[mask] / keep,
            "The dropped units are gone instead of 0; the next layer expects the old shape.",
        ),
        Mistake(
            "everything-scaled",
            lambda a, mask, keep: np.where(mask, a / keep, a),
            "The dropped units are still there: where `mask` is `False` the result is 0.",
        ),
        Mistake(
            "nothing-dropped",
            lambda a, mask, keep: a / keep,
            "Everything is scaled and nothing is dropped: where `mask` is `False` the result is 0.",
        ),
        Mistake(
            "mask-alone",
            lambda a, mask, keep: mask / keep,
            "This is the scaled mask; the activations themselves are missing.",
        ),
        Mistake(
            "times-rate",
            lambda a, mask, keep: a * mask * (1 - keep),
            "This shrinks what is kept. On average `keep` of it survives, so it has to grow: "
            "divide.",
        ),
        Mistake(
            "wrong-half-unscaled",
            lambda a, mask, keep: a * ~mask,
            "Two things: the mask is `True` where an activation is **kept**, and what is kept has "
            "to be scaled.",
        ),
        Mistake(
            "in-use",
            lambda a, mask, keep: a * keep,
            "That is what the older form of dropout did in use, with all units. Here, in "
            "training, the mask drops some.",
        ),
    ),
    hints=(
        "A bool array in a product counts as 0 and 1.",
        "An activation survives with the chance `keep`, so the mean is `keep` times its scaled "
        "value. That must be `a`.",
        "`a * mask / keep`",
    ),
)

EXERCISES = (
    STANDARD_ERROR,
    PAIRED_DIFFERENCE,
    WORTH_REPORTING,
    FAIR_PROTOCOL,
    GENERALIZATION_GAP,
    DROPOUT,
)
