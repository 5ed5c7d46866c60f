"""Chapter 11: scores for probabilities, reliability, and one number that mends confidence."""

from typing import Any

import numpy as np

from coursekit import activations as act
from coursekit import calibration, losses
from coursekit.exercise import Exercise, Mistake
from coursekit.exercises.draw import number


def _draw_forecasts(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    """Labels of both kinds with probabilities between 0.01 and 0.99."""
    drawn = []
    for n in [2, 3, 8, 25]:
        y = rng.integers(0, 2, n).astype(float)
        y[:2] = 1.0, 0.0
        drawn.append((y, rng.uniform(0.01, 0.99, n).round(2)))
    return drawn


NLL = Exercise(
    name="nll",
    points=2,
    prompt=r"""
Return the mean negative log-likelihood of the labels,
$-\frac1n \sum_i \bigl(y_i \log p_i + (1 - y_i) \log(1 - p_i)\bigr)$, with the natural logarithm.

`y` has shape (n,) with labels 0.0 or 1.0; `p` has shape (n,), the probabilities of label 1, all
between 0.01 and 0.99. The result is one number.
""",
    reference=losses.nll,
    cases=_draw_forecasts,
    mistakes=(
        Mistake(
            "base-2",
            lambda y, p: -np.mean(y * np.log2(p) + (1 - y) * np.log2(1 - p)),
            "The logarithm has base 2; the natural one, `np.log`, is asked for.",
        ),
        Mistake(
            "sum",
            lambda y, p: -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)),
            "This is the **sum** over the samples; divide by n, so that it doesn't grow with them.",
        ),
        Mistake(
            "labels-swapped",
            lambda y, p: -np.mean((1 - y) * np.log(p) + y * np.log(1 - p)),
            "The labels are swapped: `p` is the probability of label **1**.",
        ),
        Mistake(
            "arguments-swapped",
            lambda y, p: -np.mean(p * np.log(y) + (1 - p) * np.log(1 - y)),
            "The logarithm is taken of the labels; log 0 is −∞. It belongs to `p`.",
        ),
        Mistake(
            "ones-only",
            lambda y, p: -np.mean(y * np.log(p)),
            "Only the samples with label 1 count here. A sample with label 0 costs −log(1 − p).",
        ),
        Mistake(
            "sign",
            lambda y, p: np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)),
            "The sign: the logarithm of a probability is negative, a loss is positive.",
        ),
        Mistake(
            "log-of-mean",
            lambda y, p: -np.log(np.mean(y * p + (1 - y) * (1 - p))),
            "First the logarithm of each sample's probability, then the mean; not the other way.",
        ),
        Mistake(
            "scores",
            lambda y, p: losses.bce_with_logits(p, y),
            "`p` is a probability already; this function takes a score and applies σ to it.",
        ),
        Mistake(
            "second-sign",
            lambda y, p: np.mean(-y * np.log(p) + (1 - y) * np.log(1 - p)),
            "The minus reaches the first term only. It belongs to both: put the sum in brackets.",
        ),
        Mistake(
            "base-10",
            lambda y, p: -np.mean(y * np.log10(p) + (1 - y) * np.log10(1 - p)),
            "The logarithm has base 10; the natural one, `np.log`, is asked for.",
        ),
        Mistake(
            "class-means",
            lambda y, p: -np.mean(np.log(p[y == 1])) - np.mean(np.log(1 - p[y == 0])),
            "The two labels were averaged apart and added; the mean is over all n samples at once.",
        ),
        Mistake(
            "per-sample",
            lambda y, p: -(y * np.log(p) + (1 - y) * np.log(1 - p)),
            "These are the losses of the single samples; their mean is asked for.",
        ),
        Mistake(
            "no-logarithm",
            lambda y, p: -np.mean(y * p + (1 - y) * (1 - p)),
            "This is the mean of the probabilities themselves; the logarithm of each is missing.",
        ),
        Mistake(
            "epsilon",
            lambda y, p: -np.mean(y * np.log(p + 1e-8) + (1 - y) * np.log(1 - p + 1e-8)),
            "Right to a few digits only. Has something small been added to `p`? None is 0 or 1 "
            "here, so nothing needs it.",
        ),
    ),
    hints=(
        "Each sample had a probability for what really happened: p if y is 1, else 1 − p.",
        "`y * np.log(p) + (1 - y) * np.log(1 - p)` picks the logarithm of that probability.",
        "Its mean, with a minus sign.",
    ),
)

