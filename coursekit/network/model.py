"""The network: layers in a row, a pass forwards, a pass backwards."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from coursekit.network import build
from coursekit.network.checks import (
    checked_samples,
    checked_seeds,
    checked_share,
    checked_sizes,
    checked_targets,
)
from coursekit.network.choices import choose
from coursekit.network.initializers import Initializer, initializer
from coursekit.network.layers import Activation, Dense, Layer
from coursekit.network.objectives import OBJECTIVES


@dataclass(frozen=True)
class Trace:
    """What one pass forwards and one backwards leave behind.

    z, a and dz are the pre-activations, the activations and ∂loss/∂z, one array a hidden layer; dW
    is ∂loss/∂W, the output layer's last; gradients has all of them by the parameter's name.
    """

    loss: Any
    z: list[Any]
    a: list[Any]
    dz: list[Any]
    dW: list[Any]
    gradients: dict[str, Any]


class Network:
    """A multilayer perceptron, or several with different seeds stacked along a leading axis.

    sizes: the numbers of inputs, of units in each hidden layer, and of outputs.
    activation: a name from `coursekit.activations`, or a pair of functions of z: f and f′.
    init: a name from `INITIALIZERS`, a number (the standard deviation of normal weights) or a
    function of (rng, n_in, n_out); biases start at 0.
    loss: "cross_entropy" (softmax, for class numbers), "bce" (σ, for targets from 0 to 1), which
    both take the outputs as logits, or "mse".
    output: an activation on the outputs, with "mse" only; without it they are linear.
    batch_norm, dropout: normalise the hidden layers; the share of their activations to drop.
    seed: a whole number, or a sequence of them for as many networks.

    >>> net = Network([2, 3, 1], "tanh", loss="bce", seed=0)
    >>> {name: p.shape for name, p in net.params.items()}
    {'W1': (2, 3), 'b1': (3,), 'W2': (3, 1), 'b2': (1,)}
    >>> Network([2, 3, 1], "tanh", loss="bce", seed=[0, 1]).params["W1"].shape
    (2, 2, 3)

    To set a parameter write into it, as in `net.params["W1"][...] = W`.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: build.Rule = "sigmoid",
        *,
        init: str | float | Initializer = "xavier_uniform",
        loss: str = "cross_entropy",
        output: build.Rule | None = None,
        batch_norm: bool = False,
        dropout: float = 0.0,
        seed: int | Sequence[int] = 0,
        dtype: Any = np.float64,
    ) -> None:
        self.sizes = checked_sizes(sizes)
        self.seeds = checked_seeds(seed)
        self.stack = () if isinstance(seed, int | np.integer) else (len(self.seeds),)
        self.objective = choose("loss", loss, OBJECTIVES)
        shapes = build.shapes(self.sizes, batch_norm)
        self.theta = np.zeros((*self.stack, build.size(shapes)), dtype)
        self.gradient = np.zeros_like(self.theta)
        self.params = build.views(self.theta, shapes)
        self.grads = build.views(self.gradient, shapes)
        build.draw(self.params, initializer(init), self.seeds, stacked=bool(self.stack))
        rate, pair = checked_share("dropout", dropout), build.activation(activation)
        self.layers = build.layers(self.params, self.grads, pair, rate, self.seeds)
        if output is not None:
            if loss != "mse":
                raise ValueError(f"the loss {loss!r} takes logits: it needs no output activation")
            self.layers.append(Activation(*build.activation(output)))

    def forward(self, X: Any) -> Any:
        """Return the outputs z, (n, outputs), with dropout off and the running batch statistics."""
        return forward(self.layers, self.samples(X), training=False)

    def predict(self, X: Any) -> Any:
        """Return the class of every row of X, (n,); outputs that are no classes are each 0 or 1."""
        return self.objective.decide(self.forward(X))

    def predict_proba(self, X: Any) -> Any:
        """Return the probabilities: softmax (n, classes), or σ (n,); with "mse" the outputs."""
        return self.objective.probability(self.forward(X))

    def loss(self, X: Any, y: Any) -> Any:
        """Return the mean loss over the samples; stacked networks have one each."""
        z = self.forward(X)
        return self.objective.loss(z, self.targets(y, z.shape[-2]))

    def accuracy(self, X: Any, y: Any) -> Any:
        """Return the share of right predictions; stacked networks have one each."""
        z = self.forward(X)
        return self.share_right(z, self.targets(y, z.shape[-2]))

    def share_right(self, z: Any, t: Any) -> Any:
        """Return the accuracy of outputs that are already there."""
        right = self.objective.decide(z) == self.objective.truth(t)
        return right.reshape(*self.stack, -1).mean(-1)

    def trace(self, X: Any, y: Any) -> Trace:
        """Return what a training step on these samples would compute, and change nothing.

        >>> net = Network([2, 4, 4, 2], "sigmoid")
        >>> [dz.shape for dz in net.trace([[0.0, 1.0]], [1]).dz]
        [(1, 4), (1, 4)]
        """
        X = self.samples(X)
        t = self.targets(y, len(X))
        layers = copy.deepcopy(self.layers)
        z = forward(layers, X, training=True)
        backward(layers, self.objective.gradient(z, t))
        hidden = [layer for layer in layers[:-1] if isinstance(layer, Activation)]
        dW = [layer.dW for layer in layers if isinstance(layer, Dense)]
        return Trace(
            loss=self.objective.loss(z, t),
            z=[layer.z for layer in hidden],
            a=[layer.a for layer in hidden],
            dz=[layer.dz for layer in hidden],
            dW=dW,
            gradients=dict(zip(self.params, build.gradients(layers), strict=True)),
        )

    def samples(self, X: Any) -> Any:
        """Return X as training uses it, or say what is wrong with it."""
        return checked_samples(X, self.sizes[0], self.theta.dtype)

    def targets(self, y: Any, n: int) -> Any:
        """Return y as targets (n, outputs), one-hot for classes, or say what is wrong with it."""
        t = self.objective.targets(y, self.sizes[-1])
        return checked_targets(t, n, self.theta.dtype)

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a Network's parameters are views of one vector, which a copy would tear apart; make "
            "another Network with the same arguments, then copy with twin.theta[...] = net.theta"
        )


def forward(layers: Sequence[Layer], X: Any, training: bool) -> Any:
    """Send samples through the layers, first to last."""
    a = X
    for layer in layers:
        a = layer.forward(a, training)
    return a


def backward(layers: Sequence[Layer], gradient: Any) -> None:
    """Send ∂loss/∂z of the outputs back, last to first; each layer keeps its own gradients."""
    first, *others = layers
    for layer in reversed(others):
        gradient = layer.backward(gradient)
    if isinstance(first, Dense):
        first.gradients(gradient)  # nobody asks for the gradient of the data
