"""Train a target network once and keep it at each overfitting level (paper section 4.3.2)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from leakcore.errors import LeakcoreError
from leakcore.store import Target
from leakcore.targets import architectures, dense
from leakcore.targets.devices import device_of
from leakcore.targets.optimisers import optimiser

_STREAM = 0x7A19
# Points evaluated at once: what lies between the layers shall stay in the cache.
_EVALUATION_BATCH = 2048
_EVALUATION_BATCH_CONVOLUTIONS = 64


@torch.no_grad()
def accuracy(
    model: Callable[[Tensor], Tensor],
    features: Tensor,
    labels: Tensor,
    architecture: Mapping[str, Any],
) -> float:
    """Return the share of points whose largest logit is at their label."""
    correct = 0
    batch = _EVALUATION_BATCH_CONVOLUTIONS if architecture["channels"] else _EVALUATION_BATCH
    for start in range(0, len(labels), batch):
        rows = slice(start, start + batch)
        logits = model(architectures.as_inputs(features[rows], architecture))
        correct += int((logits.argmax(1) == labels[rows]).sum())
    return correct / len(labels)


def train(
    train_features: NDArray[Any],
    train_labels: NDArray[np.int64],
    test_features: NDArray[Any],
    test_labels: NDArray[np.int64],
    architecture: Mapping[str, Any],
    settings: Mapping[str, Any],
    levels: Sequence[float],
    *,
    seed: int,
    device: str = "cpu",
    progress: Callable[[int, int, str], None] | None = None,
) -> tuple[list[Target], dict[str, list[float]]]:
    """Train one network; keep it at the first epoch whose gap reaches each level.

    The gap is train accuracy minus test accuracy, measured after every epoch. Training ends when
    the last level is reached or after `epochs`; a level that is never reached comes back with
    `reached=False` and no weights.

    Parameters
    ----------
    train_features, test_features : (n, *shape), stored dtype.
    train_labels, test_labels : (n,) int64.
    architecture : from `architectures.describe`.
    settings : `epochs`, `batch_size`, `optimizer`, `learning_rate`, `decay`.
    levels : wanted gaps, each in [0, 1).
    seed : of the initial weights and of the order of the points.
    device : `auto`, `cpu` or `cuda`.

    Returns
    -------
    targets : one a level, in the order of `levels`.
    curve : `epoch`, `train_accuracy`, `test_accuracy`, `gap` and `loss` (mean over the epoch's
        batches, nats), one entry an epoch.

    Raises
    ------
    LeakcoreError : if the training points have a single class, or the loss is no longer finite.
    """
    if len(np.unique(train_labels)) < 2:
        raise LeakcoreError(
            f"all {len(train_labels)} training points have class {train_labels[0]}; "
            "a target needs at least two classes: draw more members"
        )
    on = device_of(device)
    sequence = np.random.SeedSequence([seed, _STREAM]).generate_state(2)
    model = architectures.build(architecture)
    architectures.initialise(model, architecture["weight_std"], int(sequence[0]))
    network = _Learner(model.to(on), architecture, settings)
    order = torch.Generator().manual_seed(int(sequence[1]))
    x, y = torch.from_numpy(train_features).to(on), torch.from_numpy(train_labels).to(on)
    x_test, y_test = torch.from_numpy(test_features).to(on), torch.from_numpy(test_labels).to(on)
    batch, epochs = int(settings["batch_size"]), int(settings["epochs"])

    kept: dict[float, Target] = {}
    curve: dict[str, list[float]] = {
        name: [] for name in ("epoch", "train_accuracy", "test_accuracy", "gap", "loss")
    }
    epoch, train_accuracy, test_accuracy = 0, math.nan, math.nan
    for epoch in range(1, epochs + 1):
        total = torch.zeros((), device=on)
        for rows in torch.split(torch.randperm(len(y), generator=order).to(on), batch):
            total += network.step(architectures.as_inputs(x[rows], architecture), y[rows])
        mean_loss = float(total) / len(y)
        if not math.isfinite(mean_loss):
            raise LeakcoreError(
                f"the loss is {mean_loss} in epoch {epoch}; lower learning_rate "
                f"({settings['learning_rate']}) of this target"
            )
        train_accuracy = accuracy(network.logits, x, y, architecture)
        test_accuracy = accuracy(network.logits, x_test, y_test, architecture)
        gap = train_accuracy - test_accuracy
        values = (epoch, train_accuracy, test_accuracy, gap, mean_loss)
        for name, value in zip(curve, values, strict=True):
            curve[name].append(value)
        for level in levels:
            if level not in kept and gap >= level:
                weights = {k: v.cpu().numpy().copy() for k, v in network.state().items()}
                kept[level] = Target(
                    level, True, epoch, train_accuracy, test_accuracy, dict(architecture), weights
                )
        if progress:
            progress(epoch, epochs, f"epoch {epoch}, gap {gap:.3f}")
        if len(kept) == len(levels):
            break
    for level in levels:
        kept.setdefault(
            level,
            Target(level, False, epoch, train_accuracy, test_accuracy, dict(architecture), {}),
        )
    return [kept[level] for level in levels], curve


class _Learner:
    """A network in training: convolutions through autograd, dense networks without it."""

    def __init__(
        self, model: nn.Sequential, architecture: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> None:
        self.logits: Callable[[Tensor], Tensor]
        self.state: Callable[[], Mapping[str, Tensor]]
        if architecture["channels"]:
            self._model, self._update = model, optimiser(settings, model.parameters())
            self.step, self.logits, self.state = self._by_autograd, model, model.state_dict
        else:
            self._dense = dense.Classifier(model, architecture["activation"])
            self._dense.weights.grad = self._dense.gradients
            self._update = optimiser(settings, [self._dense.weights])
            self.step, self.logits, self.state = self._by_hand, self._dense, self._dense.state

    def _by_autograd(self, inputs: Tensor, labels: Tensor) -> Tensor:
        """Make one update; return the loss summed over the points."""
        loss = nn.functional.cross_entropy(self._model(inputs), labels)
        self._update.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._update.step()
        return loss.detach() * len(labels)

    @torch.no_grad()
    def _by_hand(self, inputs: Tensor, labels: Tensor) -> Tensor:
        total = self._dense.loss(inputs, labels)
        self._update.step()
        return total


def load_model(target: Target) -> nn.Sequential:
    """Rebuild a target's network, ready to be evaluated.

    Raises
    ------
    LeakcoreError : if the target never reached its level.
    """
    if not target.reached:
        raise LeakcoreError(f"the target never reached level {target.level}: there is no network")
    model = architectures.build(target.architecture)
    model.load_state_dict({k: torch.from_numpy(v) for k, v in target.weights.items()})
    return model.eval()
