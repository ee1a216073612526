"""Generators that several stand-ins share. A stand-in has its original's shape, not its meaning."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BLOCK_ROWS = 2_048


def balanced(rng: np.random.Generator, n_points: int, n_classes: int) -> NDArray[np.int64]:
    """Return (n_points,) labels in random order, every class as often as every other (+-1)."""
    return rng.permutation(np.arange(n_points, dtype=np.int64) % n_classes)


def bits(
    rng: np.random.Generator, n_points: int, probability: NDArray[np.float64], typicality: float
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Draw independent bits given the class.

    Points differ in how typical of their class they are: a point's probabilities lie between
    those of its class and the average over classes. Typical points are learnt for good, atypical
    ones by heart and one by one, so that overfitting grows gradually, as on the real data.

    Parameters
    ----------
    rng : source of randomness.
    n_points : number of points, spread evenly over the classes.
    probability : (n_classes, n_bits) probability that a bit is set.
    typicality : the least typical point's weight of its class, 0 to 1; the most typical has 1.

    Returns
    -------
    features, labels : (n_points, n_bits) uint8 and (n_points,) int64.
    """
    n_classes, n_bits = probability.shape
    labels = balanced(rng, n_points, n_classes)
    mean = probability.mean(axis=0, dtype=np.float32)
    deviation = probability.astype(np.float32) - mean
    features = np.empty((n_points, n_bits), dtype=np.uint8)
    for start in range(0, n_points, _BLOCK_ROWS):
        block = labels[start : start + _BLOCK_ROWS]
        weight = rng.uniform(typicality, 1, (len(block), 1)).astype(np.float32)
        draws = rng.random((len(block), n_bits), dtype=np.float32)
        features[start : start + len(block)] = draws < mean + weight * deviation[block]
    return features, labels


def smooth(
    rng: np.random.Generator, n_images: int, shape: tuple[int, int, int], knots: int
) -> NDArray[np.float64]:
    """Draw smooth random pictures: normal values on a coarse grid, interpolated linearly.

    Parameters
    ----------
    rng : source of randomness.
    n_images : number of pictures.
    shape : channels, height, width.
    knots : grid points a side; the fewer, the smoother.

    Returns
    -------
    (n_images, *shape), values of order 1.
    """
    channels, height, width = shape
    grid = rng.normal(size=(n_images, channels, knots, knots))
    rows, columns = _interpolation(height, knots), _interpolation(width, knots)
    pictures: NDArray[np.float64] = rows @ grid @ columns.T
    return pictures


def _interpolation(length: int, knots: int) -> NDArray[np.float64]:
    """Return the (length, knots) matrix of linear interpolation between equidistant knots."""
    position = np.linspace(0, knots - 1, length)[:, None]
    weights: NDArray[np.float64] = np.maximum(0, 1 - np.abs(position - np.arange(knots)))
    return weights
