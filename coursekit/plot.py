"""Every figure of the course: helpers that draw on an axes and return it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

Function = Callable[[Any], Any]


def axes(ax: Any, **labels: str) -> Any:
    """Return `ax`, or new axes in the course's style, with `xlabel`, `ylabel`, `title` set."""
    if ax is None:
        with plt.style.context("coursekit.course"):
            ax = plt.figure().add_subplot()
    ax.set(**labels)
    return ax


def curves(functions: Mapping[str, Function], x: Any, ax: Any = None, **labels: str) -> Any:
    """Draw each function over `x`, labelled by its key."""
    return lines({name: function(x) for name, function in functions.items()}, x, ax, **labels)


def lines(series: Mapping[str, Any], x: Any, ax: Any = None, **labels: str) -> Any:
    """Draw computed series over `x`, labelled by their keys."""
    ax = axes(ax, **{"xlabel": "$x$", **labels})
    for name, y in series.items():
        ax.plot(x, y, label=name)
    if len(series) > 1:
        ax.legend()
    return ax


def marked(x: Any, y: Any, texts: Sequence[str], ax: Any = None, **labels: str) -> Any:
    """Draw points with a text beside each."""
    ax = axes(ax, **labels)
    ax.plot(x, y, "o", color="#d55e00", markersize=7, zorder=3)
    for px, py, text in zip(x, y, texts, strict=True):
        ax.annotate(text, (px, py), xytext=(8, -4), textcoords="offset points", va="top")
    return ax


def answer_against(
    reference: Function, answer: Function, points: Sequence[Any], name: str, ax: Any = None
) -> Any:
    """Draw a student's function against the expected one over the range of `points`."""
    every = np.concatenate([np.ravel(np.asarray(p, dtype=float)) for p in points])
    finite = every[np.isfinite(every) & (abs(every) < 50)]
    x = np.linspace(finite.min(), finite.max(), 400)
    ax = curves({"expected": reference}, x, ax, title=name)
    with np.errstate(all="ignore"):
        try:
            y = np.asarray(answer(x), dtype=float)
        except Exception as problem:  # an answer may raise anything
            ax.set_title(f"{name}: yours raises {type(problem).__name__}")
            return ax
    ax.plot(x, np.broadcast_to(y, x.shape), label="yours")
    ax.legend()
    return ax


def bands(series: Mapping[str, Any], x: Any, ax: Any = None, **labels: str) -> Any:
    """Draw each series over `x` as its mean over the seeds, in a band from the least to the most.

    A series is (len(x),), or (len(x), seeds).
    """
    ax = axes(ax, **labels)
    for name, values in series.items():
        y = np.asarray(values, dtype=float).reshape(len(x), -1)
        (line,) = ax.plot(x, y.mean(1), label=name)
        if y.shape[1] > 1:
            ax.fill_between(x, y.min(1), y.max(1), color=line.get_color(), alpha=0.2, linewidth=0)
    if len(series) > 1:
        ax.legend()
    return ax


def loss_curves(histories: Mapping[str, Any], ax: Any = None, what: str = "loss") -> Any:
    """Draw what `network.train` returned, with a band over the seeds, a curve a history.

    `what` is "loss", "accuracy", "test_loss" or "test_accuracy".
    """
    ax = axes(ax, xlabel="epoch", ylabel=what.replace("_", " "))
    for name, history in histories.items():
        bands({name: getattr(history, what)}, history.epochs, ax)
    if len(histories) > 1:
        ax.legend()
    return ax


def gradient_flow(series: Mapping[str, Any], ax: Any = None, **labels: str) -> Any:
    """Draw the size of the gradient in every layer, first to last, on a logarithmic scale.

    A series is what `network.rms` returns: (layers,), or (layers, seeds).
    """
    ax = axes(ax, **{"xlabel": "layer", "ylabel": "gradient, root mean square", **labels})
    ax.set_yscale("log")
    for name, rms in series.items():
        bands({name: rms}, np.arange(1, len(rms) + 1), ax)
        ax.lines[-1].set_marker("o")
    ax.xaxis.get_major_locator().set_params(integer=True)
    if len(series) > 1:
        ax.legend()
    return ax


def reliability(series: Mapping[str, Any], ax: Any = None, **labels: str) -> Any:
    """Draw what `calibration.reliability_curve` returned, each beside the diagonal of honesty.

    The area of a mark is the share of the samples in its bin; empty bins have none.
    """
    ax = axes(ax, **{"xlabel": "probability $p$ claimed", "ylabel": "share of ones", **labels})
    ax.plot([0, 1], [0, 1], color="#808080", linestyle=":", linewidth=1.5, label="honest")
    for name, (mean_p, share, count) in series.items():
        filled = np.asarray(count) > 0
        x, y, part = (np.asarray(a)[filled] for a in (mean_p, share, count / np.sum(count)))
        (line,) = ax.plot(x, y, linewidth=1, alpha=0.6, label=name)
        ax.scatter(x, y, 8 + 500 * part, color=line.get_color(), alpha=0.8, zorder=3)
    ax.set(xlim=(-0.05, 1.05), ylim=(-0.05, 1.05), aspect="equal")
    ax.legend()
    return ax
