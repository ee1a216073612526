"""Explanations that switch features off: the common part of LIME and kernel SHAP.

A coalition is a set of features that keep their value; the others take the baseline's, which is 0.
All points share one design, that is one list of coalitions with weights. So the regression that
turns the network's outputs into an explanation is the same linear map for every point: it is
computed once, and then applied to many points by one matrix product.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn


@torch.no_grad()
def outputs(
    model: nn.Module, inputs: Tensor, classes: Tensor, coalitions: NDArray[np.bool_]
) -> Tensor:
    """Return the explained logit of every point on every coalition.

    Parameters
    ----------
    model : maps inputs (n, ...) to logits (n, k).
    inputs : (n, ...).
    classes : (n,) int64.
    coalitions : (s, d), d the number of features of a point; True keeps the feature.

    Returns
    -------
    (n, s) float64. The network sees at most about n rows in a pass.
    """
    count, size = len(inputs), len(coalitions)
    result = torch.empty((count, size), dtype=torch.float64, device=inputs.device)
    keep = torch.from_numpy(coalitions).to(inputs).view(size, *inputs.shape[1:])
    together = max(1, count // max(1, size))
    for start in range(0, count, together):
        rows = slice(start, start + together)
        for first in range(0, size, count):
            block = keep[first : first + count]
            masked = inputs[rows, None] * block
            logits = model(masked.flatten(0, 1)).view(*masked.shape[:2], -1)
            chosen = classes[rows, None, None].expand(-1, len(block), 1)
            result[rows, first : first + count] = logits.gather(2, chosen)[..., 0].double()
    return result


def solver(
    columns: NDArray[np.float64], weights: NDArray[np.float64], ridge: float
) -> NDArray[np.float64]:
    """Return the (d, s) matrix that maps s outputs to the d coefficients of a ridge regression.

    It minimises sum_s weights_s (output_s - columns_s . coefficients)^2 + penalty |coefficients|^2.
    The penalty is `ridge` times the columns' mean weighted square, so that it means the same for
    every design. At ridge 0 the solution is the shortest one, also where there are fewer coalitions
    than features.

    Parameters
    ----------
    columns : (s, d).
    weights : (s,), at least 0.
    ridge : at least 0.
    """
    scaled = columns * np.sqrt(weights)[:, None]
    wide = len(columns) < columns.shape[1]
    gram = scaled @ scaled.T if wide else scaled.T @ scaled
    values, vectors = np.linalg.eigh(gram)
    penalty = ridge * values.sum() / columns.shape[1]
    # Directions that no coalition moves have only rounding left in them.
    seen = values > 1e-10 * max(values.max(initial=0.0), np.finfo(np.float64).tiny)
    inverse = np.where(seen, 1 / np.where(seen, values + penalty, 1.0), 0.0)
    core = (vectors * inverse) @ vectors.T
    solution = scaled.T @ core if wide else core @ scaled.T
    result: NDArray[np.float64] = solution * np.sqrt(weights)
    return result
