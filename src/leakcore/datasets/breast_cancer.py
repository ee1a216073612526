"""Breast cancer (Wisconsin, diagnostic): 30 measurements, shipped with scikit-learn."""

from __future__ import annotations

import numpy as np

from leakcore.datasets.coding import Parts
from leakcore.datasets.sources import RawFile

RAW: tuple[RawFile, ...] = ()
SOURCES = ("package",)
N_POINTS = 569
N_CLASSES = 2
SHAPE = (30,)


def package() -> Parts:
    """Return the measurements, each column divided by twice its mean, as Adult's numbers are.

    Label 0 is malignant, 1 benign, as in scikit-learn.
    """
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer()
    features = data.data / (2 * data.data.mean(axis=0))
    names = tuple(str(name) for name in data.feature_names)
    return Parts(features, data.target.astype(np.int64), names)
