"""The smoothed gradients of a stored data set's points, with several numbers of samples."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from leakcore import store
from leakcore.explanations import smoothgrad
from leakcore.explanations.observe import network_rows
from leakcore.targets import devices, training


def smooth(
    out: NDArray[np.float32],
    observations: store.Observations,
    target: store.Target,
    dataset: str | os.PathLike[str],
    counts: Sequence[int],
    *,
    noise: float,
    seed: int = 0,
    batch_size: int = 256,
    device: str = "cpu",
    progress: Callable[[int, int, str], None] | None = None,
) -> None:
    """Fill an array with the smoothed gradients of all observed points.

    Parameters
    ----------
    out : (len(counts), n, ...) float32, may lie on disk.
    observations : of the target, with any explanation; names the n points and their classes.
    target : a target that reached its level.
    dataset : path of the Dataset that the points lie in.
    counts, noise, seed : see `smoothgrad.nested`.
    batch_size : points, and rows of a pass through the network, at once.
    device : `auto`, `cpu` or `cuda`.
    progress : called with (points done, points in all, a few words).
    """
    on = devices.device_of(device)
    model, rows = training.load_model(target).to(on), network_rows(dataset, target)
    index = observations.index
    # In the data set's order, as `network_rows` reads it.
    order = np.argsort(index)
    for start in range(0, len(index), batch_size):
        places = order[start : start + batch_size]
        smoothed = smoothgrad.nested(
            model,
            torch.from_numpy(rows(index[places])).to(on),
            torch.from_numpy(observations.predicted[places]).to(on),
            counts,
            seed=seed,
            index=torch.from_numpy(index[places]),
            noise=noise,
        )
        out[:, places] = smoothed.cpu().numpy()
        if progress:
            progress(start + len(places), len(index), "points smoothed")
