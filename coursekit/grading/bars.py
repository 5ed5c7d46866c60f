"""Bars for the teacher's report: SVG that stands inside a page and follows its colours.

Only our own names and numbers are drawn, never a student's text. Matplotlib is loaded when
the first bar is drawn, without pyplot, whose state other code may rely on.
"""

import html
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursekit.grading.notes import Kind

WIDTH, ROW, BAR = 4.2, 0.46, 0.34  # inches; the bar's share of a row's height
INK = "#010203"  # becomes the colour of the text around the drawing

# Fill and hatch: told apart without colour, and visible on light and dark paper.
LOOKS: Mapping[Kind, tuple[str, str]] = {
    "passed": ("#009e73", ""),
    "mistake": ("#d55e00", "////"),
    "other": ("#c0629a", "xxxx"),
    "error": ("#c98500", "||||"),
    "stopped": ("#3a86c8", "----"),
    "not attempted": ("none", ""),
}
WORDS: Mapping[Kind, str] = {
    "passed": "right",
    "mistake": "with a known mistake",
    "other": "wrong in another way",
    "error": "with an error",
    "stopped": "stopped or crashed",
    "not attempted": "not attempted",
}


@dataclass(frozen=True)
class Bar:
    """A row of a drawing: a name, what stands at its right, and the lengths of its parts."""

    name: str
    note: str
    lengths: Mapping[Kind, float]


def bars(rows: Sequence[Bar], label: str, prefix: str) -> str:
    """Return the rows as SVG; the same rows give the same bytes.

    Parameters
    ----------
    rows
        What to draw; lengths are shares of 1.
    label
        What a screen reader says instead.
    prefix
        Starts the ids inside the drawing; another one for each drawing of a page.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    settings: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": prefix,
        "font.family": "sans-serif",
        "font.size": 9.5,
        "hatch.linewidth": 0.9,
        "text.color": INK,
        "text.usetex": False,
        "text.parse_math": False,
    }
    with rc_context(settings):
        figure = Figure(figsize=(WIDTH, ROW * len(rows)))
        axes = figure.add_axes((0.002, 0, 0.996, 1))
        axes.set(xlim=(0, 1), ylim=(len(rows), 0))
        axes.axis("off")
        for y, row in enumerate(rows):
            _draw(axes, y, row)
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    return _inline(out.getvalue(), label, prefix)


def _draw(axes: Any, y: int, row: Bar) -> None:
    axes.text(0, y + 0.44, row.name, ha="left", va="baseline")
    axes.text(1, y + 0.44, row.note, ha="right", va="baseline")
    left = 0.0
    for kind, (colour, hatch) in LOOKS.items():
        length = row.lengths.get(kind, 0)
        if length:
            look = {"color": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0}
            if colour == "none":
                look = {"facecolor": "none", "edgecolor": INK, "linewidth": 0.7}
            axes.barh(y + 0.72, length, BAR, left, **look)
            left += length


def _inline(text: str, label: str, prefix: str) -> str:
    """Return the drawing without what only a file of its own needs; ids start with `prefix`."""
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r"<style\b.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", text)
    text = re.sub(r'((?:\bid="|href="#|url\(#))', rf"\g<1>{prefix}-", text)
    text = re.sub(r'^<svg [^>]*?(viewBox="[^"]*")[^>]*>', r"<svg \1>", text)
    drawing = text.replace(INK, "currentColor").rstrip()
    return drawing.replace("<svg", f'<svg role="img" aria-label="{html.escape(label)}"', 1)
