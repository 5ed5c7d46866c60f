"""The one fast path under every activation: checked input, float64 inside, blocks that stay in L2.

A kernel is a plain formula on float64 arrays. It may be written for the reader, temporaries and
all, because it never sees more than a block of the data: the temporaries of one block are still in
the second-level cache when the next operation reads them.
"""

from collections.abc import Callable, Sequence
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
    first: Kernel | None = None,
    name: str = "x",
) -> Array:
    """Return `kernel(x, *params)` with x's shape and dtype, rounded once from float64.

    `first` is a shorter kernel, tried first; a block in which it overflows goes to `kernel`, which
    must not. `name` is what messages call x. Numbers and 0-d arrays give NumPy scalars unless `out`
    is given.
    """
    a = real(x, name)
    if out is not None:
        check_out(out, a)
    rest = [_like(p, a.shape) for p in params]
    # Kernels underflow, and most overflow, to the limits on purpose.
    with np.errstate(all="ignore", over="ignore" if first is None else "raise"):
        if a.size > BLOCK:
            y = _in_blocks(kernel, first, a, rest, out)
        else:
            y = _apply(kernel, first, a, rest)
        return _delivered(y, a, out)


def _apply(kernel: Kernel, first: Kernel | None, x: Array, params: Sequence[Any]) -> Block:
    """Return one block's values: the processor's overflow flag chooses between the kernels."""
    block = x.astype(np.float64, copy=False)
    if first is not None:
        try:
            return first(block, *params)
        except FloatingPointError:
            pass
    return kernel(block, *params)


def _delivered(y: Block, a: Array, out: Array | None) -> Array:
    """Return y as a's dtype, in `out` when there is one."""
    if out is None:
        return np.asarray(y, a.dtype)[()]
    if y is not out:
        out[...] = y
    return out


def _in_blocks(
    kernel: Kernel, first: Kernel | None, a: Array, params: list[Any], out: Array | None
) -> Array:
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
        target[part] = _apply(kernel, first, source[part], args)
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