BRIER = Exercise(
    name="brier",
    points=1,
    prompt=r"""
Return the Brier score, the mean of $(p_i - y_i)^2$.

`y` has shape (n,) with labels 0.0 or 1.0; `p` has shape (n,), the probabilities of label 1. The
result is one number.
""",
    reference=losses.brier,
    cases=_draw_forecasts,
    mistakes=(
        Mistake(
            "absolute",
            lambda y, p: np.mean(np.abs(p - y)),
            "This is the mean of |p − y|, which rewards exaggeration. Square the difference.",
        ),
        Mistake(
            "half",
            lambda y, p: np.mean((p - y) ** 2) / 2,
            "The factor ½ is a habit from gradients; the Brier score has none.",
        ),
        Mistake(
            "sum",
            lambda y, p: np.sum((p - y) ** 2),
            "This is the **sum** over the samples; their mean is asked for.",
        ),
        Mistake(
            "root",
            lambda y, p: np.sqrt(np.mean((p - y) ** 2)),
            "The root has been taken as well; the score is the mean square itself.",
        ),
        Mistake(
            "decisions",
            lambda y, p: np.mean(((p > 0.5) - y) ** 2),
            "`p` was rounded to a decision first, so this is the share of wrong decisions.",
        ),
        Mistake(
            "square-of-mean",
            lambda y, p: np.mean(p - y) ** 2,
            "The mean was squared: errors up and down cancel. Square each of them first.",
        ),
        Mistake(
            "two-classes",
            lambda y, p: 2 * losses.brier(y, p),
            "This adds up both classes, as Brier did in 1950. Here the square of label 1 alone "
            "counts.",
        ),
        Mistake(
            "per-sample",
            lambda y, p: (p - y) ** 2,
            "These are the squares of the single samples; their mean is asked for.",
        ),
        Mistake(
            "variance",
            lambda y, p: np.var(p - y),
            "`np.var` takes the mean error out first. A forecaster who is always 0.3 too high has "
            "to pay for it.",
        ),
        Mistake(
            "logarithm",
            losses.nll,
            "This is the negative log-likelihood; the Brier score is the mean square.",
        ),
    ),
    hints=(
        "It is the mean squared error, of probabilities.",
        "`np.mean((p - y) ** 2)`",
    ),
)

ODDS_RATIO = Exercise(
    name="odds_ratio",
    points=1,
    prompt=r"""
A logistic regression says $\log\frac{p}{1-p} = w_1 x_1 + w_2 x_2 + \dots + b$. By what factor do
the **odds** $\frac{p}{1-p}$ change when $x_j$ grows by 1 and all else stays? Return it for every
weight.

`w` is a number or an array of any shape, with $|w| \le 5$; the result has its shape.
""",
    reference=lambda w: np.exp(w),
    cases=lambda rng: [
        (number(rng, 0.5, 2),),
        (number(rng, -2, -0.5),),
        (rng.uniform(-5, 5, 4).round(2),),
        (rng.uniform(-5, 5, (2, 3)),),
    ],
    mistakes=(
        Mistake(
            "weight",
            lambda w: w,
            "By w grow the **log**-odds; the odds themselves are multiplied.",
        ),
        Mistake(
            "sigmoid",
            act.sigmoid,
            "σ turns log-odds into a probability. A factor of the odds may exceed 1.",
        ),
        Mistake(
            "inverted",
            lambda w: np.exp(-np.asarray(w)),
            "Upside down: with a positive weight the odds grow.",
        ),
        Mistake(
            "base-10",
            lambda w: 10.0 ** np.asarray(w),
            "The log-odds are natural logarithms, so the way back is e to the power, not 10.",
        ),
        Mistake(
            "growth",
            lambda w: np.expm1(w),
            "This is by how much the odds grow, as a share of themselves; the factor is 1 more.",
        ),
        Mistake(
            "linear",
            lambda w: 1 + np.asarray(w),
            "1 + w is the factor for a small w only.",
        ),
        Mistake(
            "one-number",
            lambda w: float(np.exp(w)),
            "This makes one number, as `math.exp` does; `w` may be an array, and the result has "
            "its shape.",
        ),
        Mistake(
            "logarithm",
            lambda w: np.log(w),
            "The other way round: `w` is added to a logarithm already.",
        ),
        Mistake(
            "per-cent",
            lambda w: 100 * np.expm1(w),
            "This is the change in per cent; the factor itself is asked for.",
        ),
        Mistake(
            "probabilities",
            lambda w: act.sigmoid(w) / 0.5,
            "This is how the probability changes, from one half on. Odds are p/(1 − p).",
        ),
    ),
    hints=(
        "The log-odds grow by w. What happens to a number when w is added to its logarithm?",
        "log(odds) + w is the logarithm of odds · e^w.",
    ),
)


