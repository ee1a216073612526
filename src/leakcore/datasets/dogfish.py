"""Dog against fish: Inception v3 features of ImageNet pictures (paper 5.1.1; Koh and Liang)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leakcore.datasets import archives, standins
from leakcore.datasets.coding import Parts, expect_rows
from leakcore.datasets.sources import RawFile
from leakcore.errors import LeakcoreError

_URL = "https://mitra.stanford.edu/kundaje/pangwei/"
_NAMES = tuple(f"dogfish_900_300_inception_features_{part}.npz" for part in ("train", "test"))
RAW = tuple(RawFile(name, (_URL + name,), max_bytes=200 << 20) for name in _NAMES)
SOURCES = ("mirror", "download", "synthetic")
N_POINTS = 2_400
N_CLASSES = 2
SHAPE = (2_048,)
_ANIMALS = ("dog", "fish")
_STREAM = 0xD06


def code(files: Mapping[str, Path], *, n_points: int | None = None) -> Parts:
    """Pool the prepared features of the train and the test pictures.

    Parameters
    ----------
    files : paths of the two npz files, arrays `inception_features_val` and `labels` (0 or 1).
    n_points : rows to expect in both files together.

    Raises
    ------
    LeakcoreError : if a file is damaged or of another version.
    """
    features, labels = [], []
    for name in _NAMES:
        path = files[name]
        values = _member(path, "inception_features_val")
        marks = _member(path, "labels").reshape(-1)
        if values.ndim != 2 or values.shape[1:] != SHAPE or values.dtype.kind != "f":
            raise LeakcoreError(
                f"{path}: inception_features_val has type {values.dtype} and shape {values.shape}, "
                f"expected real numbers, (n, {SHAPE[0]}); fetch the file again"
            )
        if len(marks) != len(values) or not np.isin(marks, (0, 1)).all():
            raise LeakcoreError(
                f"{path}: expected one label, 0 or 1, for each of {len(values)} rows; "
                "fetch the file again"
            )
        features.append(values.astype(np.float32))
        labels.append(marks.astype(np.int64))
    pooled = np.concatenate(labels)
    where = " and ".join(_NAMES)
    expect_rows(where, len(pooled), N_POINTS if n_points is None else n_points)
    return _parts(np.concatenate(features), pooled)


def _member(path: Path, array: str) -> NDArray[Any]:
    """Read one array of an npz file; object arrays, which would need a pickle, are refused."""
    try:
        with archives.open_member(path, (f"{array}.npy",), RAW[0].max_bytes) as stream:
            values: NDArray[Any] = np.lib.format.read_array(stream, allow_pickle=False)
    except ValueError as error:
        raise LeakcoreError(
            f"{path}: {array} is not a plain array ({error}); fetch the file again"
        ) from error
    return values


def _parts(features: NDArray[np.float32], labels: NDArray[np.int64]) -> Parts:
    names = tuple(f"inception_{i}" for i in range(SHAPE[0]))
    return Parts(features, labels, names, {"animal": (labels.astype(np.int16), _ANIMALS)})


def standin(n_points: int, seed: int, *, distance: float = 0.35) -> Parts:
    """Make 2,048 non-negative features and two classes in place of the dog and fish features.

    Pictures are mixtures of a few hundred latent traits, some of which differ between the classes,
    seen through a random rectified layer, as features of a network are.

    Parameters
    ----------
    n_points : number of points, half of them in each class.
    seed : seed of the generator.
    distance : how far apart the classes lie in the latent traits.
    """
    rng = np.random.default_rng([seed, _STREAM])
    n_traits = 200
    labels = standins.balanced(rng, n_points, N_CLASSES)
    centre = distance * rng.normal(size=n_traits) * (rng.random(n_traits) < 0.2)
    traits = rng.normal(size=(n_points, n_traits)) + np.where(labels[:, None] == 1, centre, -centre)
    layer = rng.normal(0, n_traits**-0.5, (n_traits, SHAPE[0]))
    features = 0.4 * np.maximum(0, traits @ layer + 0.1 * rng.normal(size=(n_points, SHAPE[0])))
    return _parts(features.astype(np.float32), labels)
