"""Kernel SHAP: Shapley values of the features by regression (Lundberg and Lee, 2017)."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from leakcore.explanations import coalitions

_STREAM = 0x5A4B


def explain(
    model: nn.Module,
    inputs: Tensor,
    classes: Tensor,
    *,
    seed: int = 0,
    index: Tensor | None = None,
    samples: int = 1000,
    ridge: float = 0.03,
) -> Tensor:
    """Return the Shapley value of every input for logit(x) - logit(0); they sum to it.

    If `samples` allows for all 2^d - 2 proper coalitions, each is taken once with its kernel weight
    and the values are exact. Otherwise `samples` coalitions are drawn from the kernel, each
    together with its complement, by `seed` alone: all points share them.

    Parameters
    ----------
    model : any network; maps inputs (n, ...) to logits (n, k), in evaluation mode.
    inputs, classes : see `gradient.explain`.
    seed : of the coalitions.
    index : taken by every explanation; unused here.
    samples : forward passes a point.
    ridge : draws the values towards equal shares, which keeps the error small where `samples` is
        not much larger than the number of features; unused where the values are exact. See
        `coalitions.solver` for its unit.

    Returns
    -------
    (n, ...) float32, in units of the logit.
    """
    del index
    features = inputs[0].numel()
    kept, matrix = _design(features, samples, seed, ridge)
    at_point = coalitions.outputs(model, inputs, classes, np.ones((1, features), dtype=bool))[:, 0]
    with torch.no_grad():  # the same for all points
        at_baseline: Tensor = model(torch.zeros_like(inputs[:1]))[0, classes].double()
    total = (at_point - at_baseline)[:, None]
    # Equal shares satisfy the sum; the regression finds what is left, which sums to 0.
    share = torch.from_numpy(kept.mean(1)).to(inputs.device)
    left = coalitions.outputs(model, inputs, classes, kept) - at_baseline[:, None] - total * share
    values = total / features + left @ torch.from_numpy(matrix).to(inputs.device).T
    return values.view_as(inputs).to(inputs.dtype)


@lru_cache(maxsize=1)
def _design(
    features: int, samples: int, seed: int, ridge: float
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return the coalitions (s, d) and the matrix (d, s) that regresses on them.

    The columns are centred within each coalition: that removes the direction in which all values
    change together, which the sum already fixes.
    """
    sizes = np.arange(1, features)
    if features < 31 and 2**features - 2 <= samples:
        codes = np.arange(1, 2**features - 1)
        kept = (codes[:, None] >> np.arange(features) & 1).astype(bool)
        weight_of = np.array(
            [0.0] + [1 / (math.comb(features, k) * k * (features - k)) for k in sizes]
        )
        weights, ridge = weight_of[kept.sum(1)], 0.0
    else:
        rng = np.random.default_rng([seed, _STREAM])
        chances = 1 / (sizes * (features - sizes))
        pairs = max(1, samples // 2)
        drawn = rng.choice(sizes, size=pairs, p=chances / chances.sum())
        half = rng.random((pairs, features)).argsort(1) < drawn[:, None]
        kept = np.concatenate([half, ~half])
        weights = np.full(len(kept), 1 / len(kept))
    centred = kept - kept.mean(1, keepdims=True)
    return kept, coalitions.solver(centred, weights, ridge)
