import math

import numpy as np
import pytest
import torch
from opacus import GradSampleModule
from opacus.accountants import RDPAccountant, create_accountant
from torch import nn

from leakcore.errors import LeakcoreError
from leakcore.targets import architectures, private

SETTINGS = {"optimizer": "sgd", "learning_rate": 0.5, "epochs": 3, "batch_size": 20}
BUDGET = {"epsilon": 2.0, "delta": 1e-3, "clipping_norm": 1.0, "seed": 0}


def data(n=80, d=5, k=3, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, d)).astype(np.float32)
    return x, (x @ rng.normal(size=(d, k))).argmax(1)


def dense(hidden=(6,)):
    return architectures.describe((5,), 3, {"hidden": list(hidden), "weight_std": 0.3})


def run(train, architecture=None, settings=SETTINGS, **options):
    return train(*data(), *data(seed=0), architecture or dense(), settings, **options)


def lots(settings, n, seed):
    """The members of every step, drawn as the module says that it draws them."""
    seeds = np.random.SeedSequence([seed, private._STREAM]).generate_state(3)
    generator = torch.Generator().manual_seed(int(seeds[1]))
    rate, steps = private.schedule(n, settings)
    return [torch.nonzero(torch.rand(n, generator=generator) < rate)[:, 0] for _ in range(steps)]


def start(architecture, seed):
    model = architectures.build(architecture)
    seeds = np.random.SeedSequence([seed, private._STREAM]).generate_state(3)
    architectures.initialise(model, architecture["weight_std"], int(seeds[0]))
    return model


