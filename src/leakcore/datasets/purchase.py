"""Purchase: 600 bits of shopping history, 100 groups of customers (paper B.1)."""

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
        "dataset_purchase.tgz",
        (
            "https://www.comp.nus.edu.sg/~reza/files/dataset_purchase.tgz",
            "https://github.com/privacytrustlab/datasets/raw/master/dataset_purchase.tgz",
        ),
    ),
)
SOURCES = ("mirror", "download", "synthetic")
N_POINTS = 197_324
N_CLASSES = 100
SHAPE = (600,)
_STREAM = 0x9C4A


def code(files: Mapping[str, Path], *, n_points: int | None = None) -> Parts:
    """Read the label (1 to 100) and the 600 bits of every line.

    Parameters
    ----------
    files : path of `dataset_purchase.tgz`.
    n_points : rows to expect.

    Raises
    ------
    LeakcoreError : if the file is damaged or of another version.
    """
    path = files["dataset_purchase.tgz"]
    n = N_POINTS if n_points is None else n_points
    features = np.empty((n, *SHAPE), dtype=np.uint8)
    labels = np.empty(n, dtype=np.int64)
    rows = 0
    with archives.open_member(path, ("dataset_purchase",), RAW[0].max_bytes) as stream:
        for number, line in tabular.read_lines(stream, 4 * SHAPE[0], str(path)):
            label, _, bits = line.partition(b",")
            if rows < n and not (
                label.isdigit() and tabular.parse_bits(bits, SHAPE[0], features[rows])
            ):
                raise LeakcoreError(
                    f"{path}: line {number} is not a label and {SHAPE[0]} bits, separated by "
                    "commas; the file is damaged, fetch it again"
                )
            if rows < n:
                labels[rows] = int(label) - 1
            rows += 1
    expect_rows(str(path), rows, n)
    return Parts(features, labels, tuple(f"product_{i}" for i in range(SHAPE[0])))


def standin(n_points: int, seed: int, *, distance: float = 4.0, typicality: float = 0.1) -> Parts:
    """Make 600 bits and 100 classes in place of the purchase data.

    Each class has its own log-odds for every bit.

    Parameters
    ----------
    n_points : number of points.
    seed : seed of the generator.
    distance : standard deviation of a class's log-odds about those of all; 0 makes the classes
        the same, more makes them easier to tell apart.
    typicality : see `standins.bits`; less makes the network overfit more.
    """
    rng = np.random.default_rng([seed, _STREAM])
    logits = rng.normal(-1.3, 1.2, SHAPE[0]) + distance * rng.normal(size=(N_CLASSES, SHAPE[0]))
    features, labels = standins.bits(rng, n_points, 1 / (1 + np.exp(-logits)), typicality)
    return Parts(features, labels, tuple(f"product_{i}" for i in range(SHAPE[0])))
