"""How strongly the gradient's 1-norm follows membership, over the data's dimension.

Paper section 4.4, Figure 5, and Appendix E, Figure 14.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import nn

from leakcore.datasets import synthetic
from leakcore.explanations import gradient
from leakcore.targets import architectures, stacked

# Numbers in a block of gradients: 64 MB.
_BLOCK = 2**24


def sweep(
    n_features: int,
    classes: Sequence[int],
    networks: Mapping[str, Mapping[str, Any]],
    settings: Mapping[str, Any],
    *,
    n_points: int,
    seeds: Sequence[int],
    progress: Callable[[int, int, str], None] | None = None,
) -> pd.DataFrame:
    """Measure every number of classes, network and seed at one number of features.

    For each seed and number of classes, data are generated, the first half of the points are the
    members (the generator has shuffled them), and each network is trained on them. The networks of
    the seeds of one call are trained together, which pays where there are few features; all their
    data are then in memory at once. How the seeds are spread over calls changes the numbers by
    rounding only.

    Parameters
    ----------
    n_features : number of features.
    classes : numbers of classes; those above 2**n_features have no data and are left out.
    networks : for each name, the settings of `architectures.describe` (`hidden` and so on).
    settings : of the training, see `stacked.train`.
    n_points : number of points, members and non-members together.
    seeds : each is the random_state of the data and the seed of the training.

    Returns
    -------
    One row for each number of classes, network and seed, in this order: `n_features`,
    `n_classes`, `network`, `seed`, `correlation` (see `correlation`), `train_accuracy`,
    `test_accuracy`, `norm_members` and `norm_nonmembers` (mean 1-norm, logit per unit of input).

    Raises
    ------
    LeakcoreError : see `synthetic.make` and `stacked.train`.
    """
    possible = [k for k in classes if (k - 1).bit_length() <= n_features]
    stages = len(possible) * (1 + len(networks))
    done = 0
    rows: list[dict[str, Any]] = []
    half = n_points // 2
    member = np.arange(n_points) < half

    def report(words: str) -> None:
        if progress:
            progress(done, stages, f"{n_features} features, {words}")

    for n_classes in possible:
        report(f"{n_classes} classes: data")
        data = [synthetic.make(n_features, n_classes, n_points, seed) for seed in seeds]
        done += 1
        for network, shape in networks.items():
            report(f"{n_classes} classes: {network} network")
            models = stacked.train(
                [features[:half] for features, _ in data],
                [labels[:half] for _, labels in data],
                architectures.describe((n_features,), n_classes, shape),
                settings,
                seeds=seeds,
            )
            done += 1
            for seed, model, (features, labels) in zip(seeds, models, data, strict=True):
                norm, predicted = gradient_norms(model, features)
                right = predicted == labels
                rows.append(
                    {
                        "n_features": n_features,
                        "n_classes": n_classes,
                        "network": network,
                        "seed": seed,
                        "correlation": correlation(norm, member),
                        "train_accuracy": right[member].mean(),
                        "test_accuracy": right[~member].mean(),
                        "norm_members": norm[member].mean(),
                        "norm_nonmembers": norm[~member].mean(),
                    }
                )
        del data
    report("done")
    return pd.DataFrame(rows, columns=_COLUMNS)


_COLUMNS = [
    "n_features",
    "n_classes",
    "network",
    "seed",
    "correlation",
    "train_accuracy",
    "test_accuracy",
    "norm_members",
    "norm_nonmembers",
]


def gradient_norms(
    model: nn.Module, features: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the 1-norm of the gradient of the largest logit with respect to the input.

    Parameters
    ----------
    model : maps inputs (n, d) to logits (n, k), in evaluation mode.
    features : (n, d). Gradients are made and summed up in blocks, never held together.

    Returns
    -------
    norm : (n,) float64, logit per unit of input.
    predicted : (n,) int64, the class of the largest logit.
    """
    norm = np.empty(len(features))
    predicted = np.empty(len(features), np.int64)
    block = max(1, _BLOCK // features[0].size)
    for start in range(0, len(features), block):
        rows = slice(start, start + block)
        logits, explanation = gradient.explain_predicted(model, torch.from_numpy(features[rows]))
        norm[rows] = explanation.flatten(1).abs_().sum(1, dtype=torch.float64).numpy()
        predicted[rows] = logits.argmax(1).numpy()
    return norm, predicted


def correlation(norm: NDArray[np.float64], member: NDArray[np.bool_]) -> float:
    """Return the Pearson correlation of the norm with membership (1 member, 0 non-member).

    Positive means that members have the larger gradients. NaN if all norms are equal.
    """
    if np.ptp(norm) == 0:
        return float("nan")
    return float(np.corrcoef(norm, member)[0, 1])
