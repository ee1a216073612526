"""The attack network of section 4.2: one sub-network for each thing that the attacker sees.

Every sub-network ends in 64 units; together they feed the final layers [64 a sub-network, 64, 1].
ReLU follows every layer but the last. The score is the network's logit (log-odds of membership):
unlike the probability it does not run into 1.0, so the ranking stays whole at low false positive
rates, and it is above 0 where the probability is above one half.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from leakcore.attacks.checks import check_finite, check_train, choose_accesses, choose_settings
from leakcore.errors import LeakcoreError
from leakcore.runtime import Progress, part_of
from leakcore.store import Observations
from leakcore.targets.dense import Layers
from leakcore.targets.devices import device_of
from leakcore.targets.optimisers import Adagrad

ACCESSES: tuple[str, ...] = ("gradient", "gradient+label", "prediction", "gradient+prediction")

DEFAULTS: dict[str, Any] = {
    "learning_rate": 0.001,
    "decay": 1e-6,
    "epochs": 15,
    "batch_size": 32,
    "initialisation": "normal",  # weights N(0, weight_std), or "glorot": Glorot uniform
    "weight_std": 0.01,
    "standardise": True,  # prediction and explanation to mean 0, deviation 1 of the training part
    "device": "auto",
}

# The sub-networks that a kind of access turns on; the predicted label is always known.
_SEES: dict[str, tuple[str, ...]] = {
    "gradient": ("predicted", "explanation"),
    "gradient+label": ("predicted", "label", "explanation"),
    "prediction": ("predicted", "probabilities"),
    "gradient+prediction": ("predicted", "probabilities", "explanation"),
}
_HIDDEN: dict[str, tuple[int, ...]] = {
    "predicted": (512, 64),
    "label": (512, 64),
    "probabilities": (1024, 512, 64),
    "explanation": (1024, 512, 64),
}
_JOINT = 64  # the width in which every sub-network ends
_STREAM = 402
_BLOCK = 1024


class AttackNetwork:
    """The network of section 4.2 and Figure 11.

    Parameters
    ----------
    widths : for each sub-network its input width; the keys are among `predicted`, `label`,
        `probabilities` and `explanation`.
    device : where the weights lie.

    Attributes
    ----------
    parts : one stack of layers a sub-network.
    top : the final layers.
    weights, gradients : all layers' numbers, flat; the layers hold views of them.
    """

    def __init__(self, widths: Mapping[str, int], device: torch.device) -> None:
        self.parts = [Layers((width, *_HIDDEN[name]), "relu") for name, width in widths.items()]
        self.top = Layers((_JOINT * len(widths), _JOINT, 1), "relu")
        layers = [*self.parts, self.top]
        sizes = [stack.size for stack in layers]
        self.weights = torch.zeros(sum(sizes), device=device)
        self.gradients = torch.zeros_like(self.weights)
        for stack, weights, gradients in zip(
            layers,
            torch.split(self.weights, sizes),
            torch.split(self.gradients, sizes),
            strict=True,
        ):
            stack.bind(weights, gradients)

    def initialise(self, initialisation: str, std: float, generator: torch.Generator) -> None:
        """Draw the weights on the CPU, the same on every device; biases are 0."""
        self.weights.zero_()
        for stack in (*self.parts, self.top):
            for weight, _ in stack.weights:
                draw = torch.empty(weight.shape)
                if initialisation == "normal":
                    nn.init.normal_(draw, 0.0, std, generator=generator)
                else:
                    nn.init.xavier_uniform_(draw, generator=generator)
                weight.copy_(draw)

    def forward(self, inputs: Sequence[Tensor]) -> Tensor:
        """Return the logits, (b,), of inputs (b, width), one a sub-network."""
        outputs = [part.forward(x) for part, x in zip(self.parts, inputs, strict=True)]
        return self.top.forward(torch.cat(outputs, dim=1).relu_()).squeeze(1)

    def backward(self, slope: Tensor) -> None:
        """Fill `gradients`, given the slope of the loss in the logits of the last forward pass."""
        down = self.top.backward(slope.unsqueeze(1), to_input=True)
        assert down is not None
        down.mul_(self.top.kept[0] > 0)
        for part, slope in zip(self.parts, torch.split(down, _JOINT, dim=1), strict=True):
            part.backward(slope)


@torch.no_grad()
def run(
    observations: Observations,
    train: NDArray[np.int64],
    test: NDArray[np.int64],
    *,
    seed: int,
    accesses: Sequence[str] | None,
    settings: Mapping[str, Any],
    progress: Progress | None = None,
) -> dict[str, tuple[NDArray[np.float64], float]]:
    """Train one network for each kind of access and score the test points.

    Parameters
    ----------
    observations : what the attacker sees of n points.
    train, test : row indices of the attack's training and test part.
    seed : for the first weights and the order of the points. The result for one kind of access
        does not depend on which others are attacked with.
    accesses : some of `ACCESSES`; None is all of them.
    settings : overrides of `DEFAULTS`.
    progress : called with (epochs done, epochs in all, kind of access).

    Returns
    -------
    for each access the scores of the test points, (len(test),), and the threshold, always 0.

    Raises
    ------
    LeakcoreError : if a setting or access is unknown, the inputs are not finite, the training part
        is too small or has one class only, or the training diverges.
    """
    chosen = choose_accesses(ACCESSES, accesses)
    options = _check(choose_settings(DEFAULTS, dict(settings)))
    check_train(observations.member, train)
    for name in {part for access in chosen for part in _SEES[access]} & {
        "probabilities",
        "explanation",
    }:
        check_finite(name, getattr(observations, name))
    device = device_of(options["device"])
    # Moved once and shared by all kinds of access; on the CPU these are views, not copies.
    shared = {
        name: _Input(observations, name, train, options["standardise"], device)
        for name in sorted({part for access in chosen for part in _SEES[access]})
    }
    result = {}
    for turn, access in enumerate(chosen):
        source = np.random.default_rng([seed, _STREAM, ACCESSES.index(access)])
        generator = torch.Generator().manual_seed(int(source.integers(2**63)))
        inputs = [shared[name] for name in _SEES[access]]

        def report(epoch: int, turn: int = turn, access: str = access) -> None:
            if progress is not None:
                part_of(progress, turn, len(chosen))(epoch, options["epochs"], access)

        network = _fit(inputs, observations.member, train, options, generator, device, report)
        score = _score(network, inputs, test, device)
        check_finite(f"the attack network's score ({access})", score)
        result[access] = (score, 0.0)
    return result


class _Input:
    """One thing that the attacker sees, ready to be read in batches of rows."""

    def __init__(
        self,
        observations: Observations,
        name: str,
        train: NDArray[np.int64],
        standardise: bool,
        device: torch.device,
    ) -> None:
        self.name = name
        values: NDArray[Any] = getattr(observations, name)
        values = values.reshape(len(values), -1) if values.ndim > 1 else values
        self.values = torch.from_numpy(values).to(device)
        self.width = (values if values.ndim > 1 else observations.probabilities).shape[1]
        self.moments: tuple[Tensor, Tensor] | None = None
        if standardise and values.ndim > 1:
            mean, deviation = _moments(values, train)
            self.moments = (
                torch.from_numpy(mean.astype(np.float32)).to(device),
                torch.from_numpy((1 / deviation).astype(np.float32)).to(device),
            )

    def batch(self, rows: Tensor) -> Tensor:
        """Return rows as (b, width) float32: labels one-hot, the rest standardised if wanted."""
        values = self.values.index_select(0, rows)
        if values.ndim == 1:
            return nn.functional.one_hot(values, self.width).float()
        if self.moments is not None:
            values.sub_(self.moments[0]).mul_(self.moments[1])
        return values


def _moments(
    values: NDArray[Any], rows: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each column's mean and deviation over some rows; a constant column has deviation 1."""
    blocks = [rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK)]
    total = sum(values[block].sum(axis=0, dtype=np.float64) for block in blocks)
    mean = np.asarray(total / len(rows))
    squares = sum(np.square(values[block] - mean).sum(axis=0) for block in blocks)
    deviation = np.sqrt(np.asarray(squares) / len(rows))
    # What is left of a constant column is the rounding of its mean; it must not be blown up.
    constant = deviation <= 1e-6 * np.abs(mean)
    return mean, np.where(constant, 1.0, deviation)


