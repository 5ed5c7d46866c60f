"""Two ways to follow a gradient downhill: each `step` changes the parameters θ in place.

All parameters of a network lie in one vector θ, or in one row for each stacked network, so an
optimizer never hears of layers. `lr` is a number, or one for each stacked network.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.network.checks import checked_share


@dataclass(frozen=True)
class SGD:
    """v ← momentum·v + gradient, θ ← θ − lr·v: gradient descent, with inertia if you like.

    Source: Polyak, "Some methods of speeding up the convergence of iteration methods", USSR
    Computational Mathematics and Mathematical Physics, 1964.
    """

    lr: Any
    momentum: float = 0.0

    def __post_init__(self) -> None:
        _check(self.lr, momentum=self.momentum)

    def start(self, theta: Any) -> list[Any]:
        """Return the memory that `step` keeps: the velocity, and room for the change of θ."""
        return [np.zeros_like(theta), np.empty_like(theta)]

    def step(self, theta: Any, gradient: Any, memory: list[Any]) -> None:
        """Move θ."""
        velocity, change = memory
        if self.momentum:
            velocity *= self.momentum
            velocity += gradient
            gradient = velocity
        theta -= np.multiply(_rate(self.lr), gradient, out=change)


@dataclass(frozen=True)
class Adam:
    """Divide a running mean of the gradient by the root of a running mean of its square.

    θ ← θ − lr·m̂/(√v̂ + eps), where m̂ and v̂ are corrected for their start at 0.

    Source: Kingma & Ba, "Adam: a method for stochastic optimization", ICLR, 2015.
    """

    lr: Any = 1e-3
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    def __post_init__(self) -> None:
        _check(self.lr, beta1=self.beta1, beta2=self.beta2)

    def start(self, theta: Any) -> list[Any]:
        """Return the memory that `step` keeps: m, v and the number of steps."""
        return [np.zeros_like(theta), np.zeros_like(theta), 0]

    def step(self, theta: Any, gradient: Any, memory: list[Any]) -> None:
        """Move θ."""
        memory[2] += 1
        m, v, t = memory
        m += (1 - self.beta1) * (gradient - m)
        v += (1 - self.beta2) * (gradient * gradient - v)
        root = np.sqrt(v / (1 - self.beta2**t))
        theta -= _rate(self.lr) / (1 - self.beta1**t) * m / (root + self.eps)


def _rate(lr: Any) -> Any:
    """Return lr as it multiplies θ: a number, or a column with a row for each network."""
    return lr if isinstance(lr, float | int) else np.reshape(lr, (-1, 1))


def _check(lr: Any, **decays: float) -> None:
    if not np.all(np.asarray(lr, dtype=float) >= 0):
        raise ValueError(f"lr, the learning rate, must be 0 or more, not {lr}")
    for name, value in decays.items():
        checked_share(name, value)
