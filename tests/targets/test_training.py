import numpy as np
import pytest
import torch

from leakcore.errors import LeakcoreError
from leakcore.targets import architectures, devices, training

SETTINGS = {"learning_rate": 0.05, "decay": 0.01, "epochs": 6, "batch_size": 50}
FAST = {"learning_rate": 0.1, "epochs": 150, "batch_size": 10}


def data(n=50, d=4, k=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)).astype(np.float32), rng.integers(0, k, n)


def dense(d=4, k=3, hidden=()):
    return architectures.describe((d,), k, {"hidden": list(hidden), "weight_std": 0.1})


def train(levels, settings=SETTINGS, hidden=(), seed=0, epochs=None):
    x, y = data()
    x_test, y_test = data(seed=1)
    settings = settings | ({"epochs": epochs} if epochs else {})
    return training.train(x, y, x_test, y_test, dense(hidden=hidden), settings, levels, seed=seed)


def test_adagrad_agrees_with_a_hand_written_one():
    x, y = data()
    # Full batches, so that the order of the points does not matter. The level is the largest gap
    # of a first run, so that a second one keeps the weights of that epoch.
    (missing,), curve = train([0.99])
    assert not missing.reached
    first = int(np.argmax(curve["gap"]))
    (target,), _ = train([curve["gap"][first]])
    assert target.epoch == first + 1
    model = architectures.build(dense())
    seeds = np.random.SeedSequence([0, training._STREAM]).generate_state(2)
    architectures.initialise(model, 0.1, int(seeds[0]))
    w = model[0].weight.detach().numpy().astype(np.float64).T
    b = np.zeros(3)
    sum_w, sum_b = np.zeros_like(w), np.zeros_like(b)
    for step in range(first + 1):
        logits = x @ w + b
        p = np.exp(logits - logits.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        error = (p - np.eye(3)[y]) / len(y)
        grad_w, grad_b = x.T @ error, error.sum(0)
        rate = 0.05 / (1 + step * 0.01)
        sum_w += grad_w**2
        sum_b += grad_b**2
        w -= rate * grad_w / (np.sqrt(sum_w) + 1e-7)
        b -= rate * grad_b / (np.sqrt(sum_b) + 1e-7)
    np.testing.assert_allclose(target.weights["0.weight"].T, w, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(target.weights["0.bias"], b, rtol=1e-4, atol=1e-6)


def test_each_level_keeps_the_first_epoch_that_reaches_it():
    levels = [0.0, 0.05, 0.1, 0.2, 0.9]
    targets, curve = train(levels, FAST, hidden=[50], epochs=150)
    gaps = np.array(curve["gap"])
    for target, level in zip(targets, levels, strict=True):
        reached = np.flatnonzero(gaps >= level)
        assert target.reached == (len(reached) > 0)
        assert target.level == level
        if target.reached:
            assert target.epoch == curve["epoch"][reached[0]]
            assert target.gap == pytest.approx(gaps[reached[0]])
    assert targets[3].reached
    assert not targets[4].reached
    assert targets[4].weights == {}


def test_kept_weights_are_those_of_their_epoch():
    targets, _ = train([0.0, 0.2], FAST, hidden=[50], epochs=150)
    for target in targets:
        model = training.load_model(target)
        for (x, y), accuracy in (
            (data(), target.train_accuracy),
            (data(seed=1), target.test_accuracy),
        ):
            predicted = model(torch.from_numpy(x)).argmax(1).numpy()
            assert (predicted == y).mean() == pytest.approx(accuracy)


def test_training_stops_when_all_levels_are_reached():
    _, curve = train([0.0], FAST, hidden=[50], epochs=150)
    assert curve["gap"][-1] >= 0
    assert all(gap < 0 for gap in curve["gap"][:-1])


def test_seed_decides_and_seed_zero_is_a_seed():
    settings = SETTINGS | {"batch_size": 10}
    runs = [train([0.99], settings, hidden=[5], seed=seed)[1]["loss"] for seed in (0, 0, 1)]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_global_random_state_does_not_matter():
    torch.manual_seed(1)
    one = train([0.99], hidden=[5])[1]["loss"]
    torch.manual_seed(2)
    assert train([0.99], hidden=[5])[1]["loss"] == one


def test_a_single_class_is_refused():
    x, _ = data()
    with pytest.raises(LeakcoreError, match="all 50 training points have class 0"):
        training.train(
            x, np.zeros(50, np.int64), x, np.zeros(50, np.int64), dense(), SETTINGS, [0.1], seed=0
        )


def test_divergence_is_refused():
    x, y = data()
    x = x * np.float32(1e30)
    settings = SETTINGS | {"optimizer": "adam", "learning_rate": 1e30}
    with pytest.raises(LeakcoreError, match="lower learning_rate"):
        training.train(x, y, x, y, dense(), settings, [0.9], seed=0)


def test_cuda_is_refused_where_there_is_none():
    if torch.cuda.is_available():
        assert devices.device_of("cuda").type == "cuda"
    else:
        with pytest.raises(LeakcoreError, match="no CUDA device"):
            devices.device_of("cuda")


def test_learns_what_can_be_learnt():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 6)).astype(np.float32)
    y = (x[:, 0] + x[:, 1] > 0).astype(np.int64)
    architecture = architectures.describe((6,), 2, {"hidden": [20, 20], "weight_std": 0.1})
    _, curve = training.train(
        x[:300],
        y[:300],
        x[300:],
        y[300:],
        architecture,
        {"learning_rate": 0.05, "epochs": 30, "batch_size": 32},
        [0.9],
        seed=0,
    )
    assert curve["test_accuracy"][-1] > 0.9
