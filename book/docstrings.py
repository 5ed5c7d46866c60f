"""Docstrings are written for `help`; here their formulas are set, and nothing else is mark-up."""

import re
from typing import Any

_POWER = re.compile(r"\^(\([^()]*\)|[−-]?(?:\w*\|\w+\||\w+\([^()]*\)|\w+))")
_SPECIAL = re.compile(r"[|*]|_(?!\w)")
_CODE = re.compile(r"``.+?``|`[^`]+`")


def marked_up(lines: list[str]) -> list[str]:
    r"""Return the lines of a docstring as reStructuredText; examples stay as they are.

    >>> marked_up(["σ(x) = 1/(1 + e^−|x|)", ">>> a |= b"])
    ['σ(x) = 1/(1 + e\\ :sup:`−|x|`\\ )', '>>> a |= b']
    """
    result, example = [], False
    for line in lines:
        example = line.lstrip().startswith(">>>") or (example and bool(line.strip()))
        result.append(line if example else _line(line))
    return result


def _line(line: str) -> str:
    """Mark up what is between the pieces of code."""
    pieces, end = [], 0
    for code in _CODE.finditer(line):
        pieces += [_text(line[end : code.start()]), f"``{code[0].strip('`')}``"]
        end = code.end()
    return "".join([*pieces, _text(line[end:])])


def _text(text: str) -> str:
    pieces = _POWER.split(text)  # what is between the powers, and at every second place a power
    for i in range(0, len(pieces), 2):
        pieces[i] = _SPECIAL.sub(r"\\\g<0>", pieces[i])
    for i in range(1, len(pieces), 2):
        power = pieces[i]
        pieces[i] = rf"\ :sup:`{power[1:-1] if power.startswith('(') else power}`\ "
    return "".join(pieces)


def process(app: Any, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Sphinx hands every docstring to this (the event `autodoc-process-docstring`)."""
    lines[:] = marked_up(lines)
