"""Training: deterministic, measured where it says, by the formulas of the papers, and quiet."""

import functools

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from coursekit import data, network
from coursekit.network import SGD, Adam, Network, progress, train

X, Y = data.noisy_xor(40)


def fresh(**options):
    return Network([2, 4, 1], "tanh", loss="bce", **options)


@pytest.mark.parametrize("optimizer", [SGD(0.5), SGD(0.1, 0.9), Adam(0.01)])
def test_training_is_bit_identical_for_a_seed(optimizer):
    runs = []
    for _ in range(2):
        net = fresh(seed=5, dropout=0.2)
        history = train(net, X, Y, epochs=5, batch=8, optimizer=optimizer)
        runs.append((net.theta, history.loss))
    np.testing.assert_array_equal(runs[0][0], runs[1][0])
    np.testing.assert_array_equal(runs[0][1], runs[1][1])


def test_another_seed_gives_another_start_and_another_order():
    nets = [fresh(seed=seed, init="zeros") for seed in (0, 1)]
    for net in nets:
        net.params["W1"][...] = [[1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0]]
        train(net, X, Y, epochs=1, batch=8, optimizer=SGD(0.5))
    assert not np.array_equal(nets[0].theta, nets[1].theta)
    assert not np.array_equal(fresh(seed=0).theta, fresh(seed=1).theta)


def test_full_batch_descent_follows_the_gradient():
    net, by_hand = fresh(seed=0), fresh(seed=0)
    train(net, X, Y, epochs=3, optimizer=SGD(0.5))
    for _ in range(3):
        for name, g in by_hand.trace(X, Y).gradients.items():
            by_hand.params[name][...] -= 0.5 * g
    np.testing.assert_allclose(net.theta, by_hand.theta, rtol=1e-12)


def test_momentum_and_adam_follow_their_papers():
    gradients = np.random.default_rng(0).normal(size=(5, 3))
    theta, velocity = np.ones(3), np.zeros(3)
    moved, optimizer = theta.copy(), SGD(0.1, 0.9)
    memory = optimizer.start(moved)
    for g in gradients:
        velocity = 0.9 * velocity + g
        theta = theta - 0.1 * velocity
        optimizer.step(moved, g, memory)
    np.testing.assert_allclose(moved, theta, rtol=1e-13)
    theta, m, v = np.ones(3), np.zeros(3), np.zeros(3)
    moved, adam = theta.copy(), Adam(0.01)
    memory = adam.start(moved)
    for t, g in enumerate(gradients, start=1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        theta = theta - 0.01 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        adam.step(moved, g, memory)
    np.testing.assert_allclose(moved, theta, rtol=1e-12)


def test_a_step_leaves_the_gradient_as_it_was():
    gradient = np.ones(3)
    for optimizer in (SGD(0.5), SGD(0.5, 0.9), Adam(0.5)):
        theta = np.zeros(3)
        optimizer.step(theta, gradient, optimizer.start(theta))
        np.testing.assert_array_equal(gradient, 1)


def test_stacked_networks_may_have_a_learning_rate_each():
    together = fresh(seed=[0, 0, 0])
    train(together, X, Y, epochs=4, batch=8, optimizer=SGD(np.array([0.0, 0.1, 1.0]), 0.5))
    for i, lr in enumerate([0.0, 0.1, 1.0]):
        alone = fresh(seed=0)
        train(alone, X, Y, epochs=4, batch=8, optimizer=SGD(lr, 0.5))
        np.testing.assert_array_equal(together.theta[i], alone.theta)


def test_every_sample_is_used_once_an_epoch_also_when_the_last_batch_is_short(monkeypatch):
    seen = []
    keep = functools.partial(_spy, seen, network.training.step)
    monkeypatch.setattr(network.training, "step", keep)
    net = Network([1, 2], seed=[0, 1])
    train(
        net, np.arange(10.0)[:, np.newaxis], np.zeros(10, int), epochs=2, batch=4, optimizer=SGD(0)
    )
    assert [part.shape[1] for part in seen] == [4, 4, 2, 4, 4, 2]
    for epoch in (seen[:3], seen[3:]):
        for one in np.concatenate(epoch, axis=1)[..., 0]:
            assert sorted(one) == list(range(10))
            assert list(one) != list(range(10))


def _spy(seen, step, net, X, t, optimizer, memory):
    seen.append(X)
    step(net, X, t, optimizer, memory)


def test_the_history_starts_before_training_and_ends_after_it():
    net = fresh(seed=[0, 1])
    start, records = net.loss(X, Y), []
    history = train(
        net, X, Y, epochs=7, optimizer=SGD(0.5), test=(X[:9], Y[:9]), every=3, record=records.append
    )
    assert history.epochs.tolist() == [0, 3, 6, 7]
    assert history.loss.shape == history.test_accuracy.shape == (4, 2)
    np.testing.assert_array_equal(history.loss[0], start)
    np.testing.assert_array_equal(history.loss[-1], net.loss(X, Y))
    np.testing.assert_array_equal(history.test_accuracy[-1], net.accuracy(X[:9], Y[:9]))
    assert records == [net] * 4
    assert history.records == [None] * 4


def test_without_a_test_set_its_columns_are_empty_and_no_epochs_only_measure():
    net = fresh(seed=0)
    before = net.theta.copy()
    history = train(net, X, Y, epochs=0, optimizer=SGD(0.5))
    assert history.loss.shape == (1,)
    assert history.test_loss.size == history.test_accuracy.size == 0
    np.testing.assert_array_equal(net.theta, before)


def test_training_that_diverges_ends_silently_in_a_loss_that_says_so():
    net = Network([2, 4, 4, 1], "relu", loss="mse", seed=0)
    history = train(net, 10 * X, Y, epochs=300, optimizer=SGD(10.0))
    assert not np.isfinite(history.loss[-1])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"epochs": -1}, "epochs must be a whole number, 0 or more, not -1"),
        ({"epochs": 1.5}, "epochs .* not 1.5"),
        ({"batch": 0}, "batch must be a whole number, 1 or more, not 0"),
        ({"every": 0}, "every .* not 0"),
        ({"test": (X[:3], Y[:2])}, "X has 3, y has 2"),
    ],
)
def test_impossible_training_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        train(fresh(), X, Y, **{"epochs": 1, "optimizer": SGD(0.1), **wrong})


