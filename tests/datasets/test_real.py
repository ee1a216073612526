"""The real files, where LEAKCORE_MIRRORS has them."""

import importlib
import os
from pathlib import Path

import numpy as np
import pytest

from leakcore.datasets import coding, registry
from leakcore.datasets.sources import RawManifest, fetch, find_in_mirrors
from leakcore.store import Dataset

MIRRORS = [Path(p) for p in os.environ.get("LEAKCORE_MIRRORS", "").split(os.pathsep) if p]
# a real part of CIFAR-100: 300 images a class, the original layout
PART = {
    "cifar-100-python.tar.gz": "fb81ec12622b201e2e4332c23cc2abb55600d3f93b5f5ea7cfdbdb6b2a9e8fa9"
}


def load(name: str, tmp_path: Path, n_points: int | None = None, **overrides: str) -> Dataset:
    module = importlib.import_module(registry.DATASETS[name])
    if find_in_mirrors(name, module.RAW, MIRRORS) is None:
        pytest.skip(f"LEAKCORE_MIRRORS names no directory with the files of {name}")
    manifest: RawManifest = fetch(
        name,
        module.RAW,
        sources=["mirror"],
        available=module.SOURCES,
        mirrors=MIRRORS,
        directory=tmp_path,
        checksums=tmp_path / "pins.json",
        overrides=overrides,
    )
    path = registry.DATASETS[name]
    return coding.code(name, path, manifest, n_points=n_points, seed=0, options={})


def shares(dataset: Dataset, group: str) -> dict[str, int]:
    codes, names = dataset.groups[group]
    return {name: int((codes == i).sum()) for i, name in enumerate(names)}


def test_adult(tmp_path):
    data = load("adult", tmp_path)
    assert data.features.shape == (48_842, 104)
    assert data.labels.sum() == 11_687
    np.testing.assert_allclose(data.features[:, :6].mean(axis=0), 0.5, rtol=1e-12)
    assert set(np.unique(data.features[:, 6:])) == {0, 1}
    assert shares(data, "age")["10-20"] == 2_510  # the paper's section 5.1.2
    assert shares(data, "race")["White"] == 41_762


def test_hospital(tmp_path):
    data = load("hospital", tmp_path)
    assert data.features.shape == (101_766, 127)
    assert data.labels.sum() == 11_357
    assert set(np.unique(data.features[:, 8:])) == {0, 1}
    assert shares(data, "age")["[0-10)"] == 161
    assert shares(data, "race")["Caucasian"] == 76_099
    constant = np.flatnonzero(data.features.min(axis=0) == data.features.max(axis=0))
    assert [data.feature_names[i] for i in constant] == ["examide=Steady", "citoglipton=Steady"]


def test_a_part_of_cifar100(tmp_path):
    data = load("cifar100", tmp_path, 30_000, **PART)
    assert data.features.shape == (30_000, 3, 32, 32)
    assert np.all(np.bincount(data.labels) == 300)
    fine, coarse = data.groups["fine"], data.groups["coarse"]
    pairs = {(fine[1][f], coarse[1][c]) for f, c in zip(fine[0], coarse[0], strict=True)}
    assert len(pairs) == 100  # each fine class lies in one coarse class
    assert ("aquarium_fish", "fish") in pairs
