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

from leakcore.explanations import layerwise
from leakcore.explanations.checks import layers_of


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
    layers = layers_of(model, "deeplift", layerwise.SUPPORTED)
    steps = layerwise.forward(layers, inputs)
    references = layerwise.forward(layers, torch.zeros_like(inputs[:1]))
    logits = steps[-1].output.detach()
    multiplier = layerwise.explained(logits, classes)
    for step, reference in zip(reversed(steps), reversed(references), strict=True):
        if isinstance(step.layer, nn.Tanh):
            multiplier = multiplier * _tanh_slope(step, reference)
        elif isinstance(step.layer, nn.ReLU):
            multiplier = multiplier * _relu_slope(step, reference)
        elif isinstance(step.layer, nn.MaxPool2d):
            multiplier = _through_pool(step, reference, multiplier)
        else:
            multiplier = step.pull_back(multiplier)
    return logits, multiplier * inputs.detach()


def _tanh_slope(step: layerwise.Step, reference: layerwise.Step) -> Tensor:
    """Return the change of the output over that of the entry.

    tanh x - tanh r = tanh(x - r) (1 - tanh x tanh r), which does not cancel as x nears r.
    """
    difference = step.entry - reference.entry
    ratio = difference.tanh().div_(difference).nan_to_num_(nan=1.0)  # 0/0
    return ratio.mul_((step.output * reference.output).neg_().add_(1))


def _relu_slope(step: layerwise.Step, reference: layerwise.Step) -> Tensor:
    """Return the change of the output over that of the entry; the derivative where it is 0/0."""
    difference = step.entry - reference.entry
    slope = (step.output - reference.output) / difference
    return torch.where(difference == 0, (step.entry > 0).to(slope.dtype), slope)


def _through_pool(step: layerwise.Step, reference: layerwise.Step, multiplier: Tensor) -> Tensor:
    """Return the multipliers of a maximum pool's entries.

    A pool's change is walked in two parts: up from the baseline's maximum to the larger of the two,
    which the winner at the point accounts for, and down from there to the point's maximum, which
    the winner at the baseline accounts for.
    """
    layer = step.layer
    assert isinstance(layer, nn.MaxPool2d)
    output, entry = step.output.detach(), step.entry.detach()
    base, winners = nn.functional.max_pool2d(
        reference.entry.detach(),
        layer.kernel_size,
        layer.stride,
        layer.padding,
        layer.dilation,
        layer.ceil_mode,
        return_indices=True,
    )
    top = torch.maximum(output, base)
    change = step.pull_back(multiplier * (top - base))
    change.flatten(2).scatter_add_(
        2, winners.flatten(2).expand(len(entry), -1, -1), (multiplier * (output - top)).flatten(2)
    )
    difference = entry - reference.entry.detach()
    still = difference == 0
    result = change.div_(difference)
    # Such an entry changes nothing; what it hands on is the derivative.
    return torch.where(still, step.pull_back(multiplier), result) if still.any() else result
