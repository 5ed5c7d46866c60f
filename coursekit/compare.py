"""Compare what came with what was expected, and say where they first differ."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.collect import Foreign


@dataclass(frozen=True)
class Tolerance:
    """Right means ``|got - expected| <= atol + rtol * |expected|``."""

    rtol: float
    atol: float


@dataclass(frozen=True)
class Difference:
    """The first place where a result is not the expected one.

    `where` is the index behind the call (``"[2]"``, or ``""``), `note` a sentence for
    results that are wrong in form (a bool, None, a shape) and not only in value. Where one
    element of an array is wrong, `index` is its place and `shape` the array's.
    """

    where: str
    expected: str
    got: str
    note: str = ""
    index: tuple[int, ...] = ()
    shape: tuple[int, ...] = ()


def difference(expected: Any, got: Any, tolerance: Tolerance, where: str = "") -> Difference | None:
    """Return the first difference between two plain values, or None where they agree."""
    if isinstance(expected, str) and isinstance(got, str):
        same = _letters(got) == _letters(expected)
        return None if same else Difference(where, show(expected), show(got))
    if isinstance(expected, frozenset) and isinstance(got, frozenset):
        same = set(map(_letters, got)) == set(map(_letters, expected))
        return None if same else Difference(where, show(expected), show(got))
    if expected is None or isinstance(expected, str | frozenset | Foreign):
        same = type(got) is type(expected) and got == expected
        return None if same else Difference(where, show(expected), show(got), wanted(expected))
    if got is None:
        return Difference(where, show(expected), "None", "Is a `return` missing?")
    if isinstance(expected, dict):
        return _in_dict(expected, got, tolerance, where)
    if isinstance(expected, tuple | list):
        return _in_sequence(expected, got, tolerance, where)
    return _in_numbers(np.asarray(expected), got, tolerance, where)


def _letters(text: str) -> str:
    """Return a text answer without what does not matter: case, spaces, what joins letters."""
    return re.sub(r"(?<=[^\W\d_])[\s,;>→–-]+(?=[^\W\d_])|[\s,;]", "", text).upper()


def _in_dict(
    expected: dict[str, Any], got: Any, tolerance: Tolerance, where: str
) -> Difference | None:
    if not isinstance(got, dict) or set(got) != set(expected):
        return Difference(where, show(expected), show(got), wanted(expected))
    found = (difference(e, got[k], tolerance, f"{where}[{k!r}]") for k, e in expected.items())
    return next((d for d in found if d is not None), None)


def _in_sequence(
    expected: tuple[Any, ...] | list[Any], got: Any, tolerance: Tolerance, where: str
) -> Difference | None:
    if isinstance(got, np.ndarray) and got.ndim == 1 and all(np.ndim(e) == 0 for e in expected):
        got = list(got)
    if not isinstance(got, tuple | list):
        note = wanted(expected)
        if isinstance(expected, tuple) and len(expected) > 1 and np.ndim(got):
            names = ", ".join("abcdefgh"[: len(expected)])
            note = f"{len(expected)} separate results are wanted (`return {names}`), not one array."
        return Difference(where, show(expected), show(got), note)
    if len(got) != len(expected):
        note = f"{wanted(expected)[:-1]}, {len(got)} came."
        return Difference(where, show(expected), show(got), note)
    pairs = enumerate(zip(expected, got, strict=True))
    found = (difference(e, g, tolerance, f"{where}[{i}]") for i, (e, g) in pairs)
    return next((d for d in found if d is not None), None)


def _in_numbers(
    expected: np.ndarray, got: Any, tolerance: Tolerance, where: str
) -> Difference | None:
    array = _as_array(got)
    if array is None or (array.dtype.kind == "b") != (expected.dtype.kind == "b"):
        return Difference(where, show(expected), show(got), wanted(expected))
    if array.shape != expected.shape:
        note = f"Its shape is {array.shape}, not {expected.shape}."
        note = note if expected.shape else wanted(expected)
        return Difference(where, show(expected), show(got), note)
    if array.dtype in (np.float16, np.float32):
        note = f"It was computed in {array.dtype}; float64 is wanted."
        return Difference(where, show(expected), show(got), note)
    wrong = np.argwhere(~close(expected, array, tolerance))
    if not len(wrong):
        return None
    index = tuple(int(i) for i in wrong[0])
    place = f"[{', '.join(map(str, index))}]" if index else ""
    one, other, note = show(expected[index]), show(array[index]), _of_whole(expected, array)
    return Difference(where + place, one, other, note, index=index, shape=expected.shape)


def _of_whole(expected: np.ndarray, got: np.ndarray) -> str:
    """Return a sentence for floats of which an integer array has kept the whole part only."""
    if not got.shape or (got.dtype.kind, expected.dtype.kind) not in {("i", "f"), ("u", "f")}:
        return ""
    if not np.array_equal(got.astype(float), np.trunc(expected)):
        return ""
    return (
        "The result was cut to whole numbers; "
        "write `0.0`, not `0`, or start with `np.asarray(x, float)`."
    )


def close(expected: np.ndarray, got: np.ndarray, tolerance: Tolerance) -> Any:
    """Return elementwise whether `got` is within the tolerance; NaN equals NaN, inf inf."""
    expected, got = expected.astype(float), got.astype(float)
    with np.errstate(all="ignore"):
        near = abs(got - expected) <= tolerance.atol + tolerance.rtol * abs(expected)
    finite = np.isfinite(expected) & np.isfinite(got)
    return (near & finite) | (got == expected) | (np.isnan(got) & np.isnan(expected))


def _as_array(got: Any) -> np.ndarray | None:
    """Return numbers and (nested) lists of numbers as an array, anything else as None."""
    if isinstance(got, str | dict | frozenset | Foreign) or got is ...:
        return None
    try:
        array = np.asarray(got)
    except (ValueError, OverflowError):
        return None
    return array if array.dtype.kind in "biuf" else None


def wanted(expected: Any) -> str:
    """Return a sentence on the form of a result; it must not give the result away."""
    if isinstance(expected, dict):
        return f"A dict with the keys {', '.join(expected)} is wanted."
    if isinstance(expected, tuple | list):
        count = len(expected)
        return "1 result is wanted." if count == 1 else f"{count} results are wanted."
    if isinstance(expected, str | frozenset):
        return "A string is wanted." if isinstance(expected, str) else "A set is wanted."
    array = np.asarray(expected)
    kind = "bool" if array.dtype.kind == "b" else "number"
    return f"An array of {kind}s is wanted." if array.shape else f"A single {kind} is wanted."


def show(value: Any, width: int = 56) -> str:
    """Return a short one-line picture of a plain value."""
    text = one_line(_picture(value, width)[: 20 * width])  # a worker may send very long ones
    if len(text) <= width:
        return text
    if isinstance(value, np.ndarray):
        return f"array of shape {value.shape}"
    return text[: width - 1] + "…"


def one_line(text: str) -> str:
    """Return `text` on one line, without characters that a terminal might obey."""
    return "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text.split()))


def _picture(value: Any, width: int) -> str:
    if isinstance(value, Foreign):
        article = "an" if value.kind[:1].lower() in tuple("aeiou") else "a"
        return f"{article} {value.kind}"
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        value = value.item()
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(map(repr, value))) + "}" if value else "set()"
    if isinstance(value, tuple | list):
        inner = ", ".join(show(item, width) for item in value[:width])
        comma = "," if len(value) == 1 else ""
        return f"({inner}{comma})" if isinstance(value, tuple) else f"[{inner}]"
    try:
        with np.printoptions(
            threshold=6, edgeitems=2, precision=8, linewidth=1000, suppress=False, formatter=None
        ):
            return repr(value)
    except ValueError:  # Python refuses to print integers of more than 4300 digits
        return "an enormous number"
