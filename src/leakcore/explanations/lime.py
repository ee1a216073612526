"""LIME: a linear model fitted around the point (Ribeiro, Singh and Guestrin, 2016)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from leakcore.explanations import coalitions

_STREAM = 0x4C49


def explain(
    model: nn.Module,
    inputs: Tensor,
    classes: Tensor,
    *,
    seed: int = 0,
    index: Tensor | None = None,
    samples: int = 1000,
    ridge: float = 0.03,
    width: float = 0.75,
) -> Tensor:
    """Return the weight of every input's presence in a local linear model of the logit.

    The linear model has an intercept and all features. It is fitted on the point itself and on
    `samples` - 1 copies in which each input is set to 0 with probability 1/2, drawn by `seed`
    alone: all points share them. A copy that lacks m of d inputs weighs
    exp(-m / (2 d width^2)), the lime package's default kernel on this binary representation.

    Parameters
    ----------
    model : any network; maps inputs (n, ...) to logits (n, k), in evaluation mode.
    inputs, classes : see `gradient.explain`.
    seed : of the copies.
    index : taken by every explanation; unused here.
    samples : forward passes a point.
    ridge : penalty on the weights (the intercept is free); keeps the error small where `samples` is
        not much larger than the number of features. See `coalitions.solver` for its unit.
    width : of the kernel, in units of sqrt(d).

    Returns
    -------
    (n, ...) float32, in units of the logit; for a linear network and ridge 0, coefficient times
    input.
    """
    del index
    kept, matrix = _design(inputs[0].numel(), samples, seed, ridge, width)
    seen = coalitions.outputs(model, inputs, classes, kept)
    # The columns are centred, so a constant changes nothing; without it less is lost to rounding.
    weights = (seen - seen[:, :1]) @ torch.from_numpy(matrix).to(inputs.device).T
    return weights.view_as(inputs).to(inputs.dtype)


@lru_cache(maxsize=1)
def _design(
    features: int, samples: int, seed: int, ridge: float, width: float
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return the coalitions (s, d) and the matrix (d, s) that regresses on them."""
    kept = np.random.default_rng([seed, _STREAM]).random((samples, features)) < 0.5
    kept[0] = True
    weights = np.exp(-(~kept).sum(1) / (2 * features * width**2))
    weights /= weights.sum()
    centred = kept - weights @ kept
    return kept, coalitions.solver(centred, weights, ridge)
