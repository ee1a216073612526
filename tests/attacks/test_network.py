from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from leakcore.attacks import network
from leakcore.errors import LeakcoreError

CPU = torch.device("cpu")


def halves(observations):
    rows = np.arange(len(observations.member))
    return rows[::2], rows[1::2]


def torch_twin(ours, widths):
    """Section 4.2 written with torch's own modules, holding the same weights."""

    def copy(stack):
        layers = []
        for weight, bias in stack.weights:
            linear = nn.Linear(*weight.shape)
            linear.weight.data, linear.bias.data = weight.t().clone(), bias.clone()
            layers += [linear, nn.ReLU()]
        return layers

    parts = nn.ModuleList(nn.Sequential(*copy(part)) for part in ours.parts)
    top = nn.Sequential(*copy(ours.top)[:-1])
    forward = lambda xs: top(torch.cat([p(x) for p, x in zip(parts, xs, strict=True)], 1))  # noqa: E731
    assert [part[0].in_features for part in parts] == list(widths.values())
    return nn.ModuleList([*parts, top]), lambda xs: forward(xs).squeeze(1)


WIDTHS = {"predicted": 5, "label": 5, "probabilities": 5, "explanation": 11}


def test_layer_sizes_are_those_of_section_4_2():
    net = network.AttackNetwork(WIDTHS, CPU)
    sizes = [[tuple(weight.shape) for weight, _ in part.weights] for part in net.parts]
    assert sizes == [
        [(5, 512), (512, 64)],
        [(5, 512), (512, 64)],
        [(5, 1024), (1024, 512), (512, 64)],
        [(11, 1024), (1024, 512), (512, 64)],
    ]
    assert [tuple(weight.shape) for weight, _ in net.top.weights] == [(256, 64), (64, 1)]


@pytest.mark.parametrize("initialisation", ["normal", "glorot"])
def test_training_against_autograd_and_plain_adagrad(initialisation):
    """Three steps of the hand-written passes equal torch's modules, autograd and optimiser."""
    net = network.AttackNetwork(WIDTHS, CPU)
    net.initialise(initialisation, 0.05, torch.Generator().manual_seed(0))
    modules, forward = torch_twin(net, WIDTHS)
    net.weights.grad = net.gradients
    ours = torch.optim.Adagrad([net.weights], lr=0.01, lr_decay=0.1, eps=1e-7, fused=True)
    theirs = torch.optim.Adagrad(modules.parameters(), lr=0.01, lr_decay=0.1, eps=1e-7)
    draw = torch.Generator().manual_seed(1)
    for _ in range(3):
        inputs = [torch.randn(16, width, generator=draw) for width in WIDTHS.values()]
        truth = torch.randint(0, 2, (16,), generator=draw).float()
        logits = net.forward(inputs)
        torch.testing.assert_close(logits, forward(inputs), rtol=1e-4, atol=1e-5)
        net.backward((logits.sigmoid() - truth) / 16)
        theirs.zero_grad()
        nn.functional.binary_cross_entropy_with_logits(forward(inputs), truth).backward()
        stacks = [*net.parts, net.top]
        for stack, module in zip(stacks, modules, strict=True):
            linears = [layer for layer in module if isinstance(layer, nn.Linear)]
            for (weight, bias), linear in zip(stack.gradients, linears, strict=True):
                torch.testing.assert_close(weight.t(), linear.weight.grad, rtol=1e-3, atol=1e-6)
                torch.testing.assert_close(bias, linear.bias.grad, rtol=1e-3, atol=1e-6)
        ours.step()
        theirs.step()


def test_first_weights_have_the_deviation_asked_for_and_biases_are_0():
    net = network.AttackNetwork(WIDTHS, CPU)
    net.initialise("normal", 0.01, torch.Generator().manual_seed(0))
    weight, bias = net.parts[2].weights[1]
    assert weight.std().item() == pytest.approx(0.01, rel=0.02)
    assert abs(weight.mean().item()) < 1e-4
    assert not bias.any()


def plant(observations, access):
    """Make members differ in just what this kind of access shows on top of the others."""
    sign = np.where(observations.member, 1, -1).astype(np.float32)
    if access == "gradient":
        return replace(observations, explanation=observations.explanation + sign[:, None])
    if access == "prediction":
        flat = np.full_like(observations.probabilities, 0.25)
        member = observations.member[:, None]
        return replace(
            observations, probabilities=np.where(member, observations.probabilities, flat)
        )
    halves_of_classes = np.where(observations.member, 0, 2) + observations.label % 2
    return replace(observations, label=halves_of_classes)


@pytest.mark.parametrize("planted", ["gradient", "prediction", "label"])
def test_a_leak_is_found_by_exactly_the_accesses_that_see_it(planted, observe):
    observations = plant(observe(500), planted)
    train, test = halves(observations)
    results = network.run(observations, train, test, seed=0, accesses=None, settings={"epochs": 8})
    member = observations.member[test]
    for access, (score, threshold) in results.items():
        accuracy = ((score > threshold) == member).mean()
        if planted in access:
            assert accuracy > 0.8, access
        else:
            assert abs(accuracy - 0.5) < 0.12, access


