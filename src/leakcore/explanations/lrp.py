"""Layer-wise relevance propagation, epsilon rule (paper appendix C, after Klauschen et al.).

Captum's `LRP` runs the network forward twice and hooks every layer, so it takes well over the time
of one forward and one backward pass; the recursion is therefore written out here, and Captum's
result is what the tests compare it with.
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
    epsilon: float = 1e-7,
) -> Tensor:
    """Return the relevance of every input for the logit.

    A layer with weights hands the relevance r_j of its output z_j = sum_i w_ji a_i + b_j to its
    inputs in the shares w_ji a_i / (z_j + epsilon sign(z_j)), sign(0) = 1. Activations hand it on
    unchanged, a maximum pool to the input that won. What falls to a bias and to epsilon is
    absorbed: without biases and as epsilon goes to 0 the relevances sum to the logit.

    Parameters
    ----------
    model : `nn.Sequential` of Linear, Conv2d, AvgPool2d, MaxPool2d, Flatten, Tanh and ReLU.
    inputs, classes, seed, index : see `gradient.explain`.
    epsilon : stabiliser, at least 0, in units of a layer's output. The default is that of the
        innvestigate library, with which the paper's results were made.

    Returns
    -------
    (n, ...) float32, in units of the logit.

    Raises
    ------
    LeakcoreError : if the rule does not cover this network.
    """
    del seed, index
    return _propagate(model, inputs, classes, epsilon)[1]


def explain_predicted(
    model: nn.Module,
    inputs: Tensor,
    *,
    seed: int = 0,
    index: Tensor | None = None,
    epsilon: float = 1e-7,
) -> tuple[Tensor, Tensor]:
    """Return the logits (n, k) and the explanation of the largest one, from a single pass."""
    del seed, index
    return _propagate(model, inputs, None, epsilon)


def _propagate(
    model: nn.Module, inputs: Tensor, classes: Tensor | None, epsilon: float
) -> tuple[Tensor, Tensor]:
    layers = layerwise.pools_first(layers_of(model, "lrp", layerwise.SUPPORTED))
    steps = layerwise.forward(layers, inputs)
    logits = steps[-1].output.detach()
    relevance = layerwise.explained(logits, classes) * logits
    stabiliser = logits.new_tensor(epsilon)
    for step in reversed(steps):
        if isinstance(step.layer, nn.Linear | nn.Conv2d | nn.AvgPool2d):
            z = step.output.detach()
            # Adding 0 makes +0 of -0.
            share = relevance / torch.copysign(stabiliser, z + 0.0).add_(z)
            relevance = step.pull_back(share).mul_(step.entry.detach())
        elif type(step.layer) not in layerwise.ELEMENTWISE:
            relevance = step.pull_back(relevance)
    return logits, relevance
