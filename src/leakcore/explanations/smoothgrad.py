"""SmoothGrad: the mean gradient of noisy copies of a point (paper section 4.5 and appendix C)."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from leakcore.explanations import gradient

_STREAM = 0x5367


def explain(
    model: nn.Module,
    inputs: Tensor,
    classes: Tensor,
    *,
    seed: int = 0,
    index: Tensor | None = None,
    noise: float = 1.0,
    samples: int = 64,
) -> Tensor:
    """Return the mean gradient over Gaussian noise; the explained class stays the point's own.

    Every point has a random stream of its own, seeded by `seed` and the point's index, and drawn on
    the CPU. So a point gets the same noise in any batch, in any order and on any device.

    Parameters
    ----------
    model, inputs, classes : see `gradient.explain`.
    seed : of the noise.
    index : (n,) int64, the points' indices in the data set; by default 0, 1 ... n - 1.
    noise : standard deviation, in units of the network's input. At 0 the result is the gradient.
        The default of noise and samples is that of the innvestigate library, with which the
        paper's results were made.
    samples : noisy copies a point. They go through the network in passes of about n rows.

    Returns
    -------
    (n, ...) float32, logit per unit of input.
    """
    count = len(inputs)
    if noise == 0:
        return gradient.explain(model, inputs, classes)
    points = torch.arange(count) if index is None else index.cpu()
    mean = torch.empty_like(inputs)
    together = max(1, count // samples)
    for start in range(0, count, together):
        rows = slice(start, start + together)
        copies = _noise(seed, points[rows], (samples, *inputs.shape[1:])).to(inputs)
        copies = copies.mul_(noise).add_(inputs[rows, None])
        total = torch.zeros_like(inputs[rows])
        for block in torch.split(copies, count, dim=1):
            width = block.shape[1]
            gradients = gradient.explain(
                model, block.flatten(0, 1), classes[rows].repeat_interleave(width)
            )
            total += gradients.view_as(block).sum(1)
        mean[rows] = total / samples
    return mean


def _noise(seed: int, points: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Return standard normal noise (len(points), *shape), float32, on the CPU."""
    base = int(np.random.SeedSequence([seed, _STREAM]).generate_state(1)[0])
    generator = torch.Generator()
    result = torch.empty((len(points), *shape))
    for row, point in zip(result, points.tolist(), strict=True):
        # torch's CPU generator takes 32 bits; this way no two points of a run share a stream.
        row.normal_(generator=generator.manual_seed((base + point) % 2**32))
    return result