def _fit(
    inputs: Sequence[_Input],
    member: NDArray[np.bool_],
    train: NDArray[np.int64],
    options: Mapping[str, Any],
    generator: torch.Generator,
    device: torch.device,
    report: Callable[[int], None],
) -> AttackNetwork:
    network = AttackNetwork({x.name: x.width for x in inputs}, device)
    network.initialise(options["initialisation"], options["weight_std"], generator)
    network.weights.grad = network.gradients
    optimiser = Adagrad([network.weights], options["learning_rate"], options["decay"])
    rows = torch.from_numpy(train)
    truth = torch.from_numpy(member.astype(np.float32)).to(device)
    for epoch in range(1, options["epochs"] + 1):
        order = rows[torch.randperm(len(rows), generator=generator)].to(device)
        for batch in torch.split(order, options["batch_size"]):
            logits = network.forward([x.batch(batch) for x in inputs])
            # The slope of the mean binary cross-entropy of sigmoid(logit).
            slope = (logits.sigmoid() - truth.index_select(0, batch)) / len(batch)
            network.backward(slope)
            optimiser.step()
        report(epoch)
    return network


def _score(
    network: AttackNetwork,
    inputs: Sequence[_Input],
    test: NDArray[np.int64],
    device: torch.device,
) -> NDArray[np.float64]:
    rows = torch.from_numpy(test).to(device)
    logits = [
        network.forward([x.batch(batch) for x in inputs]) for batch in torch.split(rows, _BLOCK)
    ]
    scores: NDArray[np.float64] = torch.cat(logits).double().cpu().numpy()
    return scores


def _check(options: dict[str, Any]) -> dict[str, Any]:
    """Refuse settings that cannot be meant."""
    for key in ("learning_rate", "weight_std", "epochs", "batch_size"):
        whole = key in ("epochs", "batch_size")
        value = options[key]
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
            raise LeakcoreError(f"attack setting {key}: {value!r} is no number of the right kind")
        if not 0 < value < float("inf"):
            raise LeakcoreError(f"attack setting {key}: {value} must be finite and above 0")
    if not 0 <= options["decay"] < float("inf"):
        raise LeakcoreError(f"attack setting decay: {options['decay']} must be 0 or above")
    for key, choice in (
        ("initialisation", ("normal", "glorot")),
        ("standardise", (True, False)),
        ("device", ("auto", "cpu", "cuda")),
    ):
        if options[key] not in choice:
            raise LeakcoreError(
                f"attack setting {key}: {options[key]!r} is none of {', '.join(map(str, choice))}"
            )
    return options
