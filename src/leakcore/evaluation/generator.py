"""The generator of synthetic data at three features, where it can be looked at (Figure 13)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leakcore.datasets import synthetic

AXES = ("x1", "x2", "x3")


def cube_rows(n_classes: int, n_points: int, seed: int) -> pd.DataFrame:
    """Make points around the corners of the cube [-1, 1]^3, one corner a class.

    Parameters
    ----------
    n_classes, n_points, seed : see `synthetic.make`; at most eight classes.

    Returns
    -------
    one row a point: `x1`, `x2`, `x3`, `class`, and the corner of its class, `corner1` to
    `corner3`. The generator does not tell the corner: it is the one nearest to the class's mean.
    """
    features, labels = synthetic.make(len(AXES), n_classes, n_points, seed)
    means = np.stack([features[labels == k].mean(axis=0) for k in range(n_classes)])
    corners = np.where(means > 0, 1, -1)[labels]
    table = pd.DataFrame(features, columns=list(AXES)).assign(**{"class": labels})
    for axis in range(len(AXES)):
        table[f"corner{axis + 1}"] = corners[:, axis]
    return table
