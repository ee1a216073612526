"""From raw files (or a generator) to a checked `Dataset`."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leakcore.datasets.sources import RawManifest
from leakcore.errors import LeakcoreError
from leakcore.store import Array, Dataset


@dataclass(frozen=True)
class Parts:
    """What a data set module makes; the attributes are those of `leakcore.store.Dataset`."""

    features: Array
    labels: NDArray[np.int64]
    feature_names: tuple[str, ...] = ()
    groups: dict[str, tuple[NDArray[np.int16], tuple[str, ...]]] = field(default_factory=dict)


def code(
    name: str,
    module: str,
    manifest: RawManifest,
    *,
    n_points: int | None,
    seed: int,
    options: Mapping[str, Any],
    progress: Callable[[int, int, str], None] | None = None,
) -> Dataset:
    """Code one data set from the source that its manifest names, and check its structure.

    Parameters
    ----------
    name : the data set's name in the config.
    module : its module's path, from the registry.
    manifest : where its raw files are.
    n_points : rows to expect (a file that holds a part of the data) or, for generated data, to
        make; None for the size of the original.
    seed : seed of generated data; real data do not depend on it.
    options : keyword arguments of the module's `standin`.
    progress : called with (done, total, a few words) by a module whose `code` takes it, because it
        needs minutes.

    Raises
    ------
    LeakcoreError : if the data do not have the structure of this data set, or an option is unknown.
    """
    source = importlib.import_module(module)
    expected = source.N_POINTS if n_points is None else n_points
    if manifest.source == "synthetic":
        _check_options(name, source.standin, options)
        parts = source.standin(expected, seed, **options)
    elif manifest.source == "package":
        parts = source.package()
    else:
        files = {file: Path(path) for file, path in manifest.files.items()}
        gone = [str(path) for path in files.values() if not path.exists()]
        if gone:
            raise LeakcoreError(
                f"{name}: {', '.join(gone)} is gone; delete results/raw/{name}.json, and the raw "
                "file is looked for again"
            )
        slow = "progress" in inspect.signature(source.code).parameters
        parts = source.code(files, n_points=n_points, **({"progress": progress} if slow else {}))
    shapes = getattr(source, "SHAPES", (source.SHAPE,))
    check(name, parts, n_points=expected, n_classes=source.N_CLASSES, shapes=shapes)
    return Dataset(
        features=parts.features,
        labels=parts.labels,
        n_classes=source.N_CLASSES,
        feature_names=parts.feature_names,
        groups=parts.groups,
        name=name,
        source=manifest.source,
        sha256=dict(manifest.sha256),
    )


def check(
    name: str,
    parts: Parts,
    *,
    n_points: int,
    n_classes: int,
    shapes: tuple[tuple[int, ...], ...],
) -> None:
    """Check rows, columns, labels and values of a coded data set.

    Raises
    ------
    LeakcoreError : at the first thing that is wrong.
    """
    features, labels = parts.features, parts.labels
    expect_rows(name, len(labels), n_points)
    expect_rows(f"{name}: features", len(features), n_points)
    if features.shape[1:] not in shapes:
        raise LeakcoreError(
            f"{name}: a point has shape {features.shape[1:]}, expected "
            f"{' or '.join(map(str, shapes))}; the raw files are not those of this data set"
        )
    if len(labels) == 0 or labels.min() < 0 or labels.max() >= n_classes:
        found = f"{labels.min()} to {labels.max()}" if len(labels) else "none"
        raise LeakcoreError(
            f"{name}: labels must be 0 to {n_classes - 1}, found {found}; "
            "the raw files are not those of this data set"
        )
    if labels.min() == labels.max():
        raise LeakcoreError(
            f"{name}: every point has label {labels[0]}; at least two classes are needed"
        )
    if features.dtype.kind == "f":
        bad = np.flatnonzero(~np.isfinite(features).reshape(len(features), -1).all(axis=1))
        if len(bad):
            raise LeakcoreError(
                f"{name}: {len(bad)} points have values that are not finite (NaN or infinite), "
                f"the first is point {bad[0]}; the raw files are damaged, fetch them again"
            )


def expect_rows(where: str, found: int, expected: int) -> None:
    """Refuse a number of rows other than the expected one.

    Raises
    ------
    LeakcoreError : if `found` differs from `expected`.
    """
    if found != expected:
        raise LeakcoreError(
            f"{where}: expected {expected:,} rows, found {found:,}; fetch the raw files again or, "
            "if they hold a part of the data on purpose, set the data set's `n_points`"
        )


def _check_options(name: str, standin: Any, options: Mapping[str, Any]) -> None:
    allowed = set(inspect.signature(standin).parameters) - {"n_points", "seed"}
    for option in options:
        if option not in allowed:
            raise LeakcoreError(
                f"{name}: its stand-in has no option {option!r}, "
                f"only {', '.join(sorted(allowed)) or 'none at all'}; correct the config"
            )
