"""The sigmoid, its relatives and its rivals, each with its derivative.

Every `f(x, *, out=None)` here keeps the shape and the float type of x (integers and lists become
float64), turns a number into a NumPy scalar, computes in float64 and rounds once, maps NaN to NaN
and ±∞ to the limit, raises no warning and changes no input. Text, complex numbers, None and ragged
lists raise TypeError or ValueError with a sentence that names the argument.

Errors are in ULP, units in the last place of the result, or in eps = 2^−52 of it. They are measured
on stratified points against mpmath and on a million against long double arithmetic; in float32 on
every finite number for most of them, where the results are correctly rounded (docs/accuracy.md).
"""

from coursekit.activations.gates import (
    gelu,
    gelu_grad,
    gelu_tanh,
    gelu_tanh_grad,
    silu,
    silu_grad,
)
from coursekit.activations.logistic import (
    log_sigmoid,
    log_sigmoid_grad,
    logit,
    logit_grad,
    sigmoid,
    sigmoid_grad,
    softplus,
    softplus_grad,
)
from coursekit.activations.multiclass import (
    log_softmax,
    log_softmax_grad,
    softmax,
    softmax_grad,
)
from coursekit.activations.rectifiers import (
    elu,
    elu_grad,
    leaky_relu,
    leaky_relu_grad,
    prelu,
    prelu_alpha_grad,
    prelu_grad,
    relu,
    relu_grad,
    selu,
    selu_grad,
)
from coursekit.activations.squashers import (
    hard_sigmoid,
    hard_sigmoid_grad,
    softsign,
    softsign_grad,
    tanh,
    tanh_grad,
)

__all__ = [
    "elu",
    "elu_grad",
    "gelu",
    "gelu_grad",
    "gelu_tanh",
    "gelu_tanh_grad",
    "hard_sigmoid",
    "hard_sigmoid_grad",
    "leaky_relu",
    "leaky_relu_grad",
    "log_sigmoid",
    "log_sigmoid_grad",
    "log_softmax",
    "log_softmax_grad",
    "logit",
    "logit_grad",
    "prelu",
    "prelu_alpha_grad",
    "prelu_grad",
    "relu",
    "relu_grad",
    "selu",
    "selu_grad",
    "sigmoid",
    "sigmoid_grad",
    "silu",
    "silu_grad",
    "softmax",
    "softmax_grad",
    "softplus",
    "softplus_grad",
    "softsign",
    "softsign_grad",
    "tanh",
    "tanh_grad",
]
