"""The facts that Table 1 tells of a data set, computed from its coded form."""

from __future__ import annotations

import math

import numpy as np

from leakcore.store import Dataset


def describe(dataset: Dataset) -> dict[str, str | int]:
    """Return one row of Table 1.

    `type` is `Pixel` for images, `Binary` if every feature is 0 or 1, else `Mixed`. `features` is
    the number of columns after coding. `sha256` names each raw file with its digest.
    """
    if dataset.features.ndim > 2:
        kind = "Pixel"
    else:
        blocks = np.array_split(dataset.features, max(1, len(dataset.features) // 4096))
        kind = "Binary" if all(((b == 0) | (b == 1)).all() for b in blocks) else "Mixed"
    return {
        "dataset": dataset.name,
        "points": len(dataset.labels),
        "features": math.prod(dataset.features.shape[1:]),
        "type": kind,
        "classes": dataset.n_classes,
        "source": "stand-in (generated)" if dataset.is_standin else dataset.source,
        "sha256": "; ".join(f"{name} {digest}" for name, digest in sorted(dataset.sha256.items())),
    }
