"""Reverse-mode differentiation on arrays: write the loss, get every gradient.

A `Tensor` is an array that remembers how it was made: `links` holds, for each tensor it was made
from, that parent and its vjp, a function that turns ∂loss/∂(this) into the parent's share of it
(a vector-Jacobian product). `backward` walks the links from the loss to the leaves.

>>> W = Tensor([[1.0, 2.0], [3.0, 4.0]])
>>> loss = mean((np.ones((5, 2)) @ W) ** 2)
>>> loss.backward()
>>> W.grad
array([[4., 6.],
       [4., 6.]])

Plain arrays and numbers are constants. The operations come first, each a value and its vjps, where
g is ∂loss/∂(the result); the walk is at the end.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from coursekit import activations, losses
from coursekit._elementwise import real

Vjp: TypeAlias = Callable[..., Any]


def unbroadcast(g: Any, shape: tuple[int, ...]) -> Any:
    """Sum g back to `shape`: what was copied on the way forwards is added up on the way back.

    >>> unbroadcast(np.ones((5, 2)), (2,)), unbroadcast(np.ones((5, 2)), (5, 1)).shape
    (array([5., 5.]), (5, 1))
    """
    if g.shape == shape:
        return g
    padded = (0,) * (g.ndim - len(shape)) + shape
    copied = tuple(i for i, size in enumerate(padded) if size != g.shape[i])
    return g.sum(axis=copied).reshape(shape)


def made(value: Any, *links: tuple[Any, Vjp]) -> "Tensor":
    """Return a tensor linked to those of its parents that are tensors."""
    return Tensor(value, tuple(link for link in links if isinstance(link[0], Tensor)))


def plain(x: Any) -> Any:
    """Return the array in a tensor, or a constant as an array."""
    return x.value if isinstance(x, Tensor) else real(x, "operand")


def add(x: Any, y: Any) -> "Tensor":
    """The sum x + y: both get g."""
    return made(plain(x) + plain(y), (x, lambda g: g), (y, lambda g: g))


def subtract(x: Any, y: Any) -> "Tensor":
    """The difference x − y: x gets g, y gets −g."""
    return made(plain(x) - plain(y), (x, lambda g: g), (y, lambda g: -g))


def multiply(x: Any, y: Any) -> "Tensor":
    """The product x · y: each gets g times the other."""
    a, b = plain(x), plain(y)
    return made(a * b, (x, lambda g: g * b), (y, lambda g: g * a))


def divide(x: Any, y: Any) -> "Tensor":
    """The quotient x / y: x gets g/y, y gets −g·x/y²."""
    a, b = plain(x), plain(y)
    return made(a / b, (x, lambda g: g / b), (y, lambda g: -g * a / b**2))


def power(x: Any, exponent: float) -> "Tensor":
    """x^k for a constant k: x gets g·k·x^(k − 1)."""
    a = plain(x)
    return made(a**exponent, (x, lambda g: g * exponent * a ** (exponent - 1)))


def matmul(x: Any, y: Any) -> "Tensor":
    """The matrix product x @ y: x gets g @ yᵀ, y gets xᵀ @ g; the shapes allow nothing else."""
    a, b = plain(x), plain(y)
    if a.ndim < 2 or b.ndim < 2 or a.shape[-1] != b.shape[-2]:
        raise ValueError(f"x @ y needs shapes (…, n, k) and (…, k, m), not {a.shape} and {b.shape}")
    return made(a @ b, (x, lambda g: g @ b.swapaxes(-1, -2)), (y, lambda g: a.swapaxes(-1, -2) @ g))


def total(x: Any, axis: Any = None, keepdims: bool = False) -> "Tensor":
    """Sum over an axis: every entry of x gets the g of the sum it went into."""
    a = plain(x)
    kept = a.sum(axis=axis, keepdims=True)
    value = kept if keepdims else a.sum(axis=axis)
    return made(value, (x, lambda g: np.broadcast_to(np.reshape(g, kept.shape), a.shape)))


def mean(x: Any, axis: Any = None, keepdims: bool = False) -> "Tensor":
    """Mean over an axis: a sum, divided."""
    summed = total(x, axis, keepdims)
    return multiply(summed, summed.value.size / plain(x).size)


def take(x: Any, index: Any) -> "Tensor":
    """x[index]: what was taken gets its g, as often as it was taken, the rest gets 0."""
    a = plain(x)

    def vjp(g: Any) -> Any:
        back = np.zeros_like(a)
        np.add.at(back, index, g)
        return back

    return made(a[index], (x, vjp))


def exp(x: Any) -> "Tensor":
    """e^x, which is its own derivative."""
    return elementwise(np.exp, np.exp, x)


def log(x: Any) -> "Tensor":
    """The logarithm: x gets g/x."""
    return elementwise(np.log, np.reciprocal, x)


def sigmoid(x: Any) -> "Tensor":
    """σ(x): x gets g·a(1 − a), from the output a that is there already."""
    a = activations.sigmoid(plain(x))
    return made(a, (x, lambda g: g * (a * (1 - a))))


def prelu(x: Any, alpha: Any) -> "Tensor":
    """prelu(x, α): α gets g·min(x, 0), summed over the entries that share it."""
    a, slope = plain(x), plain(alpha)
    return made(
        activations.prelu(a, slope),
        (x, lambda g: g * activations.prelu_grad(a, slope)),
        (alpha, lambda g: g * activations.prelu_alpha_grad(a)),
    )


def softmax(x: Any, axis: int = -1) -> "Tensor":
    """Softmax along an axis: x gets p·(g − Σ gp)."""
    p = activations.softmax(plain(x), axis)
    return made(p, (x, lambda g: p * (g - (g * p).sum(axis, keepdims=True))))


def log_softmax(x: Any, axis: int = -1) -> "Tensor":
    """Logarithm of softmax: x gets g − softmax(x)·Σ g."""
    a = plain(x)
    vjp = partial(activations.log_softmax_grad, a, axis=axis)
    return made(activations.log_softmax(a, axis), (x, vjp))


def cross_entropy(z: Any, y: Any) -> "Tensor":
    """The loss of class numbers y under logits z (n, k): z gets g·(softmax(z) − onehot(y))/n."""
    logits, true = losses._classes(plain(z), y)
    shifted = logits.T - logits.max(1)
    e = np.exp(shifted)
    summed = e.sum(0)

    def vjp(g: Any) -> Any:
        p = e / summed
        p[true] -= 1
        return (p.T * (g / len(logits))).astype(plain(z).dtype)

    return made(np.mean(np.log(summed) - shifted[true]), (z, vjp))


def bce_with_logits(z: Any, y: Any) -> "Tensor":
    """The loss of targets y from 0 to 1 under logits z of the same shape: z gets g·(σ(z) − y)/n."""
    a = plain(z)
    return made(losses.bce_with_logits(a, y), (z, lambda g: g * losses.bce_with_logits_grad(a, y)))


def __getattr__(name: str) -> Callable[..., "Tensor"]:
    """Every other function of `coursekit.activations` works on tensors too: x gets g·f′(x)."""
    if name.endswith("_grad") or f"{name}_grad" not in activations.__all__:
        raise AttributeError(f"module 'coursekit.autograd' has no attribute {name!r}")
    return partial(elementwise, getattr(activations, name), getattr(activations, f"{name}_grad"))


def elementwise(function: Vjp, derivative: Vjp, x: Any, *rest: Any, **named: Any) -> "Tensor":
    """f(x) element by element: x gets g·f′(x)."""
    a = plain(x)
    value = function(a, *rest, **named)
    return made(value, (x, lambda g: g * derivative(a, *rest, **named)))


class Tensor:
    """An array, its place in the graph, and after `backward` ∂loss/∂(this array) in `grad`."""

    __slots__ = ("grad", "links", "value")
    __array_ufunc__ = None  # so that `array @ tensor` asks the tensor, not the array

    def __init__(self, value: Any, links: tuple[tuple["Tensor", Vjp], ...] = ()) -> None:
        self.value: Any = real(value, "value")
        self.links = links
        self.grad: Any = None

    def backward(self) -> None:
        """Set `grad` of this scalar and of every tensor it was made from; grads start at None."""
        if self.value.size != 1:
            raise ValueError(f"backward starts from one number, not from shape {self.value.shape}")
        order = topological_order(self)
        for tensor in order:
            tensor.grad = None
        self.grad = np.ones_like(self.value)
        for tensor in reversed(order):
            for parent, vjp in tensor.links:
                share = unbroadcast(vjp(tensor.grad), parent.value.shape)
                parent.grad = share if parent.grad is None else parent.grad + share

    def __repr__(self) -> str:
        return f"Tensor({self.value!r})"

    def __neg__(self) -> "Tensor":
        return multiply(self, -1.0)

    def __rsub__(self, other: Any) -> "Tensor":
        return subtract(other, self)

    def __rtruediv__(self, other: Any) -> "Tensor":
        return divide(other, self)

    def __rmatmul__(self, other: Any) -> "Tensor":
        return matmul(other, self)

    __add__ = __radd__ = add
    __mul__ = __rmul__ = multiply
    __sub__, __truediv__, __matmul__, __pow__, __getitem__ = subtract, divide, matmul, power, take


def topological_order(tensor: Tensor) -> list[Tensor]:
    """Return this tensor and all it was made from, parents first, each once.

    A tensor is met twice, before its parents and after them; after them it joins the list. The
    stack is our own, because a chain may be longer than Python's recursion is deep.
    """
    order: list[Tensor] = []
    seen: set[Tensor] = set()
    stack = [(tensor, False)]
    while stack:
        node, parents_done = stack.pop()
        if parents_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent, _ in node.links)
    return order
