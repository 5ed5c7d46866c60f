"""The one fast path under every activation: checked input, float64 inside, blocks that stay in L2.

A kernel is a plain formula on float64 arrays. It may be written for the reader, temporaries and
all, because it never sees more than a block of the data: the temporaries of one block are still in
the second-level cache when the next operation reads them.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
Block: TypeAlias = Any  # an array of float64; NumPy types what its ufuncs return as Any
Kernel: TypeAlias = Callable[..., Block]

BLOCK = 1 << 15  # elements: 256 KiB of float64, so that a few temporaries fit in L2
FLOATS = (np.dtype(np.float64), np.dtype(np.float32), np.dtype(np.float16))


def elementwise(
    kernel: Kernel,
    x: ArrayLike,
    out: Array | None,
    *params: ArrayLike,
    narrow: Kernel | None = None,
    name: str = "x",
) -> Array:
    """Return `kernel(x, *params)` with x's shape and dtype, rounded once from float64.

    float16 and float32 go through `narrow` where there is one: with 29 bits to spare, a shorter
    formula is as good. `name` is what messages call x. Numbers and 0-d arrays give NumPy scalars
    unless `out` is given.
    """
    a = real(x, name)
    if out is not None:
        check_out(out, a)
    if narrow is not None and a.dtype != np.float64:
        kernel = narrow
    rest = [_like(p, a.shape) for p in params]
    with np.errstate(all="ignore"):  # kernels overflow and underflow to the limits on purpose
        if a.size > BLOCK:
            y = _in_blocks(kernel, a, rest, out)
        else:
            block = a if a.ndim else a.reshape(1)
            y = kernel(block.astype(np.float64, copy=False), *rest)
        return _delivered(y, a, out)


def _delivered(y: Block, a: Array, out: Array | None) -> Array:
    """Return y as a's dtype, in `out` when there is one."""
    every = ... if a.ndim else 0  # a single number went in as an array of one
    if out is None:
        result: Array = np.asarray(y, a.dtype)[every]
        return result
    if y is not out:
        out[...] = y[every]
    return out


def _in_blocks(kernel: Kernel, a: Array, params: list[Any], out: Array | None) -> Array:
    """Return the kernel's values for a long array, written straight into `out` where that is safe.

    Safe is an `out` apart from the input or the input itself: a block is read before it is written.
    """
    safe = out is a or (out is not None and not np.may_share_memory(out, a))
    y = out if out is not None and safe and out.flags.c_contiguous else np.empty(a.shape, a.dtype)
    source, target = a.reshape(-1), y.reshape(-1)
    flat = [p if isinstance(p, float) else np.broadcast_to(p, a.shape).reshape(-1) for p in params]
    for start in range(0, a.size, BLOCK):
        part = slice(start, start + BLOCK)
        args = [p if isinstance(p, float) else p[part] for p in flat]
        target[part] = kernel(source[part].astype(np.float64, copy=False), *args)
    return y


def real(x: ArrayLike, name: str) -> Array:
    """Return x as a float16, float32 or float64 array, or say why it cannot be one."""
    try:
        a = np.asarray(x)
    except ValueError as error:
        raise ValueError(
            f"{name} must be a number or a rectangular array of numbers; its rows differ in length"
        ) from error
    if a.dtype in FLOATS:
        return a
    if a.dtype.kind in "biu":
        return a.astype(np.float64)
    if a.dtype.newbyteorder("=") in FLOATS:
        return a.astype(a.dtype.newbyteorder("="))
    found = f"dtype {a.dtype}" if isinstance(x, np.ndarray) else f"{type(x).__name__}: {x!r:.40}"
    raise TypeError(
        f"{name} must hold real numbers (float16, float32, float64, integers or booleans), "
        f"not {found}"
    )


def check_out(out: Array, like: Array) -> None:
    """Say what was expected, if `out` cannot take a result of this shape and dtype."""
    if not isinstance(out, np.ndarray):
        raise TypeError(f"out must be a NumPy array, not {type(out).__name__}")
    if out.shape != like.shape or out.dtype != like.dtype:
        raise ValueError(
            f"out must have shape {like.shape} and dtype {like.dtype}, "
            f"not shape {out.shape} and dtype {out.dtype}"
        )
    if not out.flags.writeable:
        raise ValueError("out must be writable; this array is read-only")


def _like(alpha: ArrayLike, shape: tuple[int, ...]) -> Any:
    """Return a parameter as a float, or as a float64 array that broadcasts to x's shape."""
    a = real(alpha, "alpha").astype(np.float64)
    if a.ndim == 0:
        return float(a)
    try:
        np.broadcast_to(a, shape)
    except ValueError as error:
        raise ValueError(
            f"alpha must be a number or broadcast to the shape of x, {shape}, not {a.shape}"
        ) from error
    return a
