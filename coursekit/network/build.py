"""Build a network: lay its parameters out in one vector, draw them, put the layers in a row."""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from coursekit import activations
from coursekit.network.choices import choose
from coursekit.network.initializers import Initializer
from coursekit.network.layers import Activation, BatchNorm, Dense, Dropout, Layer

Shape: TypeAlias = tuple[int, ...]
Arrays: TypeAlias = Mapping[str, Any]
Function: TypeAlias = Callable[[Any], Any]
Rule: TypeAlias = str | tuple[Function, Function]


def activation(rule: Rule) -> tuple[Function, Function]:
    """Return a function and its derivative: by name from `coursekit.activations`, or as given."""
    if not isinstance(rule, str):
        function, derivative = rule
        return function, derivative
    names = [name for name in activations.__all__ if f"{name}_grad" in activations.__all__]
    # softmax mixes the classes, prelu needs a slope, logit takes probabilities
    of_z = [name for name in names if name not in ("softmax", "log_softmax", "prelu", "logit")]
    name = choose("activation", rule, {name: name for name in of_z})
    return getattr(activations, name), getattr(activations, f"{name}_grad")


def shapes(sizes: Sequence[int], batch_norm: bool) -> dict[str, Shape]:
    """Return the shape of every parameter of one network, by name, in the order of the layers."""
    found: dict[str, Shape] = {}
    for i, (n_in, n_out) in enumerate(itertools.pairwise(sizes), start=1):
        found |= {f"W{i}": (n_in, n_out), f"b{i}": (n_out,)}
        if batch_norm and i < len(sizes) - 1:
            found |= {f"gamma{i}": (n_out,), f"beta{i}": (n_out,)}
    return found


def size(named: Mapping[str, Shape]) -> int:
    """Return how many numbers the parameters are."""
    return sum(math.prod(shape) for shape in named.values())


def views(vector: Any, named: Mapping[str, Shape]) -> Arrays:
    """Return windows on a vector, one a parameter: to write to either is to write to both."""
    ends = np.cumsum([math.prod(shape) for shape in named.values()])[:-1]
    parts = zip(named.items(), np.split(vector, ends, axis=-1), strict=True)
    return MappingProxyType(
        {name: part.reshape(*vector.shape[:-1], *shape) for (name, shape), part in parts}
    )


def draw(params: Arrays, rule: Initializer, seeds: Sequence[int], stacked: bool) -> None:
    """Fill in the weights, each network's from a generator of its own; biases stay 0."""
    for i, seed in enumerate(seeds):
        rng = np.random.default_rng([seed, 0])
        for name, array in params.items():
            one = array[i] if stacked else array
            if name.startswith("W"):
                one[...] = rule(rng, *one.shape)
            elif name.startswith("gamma"):
                one[...] = 1


def layers(
    params: Arrays,
    grads: Arrays,
    hidden: tuple[Function, Function],
    dropout: float,
    seeds: Sequence[int],
) -> list[Layer]:
    """Return Dense → [BatchNorm] → Activation → [Dropout] for every hidden layer, and a Dense."""
    row: list[Layer] = []
    last = sum(name.startswith("W") for name in params)
    for i in range(1, last + 1):
        W, b = f"W{i}", f"b{i}"
        row.append(Dense(params[W], params[b], grads[W], grads[b]))
        if i == last:
            break
        gamma, beta = f"gamma{i}", f"beta{i}"
        if gamma in params:
            row.append(BatchNorm(params[gamma], params[beta], grads[gamma], grads[beta]))
        row.append(Activation(*hidden))
        if dropout:
            row.append(Dropout(dropout, [np.random.default_rng([seed, 2, i]) for seed in seeds]))
    return row


def gradients(row: Sequence[Layer]) -> list[Any]:
    """Return the gradients that the layers keep, in the order of the parameters."""
    found: list[Any] = []
    for layer in row:
        if isinstance(layer, Dense):
            found += [layer.dW, layer.db]
        elif isinstance(layer, BatchNorm):
            found += [layer.dgamma, layer.dbeta]
    return found
