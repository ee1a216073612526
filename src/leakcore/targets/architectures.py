"""The target networks, built from a plain description (protocol of the paper's section 4.3.1)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from leakcore.errors import LeakcoreError

_ACTIVATIONS: dict[str, type[nn.Module]] = {"tanh": nn.Tanh, "relu": nn.ReLU}


def describe(shape: tuple[int, ...], n_classes: int, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the full description of a network for data of one shape.

    Parameters
    ----------
    shape : of one point, (d,) or (channels, height, width).
    n_classes : number of classes.
    settings : `hidden` (widths of the dense layers), `channels` (of the convolutions, for images),
        `activation`, `weight_std` (of the dense weights), `input_divisor` (what the stored features
        are divided by before the network sees them).

    Raises
    ------
    LeakcoreError : if convolutions are asked for on data that are no images.
    """
    channels = list(settings.get("channels", []))
    if channels and len(shape) != 3:
        raise LeakcoreError(
            f"channels: {channels} needs image data, but a point has shape {list(shape)}; "
            "remove channels from this target"
        )
    return {
        "shape": list(shape),
        "n_classes": n_classes,
        "channels": channels,
        "hidden": list(settings["hidden"]),
        "activation": settings.get("activation", "tanh"),
        "weight_std": float(settings.get("weight_std", 0.01)),
        "input_divisor": float(settings.get("input_divisor", 1.0)),
    }


def build(architecture: Mapping[str, Any]) -> nn.Sequential:
    """Build the network; it maps inputs (n, *shape) to logits (n, n_classes).

    Convolutions are 3x3, "same", each followed by the activation and a 2x2 maximum pool. No module
    is used twice, so that back-propagation rules can hook each of them.
    """
    activation = _ACTIVATIONS[architecture["activation"]]
    layers: list[nn.Module] = []
    shape = architecture["shape"]
    if architecture["channels"]:
        width, height, length = shape
        for channels in architecture["channels"]:
            layers += [nn.Conv2d(width, channels, 3, padding="same"), activation()]
            layers += [nn.MaxPool2d(2)]
            width, height, length = channels, height // 2, length // 2
        layers.append(nn.Flatten())
        features = width * height * length
    else:
        layers += [nn.Flatten()] if len(shape) > 1 else []
        features = math.prod(shape)
    for hidden in architecture["hidden"]:
        layers += [nn.Linear(features, hidden), activation()]
        features = hidden
    layers.append(nn.Linear(features, architecture["n_classes"]))
    model = nn.Sequential(*layers)
    # Pixels' channels side by side in memory: convolutions and pools take half the time on the CPU.
    return model.to(memory_format=torch.channels_last) if architecture["channels"] else model  # type: ignore[call-overload]


def initialise(model: nn.Sequential, weight_std: float, seed: int) -> None:
    """Draw the weights: dense N(0, weight_std), convolutions Glorot uniform, biases 0."""
    generator = torch.Generator().manual_seed(seed)
    for module in model:
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, 0.0, weight_std, generator=generator)
            nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Conv2d):
            nn.init.xavier_uniform_(module.weight, generator=generator)
            assert module.bias is not None
            nn.init.zeros_(module.bias)


def as_inputs(features: Tensor, architecture: Mapping[str, Any]) -> Tensor:
    """Turn stored features, of any numeric dtype, into what the network takes (float32)."""
    inputs = features.to(torch.float32)
    divisor = architecture["input_divisor"]
    return inputs if divisor == 1.0 else inputs / divisor
