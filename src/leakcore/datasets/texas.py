"""Texas hospital stays: 6,170 sparse bits, 100 procedures (paper B.2)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from leakcore.datasets import archives, standins, tabular
from leakcore.datasets.coding import Parts, expect_rows
from leakcore.datasets.sources import RawFile
from leakcore.errors import LeakcoreError

RAW = (
    RawFile(
        "dataset_texas.tgz",
        (
            "https://www.comp.nus.edu.sg/~reza/files/dataset_texas.tgz",
            "https://github.com/privacytrustlab/datasets/raw/master/dataset_texas.tgz",
        ),
        max_bytes=2 << 30,
    ),
)
SOURCES = ("mirror", "download", "synthetic")
N_POINTS = 67_330
N_CLASSES = 100
SHAPE = (6_170,)
SHAPES = ((6_170,), (6_169,))  # the paper's width, and the width of the file in circulation
_STREAM = 0x7E8A5


def code(files: Mapping[str, Path], *, n_points: int | None = None) -> Parts:
    """Read the bits of `texas/100/feats` and the labels (1 to 100) of `texas/100/labels`.

    Parameters
    ----------
    files : path of `dataset_texas.tgz`.
    n_points : rows to expect.

    Raises
    ------
    LeakcoreError : if the file is damaged or of another version.
    """
    path = files["dataset_texas.tgz"]
    n = N_POINTS if n_points is None else n_points
    labels = []
    with archives.open_member(path, ("texas/100/labels",), RAW[0].max_bytes) as stream:
        for number, line in tabular.read_lines(stream, 20, f"{path}: labels"):
            if not line.isdigit():
                raise LeakcoreError(
                    f"{path}: line {number} of texas/100/labels is {line!r}, expected 1 to 100; "
                    "the file is damaged, fetch it again"
                )
            labels.append(int(line) - 1)
    expect_rows(f"{path}: texas/100/labels", len(labels), n)
    features = np.empty((0, 0), dtype=np.uint8)
    rows = 0
    with archives.open_member(path, ("texas/100/feats",), RAW[0].max_bytes) as stream:
        for number, line in tabular.read_lines(stream, 4 * SHAPE[0], f"{path}: feats"):
            if rows == 0:
                features = np.empty((n, (len(line) + 1) // 2), dtype=np.uint8)
            if rows < n and not tabular.parse_bits(line, features.shape[1], features[rows]):
                raise LeakcoreError(
                    f"{path}: line {number} of texas/100/feats is not {features.shape[1]} bits, "
                    "separated by commas; the file is damaged, fetch it again"
                )
            rows += 1
    expect_rows(f"{path}: texas/100/feats", rows, n)
    names = tuple(f"attribute_{i}" for i in range(features.shape[1]))
    return Parts(features, np.array(labels, dtype=np.int64), names)


def standin(
    n_points: int, seed: int, *, marks: int = 200, strength: float = 0.9, typicality: float = 0.0
) -> Parts:
    """Make 6,170 sparse bits and 100 classes in place of the Texas data.

    All bits have a class-independent base rate, most of them a tiny one. Each class has `marks`
    bits that its points often set.

    Parameters
    ----------
    n_points : number of points.
    seed : seed of the generator.
    marks : bits that mark a class; drawn for each class, so that classes share some.
    strength : largest probability that a point sets a mark of its class.
    typicality : see `standins.bits`; less makes the network overfit more.
    """
    rng = np.random.default_rng([seed, _STREAM])
    base = np.clip(0.3 * rng.pareto(1.0, SHAPE[0]) / SHAPE[0] ** 0.5, 0.0005, 0.3)
    probability = np.tile(base, (N_CLASSES, 1))
    for row in probability:
        chosen = rng.choice(SHAPE[0], marks, replace=False)
        row[chosen] = np.maximum(row[chosen], strength * rng.random(marks))
    features, labels = standins.bits(rng, n_points, probability, typicality)
    return Parts(features, labels, tuple(f"attribute_{i}" for i in range(SHAPE[0])))
