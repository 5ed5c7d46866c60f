"""How large weights start: each function draws W of shape (n_in, n_out) from a generator.

A layer sums n_in products, so the variance of z is n_in · var(W) times that of the inputs. Every
rule below is an answer to one question: which variance of W keeps the signal, forwards (n_in), or
the gradient, backwards (n_out), as large as it was?
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from coursekit.network.choices import choose

Generator: TypeAlias = np.random.Generator
Initializer: TypeAlias = Callable[[Generator, int, int], Any]


def zeros(rng: Generator, n_in: int, n_out: int) -> Any:
    """W = 0: all units of a layer are the same unit, and stay it."""
    return np.zeros((n_in, n_out))


def normal(rng: Generator, n_in: int, n_out: int, std: float) -> Any:
    """W ~ N(0, std²), whatever the size of the layer."""
    if not std >= 0:
        raise ValueError(f"the standard deviation of the weights must be 0 or more, not {std}")
    return rng.normal(0, std, (n_in, n_out))


def standard(rng: Generator, n_in: int, n_out: int) -> Any:
    """W ~ U(±1/√n_in), of variance 1/(3 n_in): the usual rule before 2010, and long after.

    Source: the "commonly used heuristic" that Glorot & Bengio (2010) measure.
    """
    return _uniform(rng, n_in, n_out, (1 / n_in) ** 0.5)


def xavier_uniform(rng: Generator, n_in: int, n_out: int) -> Any:
    """W ~ U(±√(6/(n_in + n_out))), of variance 2/(n_in + n_out): forwards and backwards at once.

    Source: Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural
    networks", AISTATS, 2010.
    """
    return _uniform(rng, n_in, n_out, (6 / (n_in + n_out)) ** 0.5)


def xavier_normal(rng: Generator, n_in: int, n_out: int) -> Any:
    """W ~ N(0, 2/(n_in + n_out)); see `xavier_uniform`."""
    return normal(rng, n_in, n_out, (2 / (n_in + n_out)) ** 0.5)


def xavier_sigmoid(rng: Generator, n_in: int, n_out: int) -> Any:
    """4 · `xavier_uniform`: the slope of σ at 0 is 1/4, and the factor undoes it."""
    return 4 * xavier_uniform(rng, n_in, n_out)


def lecun_normal(rng: Generator, n_in: int, n_out: int) -> Any:
    """W ~ N(0, 1/n_in): keeps the variance of linear units and, by design, that of SELU.

    Source: LeCun, Bottou, Orr & Müller, "Efficient BackProp", 1998.
    """
    return normal(rng, n_in, n_out, (1 / n_in) ** 0.5)


def he_normal(rng: Generator, n_in: int, n_out: int) -> Any:
    """W ~ N(0, 2/n_in): the 2 makes up for the half of its inputs that a ReLU drops.

    Source: He, Zhang, Ren & Sun, "Delving deep into rectifiers: surpassing human-level performance
    on ImageNet classification", ICCV, 2015.
    """
    return normal(rng, n_in, n_out, (2 / n_in) ** 0.5)


def he_uniform(rng: Generator, n_in: int, n_out: int) -> Any:
    """W ~ U(±√(6/n_in)), of variance 2/n_in; see `he_normal`."""
    return _uniform(rng, n_in, n_out, (6 / n_in) ** 0.5)


def orthogonal(rng: Generator, n_in: int, n_out: int) -> Any:
    """W with orthonormal columns, or rows if there are fewer: no direction grows or shrinks.

    Source: Saxe, McClelland & Ganguli, "Exact solutions to the nonlinear dynamics of learning in
    deep linear neural networks", ICLR, 2014.
    """
    square = rng.normal(size=(max(n_in, n_out), min(n_in, n_out)))
    q, r = np.linalg.qr(square)
    q *= np.sign(np.diag(r))  # without it the signs of Q would depend on the algorithm
    return q if n_in >= n_out else q.T


def _uniform(rng: Generator, n_in: int, n_out: int, limit: float) -> Any:
    return rng.uniform(-limit, limit, (n_in, n_out))


INITIALIZERS: Mapping[str, Initializer] = MappingProxyType(
    {
        rule.__name__: rule
        for rule in (
            zeros,
            standard,
            xavier_uniform,
            xavier_normal,
            xavier_sigmoid,
            lecun_normal,
            he_normal,
            he_uniform,
            orthogonal,
        )
    }
)


def initializer(rule: str | float | Initializer) -> Initializer:
    """Return a rule by its name, a number as the standard deviation of `normal`, or the rule."""
    if callable(rule):
        return rule
    if isinstance(rule, float | int):
        return partial(normal, std=rule)
    return choose("initialisation", rule, INITIALIZERS)
