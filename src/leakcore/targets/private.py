"""Train a target network with differential privacy: DP-SGD through Opacus (paper section 4.5).

Every step takes each member with the same chance (Poisson sampling), clips each member's gradient
to a 2-norm, and adds Gaussian noise to their sum. Clipping and noise are Opacus' optimiser's, and
epsilon is its accountant's. What is reported holds for the network; the accuracies that are
recorded beside it are those of an experiment and are not private. The noise is drawn from a seed,
so that a run can be repeated: whoever knows the seed can take the noise away again.

Opacus takes seconds to import; nothing else imports this module.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from opacus import GradSampleModule
from opacus.accountants import RDPAccountant
from opacus.accountants.utils import get_noise_multiplier
from opacus.optimizers import DPOptimizer
from torch import nn

from leakcore.errors import LeakcoreError
from leakcore.store import Target
from leakcore.targets import architectures
from leakcore.targets.devices import device_of
from leakcore.targets.training import accuracy

_STREAM = 0xD9
_CHUNK = 2**26  # numbers in the gradients of the members that pass together: 256 MB
_UNCLIPPED = 1e12  # no gradient is as long


def train(
    train_features: NDArray[Any],
    train_labels: NDArray[np.int64],
    test_features: NDArray[Any],
    test_labels: NDArray[np.int64],
    architecture: Mapping[str, Any],
    settings: Mapping[str, Any],
    *,
    epsilon: float | None,
    delta: float,
    clipping_norm: float,
    seed: int,
    device: str = "cpu",
    progress: Callable[[int, int, str], None] | None = None,
) -> tuple[Target, dict[str, list[float]]]:
    """Train one network for a fixed number of epochs within a privacy budget.

    The noise is the least with which the whole training stays within epsilon.

    Parameters
    ----------
    train_features, train_labels, test_features, test_labels, architecture : as for
        `training.train`.
    settings : see `fit`.
    epsilon : the budget, above 0; None trains in the same way with neither clipping nor noise,
        which is what private training must be compared with.
    delta : the chance that the guarantee fails; below 1 over the number of members.
    clipping_norm : largest 2-norm of a member's gradient over all weights.
    seed : of the initial weights, of who takes part in a step, and of the noise.
    device : `auto`, `cpu` or `cuda`.

    Returns
    -------
    target : after the last epoch, with level 0, since no gap is aimed at. Its `privacy` holds
        `epsilon` (what was spent), `target_epsilon`, `delta`, `clipping_norm`, `noise_multiplier`,
        `sample_rate` and `steps`; it is empty without a budget.
    curve : see `fit`.

    Raises
    ------
    LeakcoreError : if the budget is impossible, or see `fit`.
    """
    n = len(train_labels)
    rate, steps = schedule(n, settings)
    if epsilon is None:
        noise, clipping_norm, privacy = 0.0, _UNCLIPPED, {}
    else:
        _check_budget(epsilon, delta, n)
        noise = noise_for(epsilon, delta, rate, steps)
        privacy = {
            "epsilon": spent(noise, delta, rate, steps),
            "target_epsilon": float(epsilon),
            "delta": float(delta),
            "clipping_norm": float(clipping_norm),
            "noise_multiplier": noise,
            "sample_rate": rate,
            "steps": steps,
        }
    model, curve = fit(
        train_features,
        train_labels,
        test_features,
        test_labels,
        architecture,
        settings,
        noise_multiplier=noise,
        clipping_norm=clipping_norm,
        seed=seed,
        device=device,
        progress=progress,
    )
    target = Target(
        level=0.0,
        reached=True,
        epoch=int(settings["epochs"]),
        train_accuracy=curve["train_accuracy"][-1],
        test_accuracy=curve["test_accuracy"][-1],
        architecture=dict(architecture),
        weights={k: v.cpu().numpy().copy() for k, v in model.state_dict().items()},
        privacy=privacy,
    )
    return target, curve


def _check_budget(epsilon: float, delta: float, members: int) -> None:
    """Refuse budgets that are impossible, or promise nothing."""
    if not 0 < epsilon < math.inf:
        raise LeakcoreError(
            f"epsilon: {epsilon}, but a privacy budget is a number above 0; correct the config"
        )
    if not 0 < delta < 1 / members:
        raise LeakcoreError(
            f"delta: {delta}, but it must be above 0 and below 1 / {members} = {1 / members:.2g}, "
            "one over the number of members: a larger delta permits to publish a member as it is; "
            "lower it"
        )


def schedule(members: int, settings: Mapping[str, Any]) -> tuple[float, int]:
    """Return the chance with which a member takes part in a step, and the number of steps.

    Parameters
    ----------
    members : number of members.
    settings : `batch_size`, the mean number of members in a step, and `epochs`.

    Raises
    ------
    LeakcoreError : if a batch would hold more than all members.
    """
    batch = int(settings["batch_size"])
    if not 0 < batch <= members:
        raise LeakcoreError(
            f"batch_size: {batch}, but there are {members} members; choose 1 to {members}"
        )
    return batch / members, int(settings["epochs"]) * round(members / batch)


@cache
def noise_for(epsilon: float, delta: float, rate: float, steps: int) -> float:
    """Return the least noise multiplier that spends at most epsilon, to a hundredth of it.

    Raises
    ------
    LeakcoreError : if no noise is enough.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the search passes budgets that its orders do not fit
            noise = get_noise_multiplier(
                target_epsilon=epsilon,
                target_delta=delta,
                sample_rate=rate,
                steps=steps,
                accountant="rdp",
                epsilon_tolerance=epsilon / 100,
            )
    except ValueError as error:
        raise LeakcoreError(
            f"epsilon: {epsilon} cannot be kept in {steps} steps at delta {delta} ({error}); raise "
            "epsilon or delta, or train for fewer epochs"
        ) from error
    return float(noise)