@pytest.mark.parametrize("optimizer", ["sgd", "adagrad", "adam"])
@pytest.mark.parametrize("chunk", [private._CHUNK, 1])
def test_without_noise_and_clipping_it_is_plain_training(monkeypatch, optimizer, chunk):
    monkeypatch.setattr(private, "_CHUNK", chunk)  # 1: every member passes alone
    settings = SETTINGS | {"optimizer": optimizer, "learning_rate": 0.05, "decay": 0.01}
    model, _ = run(private.fit, settings=settings, noise_multiplier=0.0, clipping_norm=1e6, seed=4)

    plain = start(dense(), 4)
    kinds = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}
    if optimizer == "adagrad":
        update = torch.optim.Adagrad(plain.parameters(), 0.05, lr_decay=0.01, eps=1e-7)
    else:
        update = kinds[optimizer](plain.parameters(), 0.05)
    x, y = map(torch.from_numpy, data())
    for rows in lots(settings, 80, 4):
        update.zero_grad()
        (nn.functional.cross_entropy(plain(x[rows]), y[rows], reduction="sum") / 20).backward()
        update.step()
    for ours, theirs in zip(model.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


def test_one_step_moves_by_the_clipped_gradients_of_each_member():
    """By hand: every member's own gradient, shortened to the norm, summed, over the mean batch."""
    clip, settings = 0.3, SETTINGS | {"epochs": 1, "batch_size": 80, "learning_rate": 1.0}
    architecture = dense()
    model, _ = run(private.fit, settings=settings, noise_multiplier=0.0, clipping_norm=clip, seed=1)
    plain = start(architecture, 1)
    x, y = map(torch.from_numpy, data())
    (rows,) = lots(settings, 80, 1)
    total = [torch.zeros_like(p) for p in plain.parameters()]
    clipped = 0
    for row in rows:
        loss = nn.functional.cross_entropy(plain(x[row : row + 1]), y[row : row + 1])
        gradients = torch.autograd.grad(loss, list(plain.parameters()))
        norm = math.sqrt(sum(float((g**2).sum()) for g in gradients))
        clipped += norm > clip
        for place, gradient in zip(total, gradients, strict=True):
            place += gradient * min(1.0, clip / norm)
    assert clipped > 0
    for before, after, step in zip(plain.parameters(), model.parameters(), total, strict=True):
        torch.testing.assert_close(before - after, step / 80, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("clip", [0.01, 0.2])
def test_no_step_is_longer_than_clipping_allows(clip):
    settings = SETTINGS | {"epochs": 1, "batch_size": 80, "learning_rate": 1.0}
    model, _ = run(private.fit, settings=settings, noise_multiplier=0.0, clipping_norm=clip, seed=2)
    pairs = zip(start(dense(), 2).parameters(), model.parameters(), strict=True)
    moved = math.sqrt(sum(float(((a - b) ** 2).sum().detach()) for a, b in pairs))
    assert 0 < moved <= clip * (1 + 1e-5)


def test_noise_has_the_deviation_that_was_promised():
    """A step's noise is what is left when the same step without noise is taken away."""
    settings = SETTINGS | {"epochs": 1, "batch_size": 80, "learning_rate": 1.0}
    wide = architectures.describe((5,), 3, {"hidden": [900], "weight_std": 0.1})
    noisy, quiet = (
        run(private.fit, wide, settings, noise_multiplier=noise, clipping_norm=0.5, seed=3)[0]
        for noise in (2.0, 0.0)
    )
    difference = torch.cat(
        [
            (a - b).detach().flatten()
            for a, b in zip(noisy.parameters(), quiet.parameters(), strict=True)
        ]
    )
    n = len(difference)
    scaled = difference.double() * 80 / (2.0 * 0.5)
    assert abs(float(scaled.mean())) < 4 / n**0.5
    assert abs(float(scaled.var()) - 1) < 4 * (2 / n) ** 0.5


def test_an_empty_batch_is_noise_alone():
    settings = SETTINGS | {"batch_size": 1, "epochs": 2}
    assert any(len(rows) == 0 for rows in lots(settings, 80, 0))
    model, _ = run(private.fit, settings=settings, noise_multiplier=0.1, clipping_norm=1.0, seed=0)
    assert all(p.isfinite().all() for p in model.parameters())


def test_the_recorded_epsilon_is_the_accountants():
    target, curve = run(private.train, **BUDGET)
    facts = target.privacy
    accountant = RDPAccountant()
    for _ in range(3 * 4):  # epochs x batches
        accountant.step(noise_multiplier=facts["noise_multiplier"], sample_rate=20 / 80)
    assert facts["steps"] == 12
    assert facts["epsilon"] == pytest.approx(accountant.get_epsilon(delta=1e-3))
    assert 1.98 <= facts["epsilon"] <= 2.0
    # Another accountant, with a tighter bound, agrees that no more was spent.
    tight = create_accountant("prv")
    tight.history = [(facts["noise_multiplier"], 20 / 80, 12)]
    assert tight.get_epsilon(delta=1e-3) <= facts["epsilon"]
    assert target.reached
    assert target.test_accuracy == curve["test_accuracy"][-1]
    assert len(curve["epoch"]) == 3


def test_more_noise_spends_less_and_a_smaller_budget_needs_more_noise():
    spent = [private.spent(noise, 1e-3, 0.25, 12) for noise in (0.6, 1.0, 2.0)]
    assert spent == sorted(spent, reverse=True)
    noises = [private.noise_for(epsilon, 1e-3, 0.25, 12) for epsilon in (1.0, 2.0, 16.0)]
    assert noises == sorted(noises, reverse=True)


def test_the_seed_decides_everything():
    def weights(seed):
        torch.manual_seed(seed + 10)  # the global generator must not matter
        target, _ = run(private.train, **BUDGET | {"seed": seed})
        return {name: value.tobytes() for name, value in target.weights.items()}

    assert weights(0) == weights(0)
    assert weights(0) != weights(1)


def test_images_can_be_trained_and_the_network_is_handed_back_plain():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 1, 8, 8)).astype(np.float32), rng.integers(0, 2, 40)
    architecture = architectures.describe((1, 8, 8), 2, {"channels": [3], "hidden": [4]})
    settings = SETTINGS | {"epochs": 1}
    model, _ = private.fit(
        x, y, x, y, architecture, settings, noise_multiplier=1.0, clipping_norm=1.0, seed=0
    )
    assert not isinstance(model, GradSampleModule)
    assert not any(module._forward_hooks or module._backward_hooks for module in model.modules())


def test_without_a_budget_it_is_the_same_training_without_protection():
    target, curve = run(private.train, **BUDGET | {"epsilon": None})
    model, expected = run(private.fit, noise_multiplier=0.0, clipping_norm=1e9, seed=0)
    assert target.privacy == {}
    assert curve == expected
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(target.weights[name], value.numpy())


def test_learns_what_can_be_learnt():
    settings = {"optimizer": "adam", "learning_rate": 0.02, "epochs": 40, "batch_size": 40}
    options = BUDGET | {"epsilon": 50.0}
    target, _ = run(private.train, settings=settings, **options)
    assert target.train_accuracy > 0.8


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"epsilon": 0}, "epsilon: 0"),
        ({"epsilon": math.inf}, "epsilon: inf"),
        ({"epsilon": 1e-9}, "raise epsilon or delta"),
        ({"delta": 0.0}, "delta: 0.0"),
        ({"delta": 0.02}, "one over the number of members"),
        ({"clipping_norm": 0.0}, "clipping_norm: 0.0"),
    ],
)
def test_impossible_budgets_are_refused(change, words):
    with pytest.raises(LeakcoreError, match=words):
        run(private.train, **BUDGET | change)


def test_a_batch_larger_than_the_members_is_refused():
    with pytest.raises(LeakcoreError, match="batch_size: 81, but there are 80 members"):
        run(private.train, settings=SETTINGS | {"batch_size": 81}, **BUDGET)
