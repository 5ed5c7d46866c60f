"""Functions that pass positive inputs on and bend the negative ones: ReLU and its family."""

import numpy as np
from numpy.typing import ArrayLike

from coursekit._elementwise import Array, Block, elementwise

# The fixed point of Klambauer et al. (2017): mean 0 and variance 1 in, mean 0 and variance 1 out.
SELU_ALPHA = 1.6732632423543772848170429917
SELU_SCALE = 1.0507009873554804934193349853
_SELU_FLOOR = 1.7580993408473768599402175208  # their product, rounded once


def relu(x: ArrayLike, *, out: Array | None = None) -> Array:
    """relu(x) = max(x, 0), exactly.

    Any shape in, the same shape out.

    >>> relu([-2.0, 3.0])
    array([0., 3.])

    Source: Nair & Hinton, "Rectified linear units improve restricted Boltzmann machines",
    ICML, 2010.
    """
    return elementwise(_relu, x, out)


def _relu(x: Block) -> Block:
    return np.maximum(x, 0)


def relu_grad(x: ArrayLike, *, out: Array | None = None) -> Array:
    """relu′(x) = 1 for x > 0, else 0; at the kink x = 0 the subgradient 0 is chosen.

    Any shape in, the same shape out. Exact.

    >>> relu_grad([-2.0, 0.0, 3.0])
    array([0., 0., 1.])
    """
    return elementwise(_step, x, out)


def _step(x: Block) -> Block:
    return np.where(np.isnan(x), x, x > 0)


def leaky_relu(x: ArrayLike, alpha: float = 0.01, *, out: Array | None = None) -> Array:
    """leaky_relu(x) = x for x > 0, else αx, for every slope α.

    Any shape in, the same shape out. The shortcut max(αx, x) is right only while α ≤ 1. Error:
    at most ½ ULP.

    >>> leaky_relu([-2.0, 3.0])
    array([-0.02,  3.  ])

    Source: Maas, Hannun & Ng, "Rectifier nonlinearities improve neural network acoustic models",
    ICML Workshop on Deep Learning for Audio, Speech and Language Processing, 2013.
    """
    return elementwise(_leaky_relu, x, out, alpha)


def _leaky_relu(x: Block, alpha: Block | float) -> Block:
    return np.where(x > 0, x, alpha * x)


def leaky_relu_grad(x: ArrayLike, alpha: float = 0.01, *, out: Array | None = None) -> Array:
    """leaky_relu′(x) = 1 for x > 0, else α.

    Any shape in, the same shape out. Exact in float64.

    >>> leaky_relu_grad([-2.0, 3.0])
    array([0.01, 1.  ])
    """
    return elementwise(_leaky_relu_grad, x, out, alpha)


def _leaky_relu_grad(x: Block, alpha: Block | float) -> Block:
    return np.where(np.isnan(x), x, np.where(x > 0, 1, alpha))


def prelu(x: ArrayLike, alpha: ArrayLike, *, out: Array | None = None) -> Array:
    """prelu(x) = x for x > 0, else αx, where the slope α is learnt, one for all or one a channel.

    x of any shape, α a number or an array that broadcasts to it: (k,) for k channels on the
    last axis. The result has x's shape. Error: at most ½ ULP.

    >>> prelu([[-1.0, -1.0]], [0.25, 0.5])
    array([[-0.25, -0.5 ]])

    Source: He, Zhang, Ren & Sun, "Delving deep into rectifiers: surpassing human-level performance
    on ImageNet classification", ICCV, 2015.
    """
    return elementwise(_leaky_relu, x, out, alpha)


def prelu_grad(x: ArrayLike, alpha: ArrayLike, *, out: Array | None = None) -> Array:
    """∂prelu/∂x = 1 for x > 0, else α; shapes as in `prelu`.

    >>> prelu_grad([[-1.0, 1.0]], [0.25, 0.5])
    array([[0.25, 1.  ]])
    """
    return elementwise(_leaky_relu_grad, x, out, alpha)


def prelu_alpha_grad(x: ArrayLike, *, out: Array | None = None) -> Array:
    """∂prelu/∂α = min(x, 0), whatever α is; sum it over all elements that share one α.

    Any shape in, the same shape out. Exact.

    >>> prelu_alpha_grad([-2.0, 3.0])
    array([-2.,  0.])
    """
    return elementwise(_negative_part, x, out)


def _negative_part(x: Block) -> Block:
    return np.minimum(x, 0)


def elu(x: ArrayLike, alpha: float = 1.0, *, out: Array | None = None) -> Array:
    """elu(x) = max(x, 0) + α(e^min(x, 0) − 1), which saturates at −α.

    Any shape in, the same shape out. `expm1` keeps the digits that e^x − 1 loses near 0. Error:
    at most 1 ULP in float64 for α = 1.

    >>> elu([-800.0, -1.0, 3.0])
    array([-1.        , -0.63212056,  3.        ])

    Source: Clevert, Unterthiner & Hochreiter, "Fast and accurate deep network learning by
    exponential linear units (ELUs)", ICLR, 2016.
    """
    return elementwise(_elu, x, out, alpha)


def _elu(x: Block, alpha: Block | float) -> Block:
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0))


def elu_grad(x: ArrayLike, alpha: float = 1.0, *, out: Array | None = None) -> Array:
    """elu′(x) = 1 for x > 0, else αe^x.

    Any shape in, the same shape out. Error: at most 1 ULP in float64 for α = 1.

    >>> elu_grad([-1.0, 3.0])
    array([0.36787944, 1.        ])
    """
    return elementwise(_elu_grad, x, out, alpha)


def _elu_grad(x: Block, alpha: Block | float) -> Block:
    return np.where(x > 0, 1, alpha * np.exp(np.minimum(x, 0)))


def selu(x: ArrayLike, *, out: Array | None = None) -> Array:
    """selu(x) = λ·elu(x, α) with the two constants that keep mean 0 and variance 1.

    Any shape in, the same shape out. Error: at most 1.6 ULP in float64.

    >>> selu([-800.0, 1.0])
    array([-1.75809934,  1.05070099])

    Source: Klambauer, Unterthiner, Mayr & Hochreiter, "Self-normalizing neural networks",
    NIPS, 2017.
    """
    return elementwise(_selu, x, out)


def _selu(x: Block) -> Block:
    return SELU_SCALE * np.maximum(x, 0) + _SELU_FLOOR * np.expm1(np.minimum(x, 0))


def selu_grad(x: ArrayLike, *, out: Array | None = None) -> Array:
    """selu′(x) = λ for x > 0, else λαe^x.

    Any shape in, the same shape out. Error: at most 1.6 ULP in float64.

    >>> selu_grad([-1.0, 1.0])
    array([0.6467686 , 1.05070099])
    """
    return elementwise(_selu_grad, x, out)


def _selu_grad(x: Block) -> Block:
    return np.where(x > 0, SELU_SCALE, _SELU_FLOOR * np.exp(np.minimum(x, 0)))
