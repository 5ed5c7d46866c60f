"""The one fast path under every activation: checked input, float64 inside, blocks that stay in L2.

A kernel is a plain formula on a one-dimensional float64 array. It may be written for the reader,
temporaries and all, because it never sees more than a block of the data: the temporaries of one
block are still in the second-level cache when the next operation reads them.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
Block: TypeAlias = Any  # float64, one-dimensional; NumPy types what its ufuncs return as Any
Kernel: TypeAlias = Callable[..., Block]

BLOCK = 1 << 15  # elements: 256 KiB of float64, so that a few temporaries fit in L2

_OBJECTS = {
    "U": "text",
    "S": "text",
    "T": "text",
    "c": "complex numbers",
    "M": "dates",
    "m": "dates",
}


def elementwise(kernel: Kernel, x: ArrayLike, out: Array | None, *params: ArrayLike) -> Array:
    """Return `kernel(x, *params)` with x's shape and dtype, rounded once from float64.

    Scalars and 0-d arrays give NumPy scalars, as NumPy's own functions do, unless `out` is given.
    """
    x = real(x, "x")
    y = np.empty(x.shape, x.dtype) if out is None else checked(out, x)
    flat = x.reshape(-1)
    rest = [_like(p, x) for p in params]
    with np.errstate(all="ignore"):  # kernels overflow to the limits on purpose
        _fill(y, flat, kernel, rest)
    return y if y.ndim or out is not None else y[()]


def real(x: ArrayLike, name: str) -> Array:
    """Return x as a float16, float32 or float64 array, or say why it cannot be one."""
    try:
        a = np.asarray(x)
    except ValueError as error:
        raise ValueError(
            f"{name} must be a number or a rectangular array of real numbers; "
            "its rows have different lengths"
        ) from error
    if a.dtype.kind in "biu":
        return a.astype(np.float64)
    if a.dtype.kind == "f" and a.dtype.itemsize <= 8:
        return a.astype(a.dtype.newbyteorder("="), copy=False)
    found = _OBJECTS.get(a.dtype.kind, f"{type(x).__name__} of dtype {a.dtype}")
    raise TypeError(
        f"{name} must be real numbers (float16, float32, float64 or integers), "
        f"not {'None' if x is None else found}"
    )


def checked(out: Array, x: Array) -> Array:
    """Return `out` if a result like x fits into it, or say what was expected."""
    if not isinstance(out, np.ndarray):
        raise TypeError(f"out must be a NumPy array, not {type(out).__name__}")
    if out.shape != x.shape or out.dtype != x.dtype:
        raise ValueError(
            f"out must have shape {x.shape} and dtype {x.dtype}, "
            f"not shape {out.shape} and dtype {out.dtype}"
        )
    if not out.flags.writeable:
        raise ValueError(f"out must be a writable array of shape {x.shape}; it is read-only")
    return out


def _fill(y: Array, x: Array, kernel: Kernel, rest: list[Any]) -> None:
    """Write the kernel's values into y, block by block."""
    if x.size <= BLOCK:
        y[...] = kernel(x.astype(np.float64, copy=False), *rest).reshape(y.shape)
        return
    apart = y.flags.c_contiguous and not np.may_share_memory(x, y)
    target = y.reshape(-1) if apart else np.empty(x.size, y.dtype)
    for i in range(0, x.size, BLOCK):
        part = slice(i, i + BLOCK)
        args = [p if np.ndim(p) == 0 else p[part] for p in rest]
        target[part] = kernel(x[part].astype(np.float64, copy=False), *args)
    if not apart:
        y[...] = target.reshape(y.shape)


def _like(alpha: ArrayLike, x: Array) -> Any:
    """Return a parameter as a float, or as one float64 value for every element of x."""
    a = real(alpha, "alpha")
    if a.ndim == 0:
        return float(a)
    try:
        return np.broadcast_to(a.astype(np.float64), x.shape).reshape(-1)
    except ValueError as error:
        raise ValueError(
            f"alpha must be a number or broadcast to the shape of x, {x.shape}; "
            f"its shape is {a.shape}"
        ) from error
