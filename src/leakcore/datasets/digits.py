"""Handwritten digits of 8 x 8 pixels, shipped with scikit-learn."""

from __future__ import annotations

import numpy as np

from leakcore.datasets.coding import Parts
from leakcore.datasets.sources import RawFile

RAW: tuple[RawFile, ...] = ()
SOURCES = ("package",)
N_POINTS = 1_797
N_CLASSES = 10
SHAPE = (64,)


def package() -> Parts:
    """Return the digits, pixels 0 to 16, row by row."""
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    names = tuple(f"pixel_{row}_{column}" for row in range(8) for column in range(8))
    return Parts(pixels.astype(np.uint8), labels.astype(np.int64), names)
