"""SmoothGrad: the mean gradient of noisy copies of a point (paper section 4.5 and appendix C)."""

from __future__ import annotations

from collections.abc import Sequence

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
    return nested(model, inputs, classes, [samples], seed=seed, index=index, noise=noise)[0]


def nested(
    model: nn.Module,
    inputs: Tensor,
    classes: Tensor,
    counts: Sequence[int],
    *,
    seed: int = 0,
    index: Tensor | None = None,
    noise: float = 1.0,
) -> Tensor:
    """Return the explanations with several numbers of samples, each the beginning of the longest.

    All numbers together cost no more passes than the largest alone.

    Parameters
    ----------
    model, inputs, classes, seed, index, noise : see `explain`.
    counts : numbers of samples; 0 is the gradient itself, without noise.

    Returns
    -------
    (len(counts), n, ...) float32. At the largest number it is what `explain` returns; at number c
    it is the mean over the first c of those noisy copies.
    """
    count, most = len(inputs), max(counts)
    if noise == 0 or 0 in counts:
        plain = gradient.explain(model, inputs, classes)
        if noise == 0 or most == 0:
            return plain.expand(len(counts), *plain.shape).clone()
    points = torch.arange(count) if index is None else index.cpu()
    means = torch.empty((len(counts), *inputs.shape), dtype=inputs.dtype, device=inputs.device)
    for place, wanted in enumerate(counts):
        if wanted == 0:
            means[place] = plain
    together = max(1, count // most)
    for start in range(0, count, together):
        rows = slice(start, start + together)
        copies = _noise(seed, points[rows], (most, *inputs.shape[1:])).to(inputs)
        copies = copies.mul_(noise).add_(inputs[rows, None])
        total = torch.zeros_like(inputs[rows])
        done = 0
        for block in torch.split(copies, count, dim=1):
            width = block.shape[1]
            gradients = gradient.explain(
                model, block.flatten(0, 1), classes[rows].repeat_interleave(width)
            ).view_as(block)
            for place, wanted in enumerate(counts):
                if done < wanted <= done + width:
                    means[place, rows] = (total + gradients[:, : wanted - done].sum(1)) / wanted
            total += gradients.sum(1)
            done += width
    return means


def _noise(seed: int, points: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Return standard normal noise (len(points), *shape), float32, on the CPU."""
    base = int(np.random.SeedSequence([seed, _STREAM]).generate_state(1)[0])
    generator = torch.Generator()
    result = torch.empty((len(points), *shape))
    for row, point in zip(result, points.tolist(), strict=True):
        # torch's CPU generator takes 32 bits; this way no two points of a run share a stream.
        row.normal_(generator=generator.manual_seed((base + point) % 2**32))
    return result