def _draw_bins(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    """Labels and probabilities that stay off the inner edges; some bins empty, 0 and 1 among p."""
    drawn = []
    for n, bins in [(4, 2), (12, 5), (40, 10), (30, 4)]:
        place = (
            rng.choice(bins - 1, n) if bins > 2 else np.arange(n) % 2
        )  # the last bin: only p = 1
        p = ((place + rng.uniform(0.1, 0.9, n)) / bins).round(3)
        p[-2:] = 0.0, 1.0
        y = rng.integers(0, 2, n).astype(float)
        y[-2:] = rng.permutation(2)
        drawn.append((y, p, bins))
    y, p, _ = drawn[2]
    high, low = rng.uniform(0.82, 0.88, (2, 3)).round(3)
    return [*drawn, (y[::2], p[::2]), (np.ones(3), high, 5), (np.zeros(3), low, 5)]


def _curve_of(y: Any, p: Any, place: Any, bins: int) -> tuple[Any, Any, Any]:
    """The curve when sample i lies in bin place[i]; places beyond the bins are dropped."""
    inside = [place == k for k in range(bins)]
    with np.errstate(invalid="ignore"):
        means = [np.array([np.sum(v[i]) / np.float64(np.sum(i)) for i in inside]) for v in (p, y)]
    return means[0], means[1], np.array([np.sum(i) for i in inside])


def _drops_one(y: Any, p: Any, bins: int = 10) -> Any:
    return _curve_of(y, p, (p * bins).astype(int), bins)


def _zero_for_empty(y: Any, p: Any, bins: int = 10) -> Any:
    mean_p, share, count = calibration.reliability_curve(y, p, bins)
    return np.nan_to_num(mean_p), np.nan_to_num(share), count


def _bin_centres(y: Any, p: Any, bins: int = 10) -> Any:
    _, share, count = calibration.reliability_curve(y, p, bins)
    return (np.arange(bins) + 0.5) / bins, share, count


def _without_empty(y: Any, p: Any, bins: int = 10) -> Any:
    mean_p, share, count = calibration.reliability_curve(y, p, bins)
    filled = count > 0
    return mean_p[filled], share[filled], count[filled]


def _share_of_all(y: Any, p: Any, bins: int = 10) -> Any:
    mean_p, share, count = calibration.reliability_curve(y, p, bins)
    return mean_p, share, count / len(y)


def _ones_counted(y: Any, p: Any, bins: int = 10) -> Any:
    mean_p, share, count = calibration.reliability_curve(y, p, bins)
    return mean_p, share * count, count


def _ten_bins(y: Any, p: Any, bins: int = 10) -> Any:
    return calibration.reliability_curve(y, p)


def _equally_filled(y: Any, p: Any, bins: int = 10) -> Any:
    place = np.argsort(np.argsort(p, kind="stable"), kind="stable") * bins // len(p)
    return _curve_of(y, p, place, bins)


def _first_two_swapped(y: Any, p: Any, bins: int = 10) -> Any:
    mean_p, share, count = calibration.reliability_curve(y, p, bins)
    return share, mean_p, count


def _histogram_without_range(y: Any, p: Any, bins: int = 10) -> Any:
    count, p_sum, ones = (np.histogram(p, bins, weights=w)[0] for w in (None, p, y))
    with np.errstate(invalid="ignore"):
        return p_sum / count, ones / count, count


def _zero_dropped(y: Any, p: Any, bins: int = 10) -> Any:
    return _curve_of(y, p, np.where(p == 0, -1, np.ceil(p * bins) - 1), bins)


def _one_bin_too_high(y: Any, p: Any, bins: int = 10) -> Any:
    return _curve_of(y, p, np.digitize(p, np.linspace(0, 1, bins + 1)), bins)


def _rounded_place(y: Any, p: Any, bins: int = 10) -> Any:
    return _curve_of(y, p, np.minimum(np.round(p * bins), bins - 1), bins)


def _no_minlength(y: Any, p: Any, bins: int = 10) -> Any:
    place = np.minimum((p * bins).astype(int), bins - 1)
    return _curve_of(y, p, place, int(place.max()) + 1)


def _count_second(y: Any, p: Any, bins: int = 10) -> Any:
    mean_p, share, count = calibration.reliability_curve(y, p, bins)
    return mean_p, count, share


def _share_among_all(y: Any, p: Any, bins: int = 10) -> Any:
    mean_p, share, count = calibration.reliability_curve(y, p, bins)
    return mean_p, np.nan_to_num(share) * count / len(y), count


def _of_decisions(y: Any, p: Any, bins: int = 10) -> Any:
    return calibration.reliability_curve((p > 0.5) == y, np.maximum(p, 1 - p), bins)


RELIABILITY_CURVE = Exercise(
    name="reliability_curve",
    points=4,
    prompt=r"""
Sort the samples by their probability into B = `bins` bins of equal width: bin $k$ holds
$\frac{k}{B} \le p < \frac{k+1}{B}$, for $k = 0, \dots, B - 1$, and the last bin also $p = 1$.
Return `(mean_p, frac_pos, count)`, three arrays of shape (bins,):

- the mean of `p` in the bin,
- the share of its samples with label 1,
- how many samples it holds.

For an empty bin the first two are `nan` and the count is 0; warnings on the way are allowed. `y`
and `p` have shape (n,), labels 0.0 or 1.0 and probabilities in [0, 1]. No `p` lies on an edge
between two bins.
""",
    reference=calibration.reliability_curve,
    cases=_draw_bins,
    mistakes=(
        Mistake(
            "drops-one",
            _drops_one,
            "`p = 1` is in none of your bins: the last one is closed on the right.",
        ),
        Mistake(
            "zero-for-empty",
            _zero_for_empty,
            "An empty bin has no mean. 0 would be a claim about samples that don't exist; "
            "use `np.nan`.",
        ),
        Mistake(
            "bin-centres",
            _bin_centres,
            "These are the bins' centres; where its samples really lie is the mean of their `p`.",
        ),
        Mistake(
            "without-empty",
            _without_empty,
            "The empty bins are missing: they keep their place, with `nan`, `nan` and 0.",
        ),
        Mistake(
            "count-as-share",
            _share_of_all,
            "The third array holds shares of all samples; the **number** in each bin is wanted.",
        ),
        Mistake(
            "ones-counted",
            _ones_counted,
            "The second array counts the ones; divide by how many samples the bin holds.",
        ),
        Mistake(
            "bins-ignored",
            _ten_bins,
            "There are always ten bins here: use the `bins` that is passed.",
        ),
        Mistake(
            "equally-filled",
            _equally_filled,
            "These bins hold equally many samples; the exercise wants bins of equal width.",
        ),
        Mistake(
            "first-two-swapped",
            _first_two_swapped,
            "The first two results have changed places: mean_p, then frac_pos.",
        ),
        Mistake(
            "no-range",
            _histogram_without_range,
            "These bins run from the smallest p to the largest; they must divide [0, 1]: "
            "`range=(0, 1)`.",
        ),
        Mistake(
            "zero-dropped",
            _zero_dropped,
            "`p = 0` is in none of your bins: they are closed on the left, and only the last one "
            "on the right as well.",
        ),
        Mistake(
            "one-bin-too-high",
            _one_bin_too_high,
            "Every sample is one bin too high: `np.digitize` counts from 1.",
        ),
        Mistake(
            "rounded-place",
            _rounded_place,
            "The place was rounded; a bin holds what lies above its lower edge, so round **down**.",
        ),
        Mistake(
            "no-minlength",
            _no_minlength,
            "The empty bins at the end are missing: `np.bincount` stops at the last filled one "
            "unless it gets `minlength`.",
        ),
        Mistake(
            "count-second",
            _count_second,
            "The order of the three is mean_p, frac_pos, count.",
        ),
        Mistake(
            "share-among-all",
            _share_among_all,
            "The ones were divided by all n samples; divide by how many the bin holds.",
        ),
        Mistake(
            "of-decisions",
            _of_decisions,
            "This is how sure the decisions are, and how often they are right. Asked for is `p` "
            "itself, and the share of label 1.",
        ),
    ),
    hints=(
        "Which bin does a sample lie in? `p * bins`, cut to an integer, says so; except for p = 1.",
        "`place = np.minimum((p * bins).astype(int), bins - 1)`, then a loop over the bins.",
        "`np.bincount(place, minlength=bins)` counts, and `np.bincount(place, p, bins)` adds up "
        "the p of each bin. 0 / 0 gives the nan.",
    ),
)


def _gaps(y: Any, p: Any, bins: int) -> tuple[Any, Any]:
    mean_p, share, count = calibration.reliability_curve(y, p, bins)
    return (share - mean_p)[count > 0], count[count > 0] / len(y)


def _unweighted(y: Any, p: Any, bins: int = 10) -> Any:
    return np.mean(np.abs(_gaps(y, p, bins)[0]))


def _largest(y: Any, p: Any, bins: int = 10) -> Any:
    return np.max(np.abs(_gaps(y, p, bins)[0]))


def _signed(y: Any, p: Any, bins: int = 10) -> Any:
    gaps, weights = _gaps(y, p, bins)
    return np.sum(weights * gaps)


def _absolute_last(y: Any, p: Any, bins: int = 10) -> Any:
    return abs(_signed(y, p, bins))


def _squared(y: Any, p: Any, bins: int = 10) -> Any:
    gaps, weights = _gaps(y, p, bins)
    return np.sum(weights * gaps**2)


def _over_bins(y: Any, p: Any, bins: int = 10) -> Any:
    return np.sum(np.abs(_gaps(y, p, bins)[0])) / bins


def _not_a_number(y: Any, p: Any, bins: int = 10) -> Any:
    mean_p, share, count = calibration.reliability_curve(y, p, bins)
    return np.sum(count / len(y) * np.abs(share - mean_p))


def _weights_not_divided(y: Any, p: Any, bins: int = 10) -> Any:
    return len(y) * calibration.expected_calibration_error(y, p, bins)


def _ece_of_ten_bins(y: Any, p: Any, bins: int = 10) -> Any:
    return calibration.expected_calibration_error(y, p)


def _gaps_added(y: Any, p: Any, bins: int = 10) -> Any:
    return np.sum(np.abs(_gaps(y, p, bins)[0]))


def _mean_of_weighted(y: Any, p: Any, bins: int = 10) -> Any:
    gaps, weights = _gaps(y, p, bins)
    return np.mean(weights * np.abs(gaps))


def _from_centres(y: Any, p: Any, bins: int = 10) -> Any:
    centres, share, count = _bin_centres(y, p, bins)
    return np.nansum(count / len(y) * np.abs(share - centres))


def _of_samples(y: Any, p: Any, bins: int = 10) -> Any:
    return np.mean(np.abs(y - p))


EXPECTED_CALIBRATION_ERROR = Exercise(
    name="expected_calibration_error",
    points=2,
    prompt=r"""
Return the expected calibration error

$$\mathrm{ECE} = \sum_k \frac{n_k}{n} \, \bigl| \mathrm{frac\_pos}_k - \mathrm{mean\_p}_k \bigr|$$

over the bins of `reliability_curve`, where $n_k$ samples of $n$ lie in bin $k$. An empty bin adds
nothing. `y`, `p` and `bins` are as before; the result is one number. You may call
`calibration.reliability_curve(y, p, bins)`.
""",
    reference=calibration.expected_calibration_error,
    cases=_draw_bins,
    mistakes=(
        Mistake(
            "unweighted",
            _unweighted,
            "Every bin weighs the same here; a bin with more samples counts for more: n_k / n.",
        ),
        Mistake(
            "largest",
            _largest,
            "This is the largest gap; the expected one is the mean over the samples.",
        ),
        Mistake(
            "signed",
            _signed,
            "Too sure in one bin and too modest in another must not cancel: take |…| in each bin.",
        ),
        Mistake(
            "absolute-last",
            _absolute_last,
            "The gaps were added with their signs, so they cancel. |…| belongs inside the sum.",
        ),
        Mistake(
            "squared",
            _squared,
            "The gaps are squared here; their absolute values are asked for.",
        ),
        Mistake(
            "over-bins",
            _over_bins,
            "The sum was divided by the number of bins; weight each gap by n_k / n instead.",
        ),
        Mistake(
            "nan",
            _not_a_number,
            "0 · nan is nan: leave the empty bins out, or use `np.nansum`.",
        ),
        Mistake(
            "no-bins",
            _of_samples,
            "This is the mean of |y − p|: a single label is never 0.7. Compare whole bins.",
        ),
        Mistake(
            "not-divided",
            _weights_not_divided,
            "The gaps are weighted by the counts; divide these by n, so that the weights add up "
            "to 1.",
        ),
        Mistake(
            "bins-ignored",
            _ece_of_ten_bins,
            "There are always ten bins here: pass `bins` on.",
        ),
        Mistake(
            "gaps-added",
            _gaps_added,
            "The gaps were added without weights: each counts n_k / n.",
        ),
        Mistake(
            "mean-of-weighted",
            _mean_of_weighted,
            "The weights are in, and then the mean divides once more; the weighted gaps are added.",
        ),
        Mistake(
            "bin-centres",
            _from_centres,
            "These gaps are taken from the bins' centres; the claim of a bin is the mean of its "
            "`p`.",
        ),
    ),
    hints=(
        "`mean_p, frac_pos, count = calibration.reliability_curve(y, p, bins)`: three arrays.",
        "The weights `count / len(y)` add up to 1. What about the nan of an empty bin?",
        "`np.nansum(count / len(y) * np.abs(frac_pos - mean_p))`",
    ),
)


def _draw_scores(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    """Scores and labels whose best temperature lies well inside (0.05, 100)."""
    drawn: list[tuple[Any, ...]] = []
    for n, size in [(6, 4.0), (20, 1.0), (40, 12.0), (60, 60.0), (30, 0.5)]:
        while True:
            z = (size * rng.normal(size=n)).round(2)
            y = (rng.random(n) < act.sigmoid(3 * z / size)).astype(float)
            y[0], y[1] = float(z[0] < 0), float(z[1] > 0)  # a wrong one and a right one
            if 0.2 * size < calibration.temperature(z, y) < min(1.5 * size, 80):
                break
        drawn.append((z, y))
    return drawn


def _on_grid(grid: Any) -> Any:
    """The program that takes the best temperature of a grid."""

    def coarse(z: Any, y: Any) -> float:
        scaled = z / grid[:, np.newaxis]
        return float(grid[np.argmin(np.mean(act.softplus(scaled) - scaled * y, axis=1))])

    return coarse


FINE = np.geomspace(0.05, 100, 8_000)  # the grid of the hints


def _by_brier(z: Any, y: Any) -> float:
    p = act.sigmoid(z / FINE[:, np.newaxis])
    return float(FINE[np.argmin(np.mean((p - y) ** 2, axis=1))])


def _by_confidence(z: Any, y: Any) -> float:
    """The temperature at which the mean confidence is the accuracy."""
    p = act.sigmoid(np.abs(z) / FINE[:, np.newaxis]).mean(axis=1)
    return float(FINE[np.argmin(np.abs(p - np.mean((z > 0) == y)))])


def _place_in_grid(z: Any, y: Any) -> int:
    return int(np.argmin(np.abs(FINE - calibration.temperature(z, y))))


def _smallest_loss(z: Any, y: Any) -> float:
    return float(losses.bce_with_logits(z / calibration.temperature(z, y), y))


EVEN_STEPS = (
    "Close, but equal steps are too coarse for a small T. Take equal *ratios*, `np.geomspace`, or "
    "search again around the best point."
)


def _naive_logarithms(z: Any, y: Any) -> float:
    p = act.sigmoid(z / FINE[:, np.newaxis])
    with np.errstate(all="ignore"):
        return float(FINE[np.argmin(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p), axis=1))])


