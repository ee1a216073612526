"""The passes that LRP and DeepLIFT share: forward layer by layer, and back through one layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

# Called as functions, because an in-place ReLU module would overwrite what the rules need.
ELEMENTWISE: dict[type[nn.Module], Callable[[Tensor], Tensor]] = {
    nn.Tanh: torch.tanh,
    nn.ReLU: torch.relu,
}
SUPPORTED = (nn.Linear, nn.Conv2d, nn.AvgPool2d, nn.MaxPool2d, nn.Flatten, *ELEMENTWISE)


@dataclass(frozen=True)
class Step:
    """One layer with what went in and what came out, both (n, ...).

    The output holds autograd's graph only where `pull_back` needs it.
    """

    layer: nn.Module
    entry: Tensor
    output: Tensor

    def pull_back(self, cotangent: Tensor) -> Tensor:
        """Return the layer's transposed Jacobian at `entry` times `cotangent` (n, ...)."""
        if isinstance(self.layer, nn.Linear):
            return cotangent @ self.layer.weight.detach()
        if isinstance(self.layer, nn.Flatten):
            return cotangent.view_as(self.entry)
        return torch.autograd.grad(self.output, self.entry, cotangent)[0]


def pools_first(layers: list[nn.Module]) -> list[nn.Module]:
    """Return the layers with each activation that a maximum pool follows behind that pool.

    An activation never falls, so the network is the same, its relevances and contributions too;
    there are just fewer numbers to take it of.
    """
    result = list(layers)
    for place in range(len(result) - 1):
        first, second = result[place : place + 2]
        if type(first) in ELEMENTWISE and isinstance(second, nn.MaxPool2d):
            result[place : place + 2] = second, first
    return result


def forward(layers: list[nn.Module], inputs: Tensor) -> list[Step]:
    """Run the layers one after the other and keep every step."""
    steps = []
    value = inputs
    for layer in layers:
        entry = value.detach()
        if type(layer) in ELEMENTWISE:
            output = ELEMENTWISE[type(layer)](entry)
        elif isinstance(layer, nn.Linear | nn.Flatten):
            with torch.no_grad():
                output = layer(entry)
        else:
            output = layer(entry.requires_grad_())
        steps.append(Step(layer, entry, output))
        value = output
    return steps


def explained(logits: Tensor, classes: Tensor | None) -> Tensor:
    """Return (n, k) zeros with a 1 at each point's explained class; None is the largest logit."""
    chosen = (logits.argmax(1) if classes is None else classes)[:, None]
    return torch.zeros_like(logits).scatter_(1, chosen, 1.0)
