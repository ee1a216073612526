"""scikit-learn's `make_classification` in a third of its memory (paper section 4.4, Figure 5).

At 20,000 points and 10,000 features `make_classification` needs 5.6 GB, because several copies of
all points and of the mixing matrix live at once. Here one buffer is used again for every mixing
matrix, points are made in blocks, and only float32 is kept.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from leakcore.errors import LeakcoreError

_BLOCK = 500  # points made at once
_SLAB = 2**15  # random numbers drawn at once; they stay in the processor's cache
_FLIPPED = 0.01


def make(
    n_features: int, n_classes: int, n_points: int, seed: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the points of `make_classification` in float32, one cluster a class, all informative.

    The numbers are drawn in the order of scikit-learn from the same generator, and mixed in
    float64. The labels are the same; the features are scikit-learn's rounded to float32, but for
    the order in which a float64 matrix product adds up.

    Parameters
    ----------
    n_features : number of features, all informative; 2**n_features must reach `n_classes`.
    n_classes : number of classes, one cluster each, at corners of a hypercube.
    n_points : number of points.
    seed : the random_state.

    Returns
    -------
    features : (n_points, n_features) float32.
    labels : (n_points,) int64; one in a hundred is drawn anew at random, as scikit-learn does.

    Raises
    ------
    LeakcoreError : if the hypercube has too few corners, or there are fewer than two classes.
    """
    if n_features < 1 or n_classes < 2 or (n_classes - 1).bit_length() > n_features:
        raise LeakcoreError(
            f"synthetic data: {n_classes} classes cannot lie on the corners of a cube with "
            f"{n_features} features; use at least 2 classes and at least "
            f"{max(1, (n_classes - 1).bit_length())} features"
        )
    # One Mersenne twister behind two faces: RandomState draws scikit-learn's numbers, and
    # Generator.random draws the same doubles as RandomState.uniform into a buffer that is there.
    bits = np.random.MT19937()
    random = np.random.RandomState(bits)
    random.seed(seed)
    uniform = np.random.Generator(bits)

    counts = np.full(n_classes, int(n_points * (1.0 / n_classes)))
    counts[: n_points - counts.sum()] += 1
    centroids = 2.0 * _corners(n_classes, n_features, random) - 1.0
    # The points are drawn before the mixing matrices, but needed after them: a second generator,
    # left behind at the first point, draws them again.
    behind = np.random.RandomState(np.random.MT19937())
    behind.set_state(random.get_state(legacy=False))
    for start in range(0, n_points, _BLOCK):
        random.standard_normal((min(_BLOCK, n_points - start), n_features))

    features = np.empty((n_points, n_features), np.float32)
    mixing = np.empty((n_features, n_features))
    slabs = np.array_split(mixing.reshape(-1), math.ceil(mixing.size / _SLAB))
    mixed = np.empty((_BLOCK, n_features))
    stop = 0
    for centroid, count in zip(centroids, counts, strict=True):
        for slab in slabs:
            uniform.random(out=slab)
            slab *= 2
            slab -= 1
        begin, stop = stop, stop + int(count)
        for start in range(begin, stop, _BLOCK):
            block = mixed[: min(_BLOCK, stop - start)]
            np.dot(behind.standard_normal(block.shape), mixing, out=block)
            block += centroid
            features[start : start + len(block)] = block
    del mixing, slabs, slab
    labels = np.repeat(np.arange(n_classes), counts)

    flipped = random.uniform(size=n_points) < _FLIPPED
    labels[flipped] = random.randint(n_classes, size=flipped.sum())
    row_order, column_order = np.arange(n_points), np.arange(n_features)
    random.shuffle(row_order)
    random.shuffle(column_order)
    shuffled = np.empty_like(features)
    for start in range(0, n_points, _BLOCK):
        rows = features[row_order[start : start + _BLOCK]]
        shuffled[start : start + _BLOCK] = rows[:, column_order]
    return shuffled, labels[row_order].astype(np.int64)


def _corners(
    count: int,
    dimensions: int,
    random: np.random.RandomState,
) -> NDArray[np.float64]:
    """Return distinct corners of the unit cube, (count, dimensions), as scikit-learn draws them."""
    from sklearn.utils.random import sample_without_replacement

    low = min(dimensions, 30)
    high = random.randint(2, size=(count, dimensions - low)) if dimensions > low else None
    numbers = sample_without_replacement(2**low, count, random_state=random)
    corners = (numbers[:, None] >> np.arange(low - 1, -1, -1)) & 1
    return np.asarray(corners if high is None else np.hstack([high, corners]), np.float64)
