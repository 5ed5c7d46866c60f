"""Training: shuffle, cut into batches, follow the gradient, and write down how it went."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coursekit.network.model import Network, backward, forward
from coursekit.network.optimizers import SGD, Adam
from coursekit.network.progress import watched


@dataclass(frozen=True)
class History:
    """What was measured at the start (epoch 0) and after every epoch, or every few.

    loss, accuracy, test_loss, test_accuracy: arrays (measurements,), or (measurements, seeds) for
    stacked networks, all with dropout off; the test ones are empty without a test set.
    records: what `record(net)` returned each time.
    """

    epochs: Any
    loss: Any
    accuracy: Any
    test_loss: Any
    test_accuracy: Any
    records: list[Any] = field(repr=False)


def train(
    net: Network,
    X: Any,
    y: Any,
    *,
    epochs: int,
    optimizer: SGD | Adam,
    batch: int | None = None,
    test: tuple[Any, Any] | None = None,
    record: Callable[[Network], Any] | None = None,
    every: int = 1,
) -> History:
    """Train a network in place for some epochs and return how it went.

    batch: the number of samples in a step; without it every epoch is one step on all of them.
    test: samples (X, y) that are measured and never trained on.
    record: called with the network at each measurement; what it returns goes into the history.
    every: the number of epochs between measurements.

    The same seed gives the same bits. Numbers that overflow become inf or NaN in the history.

    >>> net = Network([2, 2, 1], "tanh", loss="bce", init=1.0, seed=0)
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> history = train(net, X, y, epochs=500, optimizer=SGD(lr=1.0), every=100)
    >>> history.epochs.tolist(), float(history.accuracy[-1])
    ([0, 100, 200, 300, 400, 500], 1.0)
    """
    _check(epochs=epochs, batch=batch, every=every)
    train_set, test_set = _prepared(net, X, y), test and _prepared(net, *test)
    moments = {*range(0, epochs + 1, every), epochs}
    memory = optimizer.start(net.theta)
    rngs = [np.random.default_rng([seed, 1]) for seed in net.seeds]
    of_train, of_test, records = [], [], []
    for done in watched(epochs + 1, "training"):
        if done:
            _epoch(net, *train_set, batch, optimizer, memory, rngs)
        if done in moments:
            of_train.append(measured(net, *train_set))
            of_test += [measured(net, *test_set)] if test_set else []
            records += [record(net)] if record else []
    return History(np.array(sorted(moments)), *_columns(of_train), *_columns(of_test), records)


def _epoch(
    net: Network,
    X: Any,
    t: Any,
    batch: int | None,
    optimizer: SGD | Adam,
    memory: list[Any],
    rngs: list[np.random.Generator],
) -> None:
    """Take one step for every batch of the samples, in a new order for each network."""
    n = len(X)
    size = batch or n
    if size < n:
        order = np.reshape([rng.permutation(n) for rng in rngs], (*net.stack, n))
        X, t = X[order], t[order]
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, n, size):
            part = slice(start, start + size)
            step(net, X[..., part, :], t[..., part, :], optimizer, memory)


def step(net: Network, X: Any, t: Any, optimizer: SGD | Adam, memory: list[Any]) -> None:
    """Forwards, backwards, downhill: one training step on samples and targets as they are."""
    z = forward(net.layers, X, training=True)
    backward(net.layers, net.objective.gradient(z, t))
    optimizer.step(net.theta, net.gradient, memory)


def measured(net: Network, X: Any, t: Any) -> tuple[Any, Any]:
    """Return the loss and the accuracy, with dropout off."""
    with np.errstate(over="ignore", invalid="ignore"):
        z = forward(net.layers, X, training=False)
        return net.objective.loss(z, t), net.share_right(z, t)


def _columns(rows: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    return np.array([loss for loss, _ in rows]), np.array([accuracy for _, accuracy in rows])


def _prepared(net: Network, X: Any, y: Any) -> tuple[Any, Any]:
    samples = net.samples(X)
    return samples, net.targets(y, len(samples))


def _check(**counts: int | None) -> None:
    for name, count in counts.items():
        least = 0 if name == "epochs" else 1
        if count is not None and not (isinstance(count, int | np.integer) and count >= least):
            raise ValueError(f"{name} must be a whole number, {least} or more, not {count!r}")