TEMPERATURE = Exercise(
    name="temperature",
    points=3,
    prompt=r"""
Return the temperature $T > 0$ that minimises the mean cross-entropy of the probabilities
$\sigma(z_i / T)$, to within 0.1 %.

`z` has shape (n,), the scores; `y` has shape (n,), labels 0.0 or 1.0. The best T lies between 0.05
and 100, and there is only one. The result is one number. You may call
`losses.bce_with_logits(z, y)`.
""",
    reference=calibration.temperature,
    cases=_draw_scores,
    rtol=1e-3,
    mistakes=(
        Mistake(
            "inverted",
            lambda z, y: 1 / calibration.temperature(z, y),
            "This is 1/T: the scores are to be **divided** by the result.",
        ),
        Mistake(
            "tenths",
            _on_grid(np.arange(1, 1001) / 10),
            "Close: the grid is too coarse for 0.1 %. Search again around its best point, or use "
            "`np.geomspace`.",
        ),
        Mistake(
            "whole-numbers",
            _on_grid(np.arange(1.0, 101.0)),
            "The grid of whole numbers is too coarse. Search again around its best point, or use "
            "`np.geomspace`.",
        ),
        Mistake(
            "brier",
            _by_brier,
            "This minimises the Brier score; the cross-entropy is asked for.",
        ),
        Mistake(
            "confidence",
            _by_confidence,
            "Here the mean confidence equals the accuracy. Minimise the cross-entropy.",
        ),
        Mistake(
            "one",
            lambda z, y: 1.0,
            "T = 1 leaves the scores as they are; that is the loss to be improved.",
        ),
        Mistake(
            "nan",
            _naive_logarithms,
            "At a small T some p are exactly 0 or 1; 0 · log 0 is nan, and `argmin` picks the nan. "
            "Use `losses.bce_with_logits(z / T, y)`.",
        ),
        Mistake(
            "above-1",
            lambda z, y: max(1.0, calibration.temperature(z, y)),
            "T may be below 1: some models are too modest.",
        ),
        Mistake(
            "even-steps",
            _on_grid(np.linspace(0.05, 100, 1000)),
            EVEN_STEPS,
        ),
        Mistake(
            "even-steps-finer",
            _on_grid(np.linspace(0.05, 100, 10_000)),
            EVEN_STEPS,
        ),
        Mistake(
            "ratios-too-coarse",
            _on_grid(np.geomspace(0.05, 100, 1000)),
            "Close: from one T of this grid to the next it is nearly 1 %. Take more of them.",
        ),
        Mistake(
            "place-in-grid",
            _place_in_grid,
            "This is the place in the grid, `argmin`; the temperature is what stands there.",
        ),
        Mistake(
            "loss",
            _smallest_loss,
            "This is the smallest loss itself; the T at which it is reached is asked for.",
        ),
        Mistake(
            "wrong-decisions",
            lambda z, y: 0.05,
            "This is the first T of the search: nothing was minimised. (The share of wrong "
            "decisions would be the same at every T.) Take the cross-entropy.",
        ),
    ),
    hints=(
        "For a given T the loss is `losses.bce_with_logits(z / T, y)`. Try many T, keep the best.",
        "A grid with equal *ratios* is equally fine everywhere: `np.geomspace(0.05, 100, 8_000)`.",
        "`grid[np.argmin([losses.bce_with_logits(z / T, y) for T in grid])]`",
    ),
)

EXERCISES = (
    NLL,
    BRIER,
    ODDS_RATIO,
    RELIABILITY_CURVE,
    EXPECTED_CALIBRATION_ERROR,
    TEMPERATURE,
)
