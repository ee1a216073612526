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

# Added to the change of a unit's entry, and times the derivative to that of its output: nothing
# beside any change, but 0/0 becomes the derivative.
_TINY = 1e-25


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
    layers = layerwise.pools_first(layers_of(model, "deeplift", layerwise.SUPPORTED))
    steps = layerwise.forward(layers, inputs)
    references = layerwise.forward(layers, torch.zeros_like(inputs[:1]))
    logits = steps[-1].output.detach()
    multiplier = layerwise.explained(logits, classes)
    for step, reference in zip(reversed(steps), reversed(references), strict=True):
        if type(step.layer) in layerwise.ELEMENTWISE:
            multiplier = _slope(step, reference).mul_(multiplier)
        elif isinstance(step.layer, nn.MaxPool2d):
            multiplier = _through_pool(step, reference, multiplier)
        else:
            multiplier = step.pull_back(multiplier)
    return logits, multiplier.mul_(inputs.detach())


def _slope(step: layerwise.Step, reference: layerwise.Step) -> Tensor:
    """Return an activation's change of output over that of entry; the derivative at 0/0.

    Masks (`torch.where`) would take longer than all else here.
    """
    entry, output = step.entry.detach(), step.output
    difference = (entry - reference.entry.detach()).add_(_TINY)
    slope = output - reference.output
    if isinstance(step.layer, nn.ReLU):
        return slope.add_(output.sign(), alpha=_TINY).div_(difference)
    slope.div_(difference)
    # Where the entries are near the outputs cancel. There tanh x - tanh r, which is
    # tanh(x - r) (1 - tanh x tanh r), comes from the beginning of tanh's series; at the limit the
    # next term, 2 (x - r)^4 / 15, is as small as the rounding.
    square = difference.square_()
    near = torch.addcmul(square.new_ones(()), output, reference.output, value=-1.0)
    near.addcmul_(near, square, value=-1 / 3)
    limit = torch.finfo(square.dtype).eps ** 0.4
    return slope.lerp_(near, square.lt_(limit))


def _through_pool(step: layerwise.Step, reference: layerwise.Step, multiplier: Tensor) -> Tensor:
    """Return the multipliers of a maximum pool's entries; a winner's at 0/0 is the derivative's.

    A pool's change is walked in two parts: up from the baseline's maximum to the larger of the two,
    which the winner at the point accounts for, and down from there to the point's maximum, which
    the winner at the baseline accounts for.
    """
    layer = step.layer
    assert isinstance(layer, nn.MaxPool2d)
    entry = step.entry.detach()
    base, winners = nn.functional.max_pool2d(
        reference.entry.detach(),
        layer.kernel_size,
        layer.stride,
        layer.padding,
        layer.dilation,
        layer.ceil_mode,
        return_indices=True,
    )
    change = step.output.detach() - base
    result = step.pull_back(change.clamp(min=0).add_(_TINY).mul_(multiplier))
    down = change.clamp_(max=0).mul_(multiplier).flatten(2)
    result.flatten(2).scatter_add_(2, winners.flatten(2).expand(len(entry), -1, -1), down)
    return result.div_((entry - reference.entry.detach()).add_(_TINY))
