"""A multilayer perceptron written by hand: every gradient is a line that you can read.

>>> from coursekit import data
>>> train_set, test_set = data.split(data.digits(), 360)
>>> net = Network([64, 32, 10], "sigmoid", init="xavier_sigmoid", seed=[0, 1, 2])
>>> history = train(net, *train_set, epochs=5, batch=32, optimizer=SGD(lr=0.5), test=test_set)
>>> bool(history.test_accuracy[-1].min() > 0.9)  # the worst of three seeds
True

`seed=0` makes one network, whose W has the shape (n_in, n_out). `seed=[0, 1, 2]` makes three that
train side by side: every array gets a leading axis of length 3, and each network does to the last
bit what it would do alone. The modules, in the order in which they build on each other:
initializers, layers, objectives, model (the network itself), optimizers, training.
"""

from coursekit.network.initializers import INITIALIZERS
from coursekit.network.layers import Activation, BatchNorm, Dense, Dropout, normalize
from coursekit.network.measures import rms, saturation
from coursekit.network.model import Network, Trace
from coursekit.network.optimizers import SGD, Adam
from coursekit.network.training import History, train

__all__ = [
    "INITIALIZERS",
    "SGD",
    "Activation",
    "Adam",
    "BatchNorm",
    "Dense",
    "Dropout",
    "History",
    "Network",
    "Trace",
    "normalize",
    "rms",
    "saturation",
    "train",
]