def spent(noise_multiplier: float, delta: float, rate: float, steps: int) -> float:
    """Return the epsilon that Opacus' accountant (Rényi) finds spent after all steps."""
    accountant = RDPAccountant()
    accountant.history = [(noise_multiplier, rate, steps)]
    return float(accountant.get_epsilon(delta=delta))


def fit(
    train_features: NDArray[Any],
    train_labels: NDArray[np.int64],
    test_features: NDArray[Any],
    test_labels: NDArray[np.int64],
    architecture: Mapping[str, Any],
    settings: Mapping[str, Any],
    *,
    noise_multiplier: float,
    clipping_norm: float,
    seed: int,
    device: str = "cpu",
    progress: Callable[[int, int, str], None] | None = None,
) -> tuple[nn.Sequential, dict[str, list[float]]]:
    """Train with clipped gradients and noise of standard deviation noise x clipping norm.

    Parameters
    ----------
    train_features, train_labels, test_features, test_labels, architecture, device : as for
        `training.train`.
    settings : `epochs`, `batch_size` (the mean, see `schedule`), `learning_rate`, `decay` and
        `optimizer`: `sgd`, `adagrad` or `adam`, which is given the noisy mean.
    noise_multiplier : at least 0.
    clipping_norm : above 0.
    seed : see `train`.

    Returns
    -------
    the network after the last epoch, and the curve: `epoch`, `train_accuracy`, `test_accuracy`
    and `gap`, one entry an epoch.

    Raises
    ------
    LeakcoreError : if the clipping norm is no number above 0, a batch holds more than all members,
        or the weights are no longer finite.
    """
    if not 0 < clipping_norm < math.inf:
        raise LeakcoreError(
            f"clipping_norm: {clipping_norm}, but it must be a finite number above 0"
        )
    n, on = len(train_labels), device_of(device)
    rate, steps = schedule(n, settings)
    seeds = [int(s) for s in np.random.SeedSequence([seed, _STREAM]).generate_state(3)]
    model = architectures.build(architecture)
    architectures.initialise(model, architecture["weight_std"], seeds[0])
    model.to(on)
    lots = torch.Generator().manual_seed(seeds[1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Opacus announces a coming change of this class
        wrapped = GradSampleModule(model, loss_reduction="sum")
    update = DPOptimizer(
        _optimiser(settings, model),
        noise_multiplier=noise_multiplier,
        max_grad_norm=clipping_norm,
        expected_batch_size=int(settings["batch_size"]),
        generator=torch.Generator(device=on).manual_seed(seeds[2]),
    )
    x, y = torch.from_numpy(train_features).to(on), torch.from_numpy(train_labels).to(on)
    x_test, y_test = torch.from_numpy(test_features).to(on), torch.from_numpy(test_labels).to(on)
    together = max(1, _CHUNK // sum(p.numel() for p in model.parameters()))
    curve: dict[str, list[float]] = {
        name: [] for name in ("epoch", "train_accuracy", "test_accuracy", "gap")
    }
    epochs = int(settings["epochs"])
    for epoch in range(1, epochs + 1):
        for _ in range(steps // epochs):
            lot = torch.nonzero(torch.rand(n, generator=lots) < rate)[:, 0].to(on)
            chunks = torch.split(lot, together)
            for turn, rows in enumerate(chunks, start=1):
                update.zero_grad()
                # With a graph down to the inputs the first layer's hooks need not warn.
                inputs = architectures.as_inputs(x[rows], architecture).requires_grad_()
                loss = nn.functional.cross_entropy(wrapped(inputs), y[rows], reduction="sum")
                loss.backward()  # type: ignore[no-untyped-call]
                # All but the last chunk are only clipped and added up.
                update.signal_skip_step(turn < len(chunks))
                update.step()
        if not all(bool(p.isfinite().all()) for p in model.parameters()):
            raise LeakcoreError(
                f"a weight is not finite in epoch {epoch}; lower learning_rate "
                f"({settings['learning_rate']}) of this private target"
            )
        accuracies = (
            accuracy(model, x, y, architecture),
            accuracy(model, x_test, y_test, architecture),
        )
        values = (epoch, *accuracies, accuracies[0] - accuracies[1])
        for name, value in zip(curve, values, strict=True):
            curve[name].append(value)
        if progress:
            progress(epoch, epochs, f"epoch {epoch}, test accuracy {accuracies[1]:.3f}")
    wrapped.to_standard_module()
    return model.eval(), curve


def _optimiser(settings: Mapping[str, Any], model: nn.Module) -> torch.optim.Optimizer:
    """Return torch's own optimiser: Opacus wraps no other."""
    name, rate = settings["optimizer"], float(settings["learning_rate"])
    if name == "sgd":
        return torch.optim.SGD(model.parameters(), rate)
    if name == "adam":
        return torch.optim.Adam(model.parameters(), rate)
    decay = float(settings.get("decay", 0.0))
    return torch.optim.Adagrad(model.parameters(), rate, lr_decay=decay, eps=1e-7)