def test_same_seed_same_bytes_and_accesses_do_not_touch_each_other(observe):
    observations = observe(shape=(2, 3, 3))
    train, test = halves(observations)
    options = {"epochs": 1}

    def run(seed, accesses=None):
        result = network.run(
            observations, train, test, seed=seed, accesses=accesses, settings=options
        )
        return {access: score.tobytes() for access, (score, _) in result.items()}

    everything = run(0)
    assert everything == run(0)
    assert run(0, ["prediction"])["prediction"] == everything["prediction"]
    assert run(1, ["prediction"])["prediction"] != everything["prediction"]
    assert tuple(everything) == network.ACCESSES


def test_test_points_and_their_truth_do_not_reach_the_training(observe):
    observations = observe()
    train, test = halves(observations)
    explanation = observations.explanation.copy()
    explanation[test[1:]] *= 100
    member = observations.member.copy()
    member[test] ^= True
    changed = replace(observations, explanation=explanation, member=member)
    first, second = (
        network.run(o, train, test[:1], seed=0, accesses=["gradient"], settings={"epochs": 1})
        for o in (observations, changed)
    )
    assert np.array_equal(first["gradient"][0], second["gradient"][0])


def test_observations_are_left_as_they_were(observe):
    observations = observe()
    before = observations.explanation.copy(), observations.probabilities.copy()
    network.run(observations, *halves(observations), seed=0, accesses=None, settings={"epochs": 1})
    assert np.array_equal(before[0], observations.explanation)
    assert np.array_equal(before[1], observations.probabilities)


def test_standardised_scores_do_not_depend_on_the_unit_of_the_explanation(observe):
    observations = observe()
    train, test = halves(observations)
    scaled = replace(observations, explanation=observations.explanation * np.float32(2**-20))
    first, second = (
        network.run(o, train, test, seed=0, accesses=["gradient"], settings={"epochs": 2})
        for o in (observations, scaled)
    )
    np.testing.assert_allclose(first["gradient"][0], second["gradient"][0], rtol=1e-3, atol=1e-4)


def test_moments_against_numpy_and_constant_columns():
    rng = np.random.default_rng(0)
    values = (1000 + rng.standard_normal((2500, 3))).astype(np.float32)
    values[:, 1] = 0.1
    values[:, 2] = 0
    rows = np.arange(0, 2500, 2)
    mean, deviation = network._moments(values, rows)
    np.testing.assert_allclose(mean, values[rows].astype(float).mean(0), rtol=1e-12)
    assert deviation[0] == pytest.approx(values[rows, 0].astype(float).std(), rel=1e-9)
    assert deviation[1:].tolist() == [1, 1]


def test_progress_counts_every_epoch(observe):
    calls = []
    observations = observe(n=40)
    network.run(
        observations,
        *halves(observations),
        seed=0,
        accesses=["gradient", "prediction"],
        settings={"epochs": 2},
        progress=lambda *call: calls.append(call),
    )
    assert calls == [
        (1, 4, "gradient"),
        (2, 4, "gradient"),
        (3, 4, "prediction"),
        (4, 4, "prediction"),
    ]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epoch": 3}, "'epoch' is unknown"),
        ({"epochs": 0}, "epochs: 0"),
        ({"epochs": 1.5}, "epochs: 1.5"),
        ({"batch_size": True}, "batch_size: True"),
        ({"learning_rate": -1}, "learning_rate: -1"),
        ({"learning_rate": float("nan")}, "learning_rate: nan"),
        ({"weight_std": "x"}, "weight_std: 'x'"),
        ({"decay": -1}, "decay: -1"),
        ({"initialisation": "he"}, "initialisation: 'he'"),
        ({"device": "tpu"}, "device: 'tpu'"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(settings, message, observe):
    observations = observe(n=40)
    with pytest.raises(LeakcoreError, match=message):
        network.run(observations, *halves(observations), seed=0, accesses=None, settings=settings)


def test_data_that_no_attack_can_learn_from_are_refused(observe):
    observations = observe(n=40)
    train, test = halves(observations)

    def run(o, train=train, accesses=None):
        return network.run(o, train, test, seed=0, accesses=accesses, settings={"epochs": 1})

    broken = observations.explanation.copy()
    broken[7, 2] = np.nan
    with pytest.raises(LeakcoreError, match="explanation of row 7"):
        run(replace(observations, explanation=broken))
    run(replace(observations, explanation=broken), accesses=["prediction"])  # does not look at it
    with pytest.raises(LeakcoreError, match="members"):
        run(observations, train=train[:10])
    with pytest.raises(LeakcoreError, match="at least 10"):
        run(observations, train=train[::3])
    with pytest.raises(LeakcoreError, match="no access 'loss'"):
        run(observations, accesses=["loss"])
