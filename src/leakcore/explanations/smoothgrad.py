"""SmoothGrad: the mean gradient of noisy copies of a point (paper section 4.5 and appendix C)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from leakcore.explanations import gradient, stem

_STREAM = 0x5367
# The table of noise has two to this power places at which a copy's noise may begin: room for
# `_STRETCHES` copies side by side, within these bounds. Four megabytes stay in a processor's cache,
# which halves the time to read them.
_BITS = (20, 23)
_STRETCHES = 2**13


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

    A point's noise depends on `seed` and the point's index alone, and is drawn on the CPU: it is
    the same in any batch, in any order and on any device (see `_noise`).

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
    parts = stem.split(model)
    together = max(1, count // most)
    for start in range(0, count, together):
        rows = slice(start, start + together)
        copies = _noise(seed, points[rows], (most, *inputs.shape[1:])).to(inputs)
        torch.add(inputs[rows, None], copies, alpha=noise, out=copies)
        total: Tensor | float = 0.0
        done = 0
        for block in torch.split(copies, count, dim=1):
            width = block.shape[1]
            there = parts.forward(block.flatten(0, 1))
            gradients = gradient.explain(
                parts.rest, there, classes[rows].repeat_interleave(width)
            ).view(*block.shape[:2], *there.shape[1:])
            for place, wanted in enumerate(counts):
                if done < wanted <= done + width:
                    mean = (total + gradients[:, : wanted - done].sum(1)) / wanted
                    means[place, rows] = parts.pull_back(mean, inputs[rows])
            done += width
            if done < most:
                total = total + gradients.sum(1)
    for place, wanted in enumerate(counts):
        if wanted == 0:
            means[place] = plain
    return means


def _noise(seed: int, points: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Return standard normal noise (len(points), *shape), float32, on the CPU.

    To draw it anew for every copy costs more than the passes of a small network. So each copy's
    noise is a stretch of one table of one to eight million normal numbers, from a place that a hash
    of point and copy gives (the shared noise table of Salimans et al., 2017). The same place comes
    twice in one of as many pairs of copies; stretches that overlap elsewhere give the same number
    to two different features.
    """
    copies, *rest = shape
    width = int(np.prod(rest))
    place = points.numpy().astype(np.uint64)[:, None] << np.uint64(32)
    place = _mixed(place + np.arange(copies, dtype=np.uint64) + _keys(seed)[0])
    offsets = torch.from_numpy((place >> np.uint64(64 - _bits(width))).astype(np.int64)).flatten()
    stretches = _table(seed, width).unfold(0, width, 1)
    return stretches.index_select(0, offsets).view(len(points), *shape)


def _bits(width: int) -> int:
    least, most = _BITS
    return min(most, max(least, (_STRETCHES * width - 1).bit_length()))


@lru_cache(maxsize=1)
def _keys(seed: int) -> NDArray[np.uint64]:
    return np.random.SeedSequence([seed, _STREAM]).generate_state(2, np.uint64).astype(np.uint64)


@lru_cache(maxsize=1)
def _table(seed: int, width: int) -> Tensor:
    length = 2 ** _bits(width) + width - 1
    generator = np.random.default_rng(_keys(seed)[1])
    return torch.from_numpy(generator.standard_normal(length, dtype=np.float32))


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the output of the generator splitmix64 at the states x (Steele et al., 2014)."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
