"""The four layers of a network: each maps its input forwards and the gradient backwards.

Arrays are (n, units), one sample a row, or (seeds, n, units) where several networks are stacked:
`@` and every sum below run over the last two axes, so the formulas are those of one network.
`d…` is the gradient of the loss: dz means ∂loss/∂z and has the shape of z.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

Layer: TypeAlias = "Dense | BatchNorm | Activation | Dropout"


class Dense:
    """z = X @ W + b, with W of shape (n_in, n_out) and b of shape (n_out,)."""

    def __init__(self, W: Any, b: Any, dW: Any, db: Any) -> None:
        self.W, self.b, self.dW, self.db = W, b, dW, db

    def forward(self, X: Any, training: bool) -> Any:
        """Return z for the rows of X."""
        self.X = X
        z = X @ self.W
        z += self.b[..., np.newaxis, :]
        return z

    def gradients(self, dz: Any) -> None:
        """DW = Xᵀ @ dz and db = the sum of dz over the samples."""
        np.matmul(self.X.swapaxes(-1, -2), dz, out=self.dW)
        dz.sum(-2, out=self.db)

    def backward(self, dz: Any) -> Any:
        """Take the gradients, and return dX = dz @ Wᵀ."""
        self.gradients(dz)
        return dz @ self.W.swapaxes(-1, -2)


class Activation:
    """a = f(z), element by element; f′ is a function of its own and takes z, not a."""

    def __init__(self, function: Callable[[Any], Any], derivative: Callable[[Any], Any]) -> None:
        self.function, self.derivative = function, derivative

    def forward(self, z: Any, training: bool) -> Any:
        """Return a."""
        self.z = z
        self.a = self.function(z)
        return self.a

    def backward(self, da: Any) -> Any:
        """Return dz = da · f′(z)."""
        self.dz = da * self.derivative(self.z)
        return self.dz


class Dropout:
    """In training, set a share `rate` of the activations to 0 and divide the others by 1 − rate.

    The division keeps the mean, so that nothing is left to correct when the network is used
    ("inverted" dropout). Each stacked network draws from its own generator.

    Source: Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov, "Dropout: a simple way to
    prevent neural networks from overfitting", JMLR, 2014.
    """

    def __init__(self, rate: float, rngs: Sequence[np.random.Generator]) -> None:
        self.rate, self.rngs = rate, rngs

    def forward(self, a: Any, training: bool) -> Any:
        """Return a, thinned out while training."""
        self.scale = self._scale(a) if training else 1.0
        return a * self.scale

    def _scale(self, a: Any) -> Any:
        draws = [rng.random(a.shape[-2:]) for rng in self.rngs]
        kept = np.reshape(draws, a.shape) >= self.rate
        return kept.astype(a.dtype) / (1 - self.rate)

    def backward(self, da: Any) -> Any:
        """Return the gradient of what was kept."""
        return da * self.scale


class BatchNorm:
    """y = γ·x̂ + β, where x̂ has mean 0 and variance 1 over the batch, unit by unit.

    `mean` and `var` are running averages over the batches, momentum·batch + (1 − momentum)·before;
    they take the batch's place when the network is used. The variance is the population's.

    Source: Ioffe & Szegedy, "Batch normalization: accelerating deep network training by reducing
    internal covariate shift", ICML, 2015.
    """

    def __init__(self, gamma: Any, beta: Any, dgamma: Any, dbeta: Any) -> None:
        self.gamma, self.beta, self.dgamma, self.dbeta = gamma, beta, dgamma, dbeta
        self.mean, self.var = np.zeros_like(beta), np.ones_like(gamma)
        self.momentum, self.eps = 0.1, 1e-5

    def forward(self, x: Any, training: bool) -> Any:
        """Return y, by the batch's own mean and variance while training."""
        if not training:
            return normalize(x, self.gamma, self.beta, self.mean, self.var, self.eps)
        mean, var = x.mean(-2), x.var(-2)
        self.mean += self.momentum * (mean - self.mean)
        self.var += self.momentum * (var - self.var)
        self.std = np.sqrt(var + self.eps)[..., np.newaxis, :]
        self.x_hat = (x - mean[..., np.newaxis, :]) / self.std
        return self.gamma[..., np.newaxis, :] * self.x_hat + self.beta[..., np.newaxis, :]

    def backward(self, dy: Any) -> Any:
        """Dx = (γ/std)·(dy − mean of dy − x̂ · mean of dy·x̂): x moves the mean and the std too."""
        along = dy * self.x_hat
        along.sum(-2, out=self.dgamma)
        dy.sum(-2, out=self.dbeta)
        centred = dy - dy.mean(-2, keepdims=True) - self.x_hat * along.mean(-2, keepdims=True)
        return self.gamma[..., np.newaxis, :] / self.std * centred


def normalize(x: Any, gamma: Any, beta: Any, mean: Any, var: Any, eps: float = 1e-5) -> Any:
    """γ(x − mean)/√(var + eps) + β, batch normalisation by given statistics.

    x (n, d), the others (d,); a negative variance raises ValueError.

    >>> normalize(np.array([[1.0], [3.0]]), *np.array([[1.0], [0.0], [2.0], [1.0]]), eps=0.0)
    array([[-1.],
           [ 1.]])
    """
    if np.min(var) < 0:
        raise ValueError(f"a variance is a mean of squares and cannot be negative: {np.min(var)}")
    gamma, beta, mean, var = (np.asarray(v)[..., np.newaxis, :] for v in (gamma, beta, mean, var))
    return gamma * (x - mean) / np.sqrt(var + eps) + beta
