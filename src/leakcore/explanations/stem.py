"""The layer that a network begins with, where it is affine: its derivative is the same everywhere.

A mean of gradients at many inputs is then the mean of the gradients at that layer's output, taken
back through it once; and along a straight line its output need be computed at the two ends alone.
On networks whose first layer is the widest this is most of the work.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

_AFFINE = (nn.Linear, nn.Conv2d)


@dataclass(frozen=True)
class Stem:
    """A network in two parts.

    Attributes
    ----------
    first : affine, from inputs (n, ...) to (n, ...).
    rest : from what `first` returns to the logits (n, k).
    """

    first: nn.Module
    rest: nn.Module

    def forward(self, inputs: Tensor) -> Tensor:
        """Return the first part's output, without a graph."""
        with torch.no_grad():
            output: Tensor = self.first(inputs)
        return output

    def pull_back(self, cotangents: Tensor, inputs: Tensor) -> Tensor:
        """Return the first part's transposed Jacobian times each cotangent.

        Parameters
        ----------
        cotangents : (n, ...), of the first part's output.
        inputs : (n, ...); their values do not matter, their shape does.
        """
        if isinstance(self.first, nn.Identity):
            return cotangents
        if isinstance(self.first, nn.Sequential) and isinstance(self.first[-1], nn.Linear):
            return (cotangents @ self.first[-1].weight.detach()).view_as(inputs)
        entry = inputs.detach().requires_grad_()
        return torch.autograd.grad(self.first(entry), entry, cotangents)[0]


def split(model: nn.Module) -> Stem:
    """Return the network's affine first layer and the rest.

    Only `nn.Sequential` says what comes first; of any other network, or where the first layer is
    neither dense nor a convolution, the first part is the identity.
    """
    if type(model) is nn.Sequential:
        layers = list(model)
        place = 0
        while place < len(layers) and type(layers[place]) is nn.Flatten:
            place += 1
        if place < len(layers) - 1 and type(layers[place]) in _AFFINE:
            return Stem(nn.Sequential(*layers[: place + 1]), nn.Sequential(*layers[place + 1 :]))
    return Stem(nn.Identity(), model)
