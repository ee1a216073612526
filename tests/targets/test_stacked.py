import numpy as np
import pytest

from leakcore.errors import LeakcoreError
from leakcore.targets import architectures, stacked, training

SETTINGS = {"learning_rate": 0.01, "decay": 1e-3, "epochs": 8, "batch_size": 64}
SEEDS = [0, 3, 11]


def data(seed, n=300, d=6, k=4):
    rng = np.random.default_rng([seed, 7])
    labels = rng.integers(0, k, n)
    centres = np.random.default_rng(1).normal(size=(k, d))
    return (centres[labels] + rng.normal(size=(n, d))).astype(np.float32), labels


def shape(hidden=(12, 9), **more):
    return architectures.describe((6,), 4, {"hidden": list(hidden), "weight_std": 0.3} | more)


def together(seeds=SEEDS, architecture=None, settings=SETTINGS):
    parts = [data(seed) for seed in seeds]
    return stacked.train(
        [x for x, _ in parts],
        [y for _, y in parts],
        architecture or shape(),
        settings,
        seeds=seeds,
    )


def alone(seed, architecture, settings, epochs):
    """Return the weights after some epochs, seen when the accuracies are measured."""
    x, y = data(seed)
    weights = []
    accuracy = training.accuracy

    def spy(model, *arguments):
        weights.append({k: v.numpy().copy() for k, v in model.state().items()})
        return accuracy(model, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "accuracy", spy)
        training.train(x, y, x, y, architecture, settings | {"epochs": epochs}, [0.9], seed=seed)
    assert len(weights) == 2 * epochs
    return weights[-1]


@pytest.mark.parametrize(
    ("architecture", "settings"),
    [
        (shape(), SETTINGS),
        (shape(hidden=[5]), SETTINGS),
        (shape(activation="relu", input_divisor=2.0), SETTINGS),
        (shape(), SETTINGS | {"optimizer": "adam", "batch_size": 1000}),
    ],
)
def test_each_network_is_the_one_trained_alone(architecture, settings):
    for epochs in (1, settings["epochs"]):
        models = together(architecture=architecture, settings=settings | {"epochs": epochs})
        for seed, model in zip(SEEDS, models, strict=True):
            expected = alone(seed, architecture, settings, epochs)
            for name, value in model.state_dict().items():
                np.testing.assert_allclose(
                    value.numpy(), expected[name], rtol=2e-4, atol=2e-5, err_msg=f"{seed} {name}"
                )


def test_networks_do_not_touch_one_another():
    (first, _, third), (single,) = together(), together(seeds=[11])
    for name, value in single.state_dict().items():
        np.testing.assert_allclose(third.state_dict()[name], value, rtol=1e-4, atol=1e-5)
        if name.endswith("weight"):
            assert not np.allclose(first.state_dict()[name], value, atol=1e-2)


def test_same_seeds_give_the_same_bytes():
    for one, two in zip(together(), together(), strict=True):
        for name, value in one.state_dict().items():
            assert value.numpy().tobytes() == two.state_dict()[name].numpy().tobytes()


def test_progress_and_a_last_batch_that_is_smaller():
    seen = []
    x, y = data(0, n=65)
    stacked.train(
        [x], [y], shape(), SETTINGS, seeds=[0], progress=lambda *state: seen.append(state[:2])
    )
    assert seen == [(epoch, 8) for epoch in range(1, 9)]


def test_a_loss_that_is_not_finite_names_the_seed():
    parts = [data(seed) for seed in SEEDS]
    parts[1][0][5, 2] = np.inf
    with pytest.raises(LeakcoreError, match=r"seeds \[3\] is not finite in epoch 1.*0\.01"):
        stacked.train([x for x, _ in parts], [y for _, y in parts], shape(), SETTINGS, seeds=SEEDS)


def test_convolutions_are_refused():
    images = architectures.describe((1, 4, 4), 2, {"hidden": [3], "channels": [2]})
    with pytest.raises(LeakcoreError, match=r"channels: \[2\]"):
        stacked.train([], [], images, SETTINGS, seeds=[])
