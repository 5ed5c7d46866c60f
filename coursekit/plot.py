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
