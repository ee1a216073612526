"""Synthetic classification problems with a chosen number of features (paper 4.4, Figure 5)."""

from __future__ import annotations

import numpy as np

from leakcore.datasets.coding import Parts
from leakcore.errors import LeakcoreError


def make(n_features: int, n_classes: int, n_points: int, seed: int) -> Parts:
    """Return scikit-learn's `make_classification` with every feature informative.

    One cluster a class, on the corners of a hypercube.

    Parameters
    ----------
    n_features : number of features; 2**n_features must reach the number of classes.
    n_classes : number of classes.
    n_points : number of points.
    seed : its random_state.

    Returns
    -------
    features (n_points, n_features) float64 and labels.

    Raises
    ------
    LeakcoreError : if the hypercube has too few corners, or there are fewer than two classes.
    """
    from sklearn.datasets import make_classification

    # A bit length says the same as 2**n >= k without making a number of 10,000 binary digits.
    if n_features < 1 or n_classes < 2 or (n_classes - 1).bit_length() > n_features:
        raise LeakcoreError(
            f"synthetic data: {n_classes} classes cannot lie on the corners of a cube with "
            f"{n_features} features; use at least 2 classes and at least "
            f"{max(1, (n_classes - 1).bit_length())} features"
        )
    features, labels = make_classification(
        n_samples=n_points,
        n_features=n_features,
        n_informative=n_features,
        n_redundant=0,
        n_repeated=0,
        n_classes=n_classes,
        n_clusters_per_class=1,
        random_state=seed,
    )
    return Parts(features, labels.astype(np.int64), tuple(f"x{i}" for i in range(n_features)))