def test_the_loop_yields_every_number_whether_or_not_anybody_watches():
    assert list(progress.watched(5, "training")) == [0, 1, 2, 3, 4]


class Terminal(list):
    """Standard error that says it is a terminal and keeps what is written."""

    encoding = "utf-8"

    def write(self, text):
        self.append(text)
        return len(text)

    def flush(self):
        pass

    def isatty(self):
        return True


def test_in_a_terminal_a_bar_appears_when_it_takes_long_and_is_erased(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "somebody_watches", lambda: True)
    assert list(progress.watched(3, "training")) == [0, 1, 2]
    assert not terminal
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    assert list(progress.watched(3, "training")) == [0, 1, 2]
    shown = "".join(terminal)
    assert "training" in shown
    assert shown.rstrip().endswith("\x1b[2K")  # the line is cleared


def test_a_loop_within_a_loop_leaves_the_bar_alone(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "somebody_watches", lambda: True)
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    for i in progress.watched(3, "outer"):
        if i:  # the outer bar is on the screen
            assert list(progress.watched(2, "inner")) == [0, 1]
    assert list(progress.watched(2, "after")) == [0, 1]
    shown = "".join(terminal)
    assert "outer" in shown
    assert "inner" not in shown
    assert "after" in shown


SLOW = """
from coursekit import network
from coursekit.network import progress

progress.PATIENCE = -1.0  # every training is long
net = network.Network([1, 1], loss="bce")
print("before")
network.train(net, [[0.0], [1.0]], [0, 1], epochs=3, optimizer=network.SGD(0.1)).epochs.size
"""


def run(allow_stdin):
    notebook = new_notebook(cells=[new_code_cell(SLOW)])
    client = NotebookClient(notebook, timeout=120)
    with client.setup_kernel():
        client.kc.allow_stdin = allow_stdin
        client.execute_cell(notebook.cells[0], 0)
    nbformat.validate(notebook)
    return notebook.cells[0].outputs


def test_a_notebook_run_by_a_program_keeps_nothing_of_the_bar():
    outputs = run(allow_stdin=False)
    assert [output.output_type for output in outputs] == ["stream", "execute_result"]
    assert outputs[0].text == "before\n"


def test_a_notebook_with_a_person_in_front_shows_the_bar_as_a_widget():
    kinds = [set(output.get("data", {})) for output in run(allow_stdin=True)]
    assert any("application/vnd.jupyter.widget-view+json" in kind for kind in kinds)
