"""DeepLIFT, rescale rule, from the baseline 0 (paper appendix C, after Shrikumar et al.).

The recursion is written out here. Captum's `DeepLift` (0.9) sends a copy of the baseline through
the network for every point, and is wrong on networks such as the cifar100 target: where a pool
follows an activation the pool's rule is passed by, so that the sum no longer holds
(meta-pytorch/captum#1104), and where an input of a pool equals the baseline's the gradient of the
batch's first point is taken (meta-pytorch/captum#1276). The tests compare with it where neither
matters.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from leakcore.explanations.checks import layers_of

_LINEAR = (nn.Linear, nn.Conv2d, nn.AvgPool2d, nn.Flatten)
SUPPORTED = (*_LINEAR, nn.MaxPool2d, nn.Tanh, nn.ReLU)


def explain(
    model: nn.Module,
    inputs: Tensor,
    classes: Tensor,
    *,
    seed: int = 0,
    index: Tensor | None = None,
) -> Tensor:
    """Return the contribution of every input to logit(x) - logit(0); they sum to it.

    Parameters
    ----------
    model : `nn.Sequential` of Linear, Conv2d, AvgPool2d, MaxPool2d, Flatten, Tanh and ReLU.
    inputs, classes, seed, index : see `gradient.explain`.

    Returns
    -------
    (n, ...) float32, in units of the logit.

    Raises
    ------
    LeakcoreError : if the rule does not cover this network.
    """
    del seed, index
    return _propagate(model, inputs, classes)[1]


def explain_predicted(
    model: nn.Module, inputs: Tensor, *, seed: int = 0, index: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Return the logits (n, k) and the explanation of the largest one, from a single pass."""
    del seed, index
    return _propagate(model, inputs, None)


def _propagate(model: nn.Module, inputs: Tensor, classes: Tensor | None) -> tuple[Tensor, Tensor]:
    tape: list[tuple[nn.Module, Tensor, Tensor, Tensor]] = []
    value = inputs.detach()
    baseline = torch.zeros_like(value[:1])
    for layer in layers_of(model, "deeplift", SUPPORTED):
        if isinstance(layer, nn.Tanh | nn.ReLU):
            tape.append((layer, value, value, baseline))
            function = torch.tanh if isinstance(layer, nn.Tanh) else torch.relu
            value, baseline = function(value), function(baseline)
        else:
            entry = value.requires_grad_()
            output = layer(entry)
            tape.append((layer, entry, output, baseline))
            value = output.detach()
            with torch.no_grad():
                baseline = layer(baseline)
    logits = value
    chosen = (logits.argmax(1) if classes is None else classes)[:, None]
    multiplier = torch.zeros_like(logits).scatter_(1, chosen, 1.0)
    for layer, entry, output, reference in reversed(tape):
        if isinstance(layer, nn.Tanh):
            multiplier = multiplier * _tanh_slope(entry, reference)
        elif isinstance(layer, nn.ReLU):
            multiplier = multiplier * _relu_slope(entry, reference)
        elif isinstance(layer, nn.MaxPool2d):
            multiplier = _through_pool(layer, entry, output, reference, multiplier)
        else:
            multiplier = torch.autograd.grad(output, entry, multiplier)[0]
    return logits, multiplier * inputs


def _tanh_slope(x: Tensor, r: Tensor) -> Tensor:
    """Return (tanh x - tanh r) / (x - r), by an identity that does not cancel as x nears r."""
    x, difference = x.detach(), x.detach() - r
    ratio = torch.where(difference == 0, 1.0, difference.tanh() / difference)
    return ratio * (1 - x.tanh() * r.tanh())


def _relu_slope(x: Tensor, r: Tensor) -> Tensor:
    """Return (relu x - relu r) / (x - r), and the derivative where x = r."""
    x, difference = x.detach(), x.detach() - r
    return torch.where(difference == 0, (x > 0).to(x.dtype), (x.relu() - r.relu()) / difference)


def _through_pool(
    layer: nn.Module, entry: Tensor, output: Tensor, reference: Tensor, multiplier: Tensor
) -> Tensor:
    """Return the multipliers of a maximum pool's inputs.

    A pool's change is walked in two steps: up to the larger of the two maxima, which the winner at
    the point or the winner at the baseline accounts for, and from there to the point's.
    """
    base = reference.expand_as(entry).detach().requires_grad_()
    base_output = layer(base)
    with torch.no_grad():
        top = torch.maximum(output, base_output)
    (gradient,) = torch.autograd.grad(output, entry, multiplier, retain_graph=True)
    (up,) = torch.autograd.grad(output, entry, multiplier * (top - base_output.detach()))
    (down,) = torch.autograd.grad(base_output, base, multiplier * (output.detach() - top))
    difference = entry.detach() - reference
    return torch.where(difference == 0, gradient, (up + down) / difference)
