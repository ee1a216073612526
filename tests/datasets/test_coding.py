"""Dispatch on the source, and the structural check."""

import importlib
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from leakcore.datasets import coding, dogfish, registry
from leakcore.datasets.coding import Parts, check
from leakcore.datasets.sources import SOURCES, RawManifest
from leakcore.errors import LeakcoreError

GOOD = Parts(np.zeros((4, 3)), np.array([0, 1, 2, 0]), ("a", "b", "c"))
SYNTHETIC = RawManifest("synthetic", {}, {})


def run(name, manifest=SYNTHETIC, **changes):
    arguments = {"n_points": None, "seed": 0, "options": {}} | changes
    return coding.code(name, registry.DATASETS[name], manifest, **arguments)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"features": np.zeros((3, 3))}, "features: expected 4 rows, found 3"),
        ({"labels": np.array([0, 1])}, "expected 4 rows, found 2"),
        ({"features": np.zeros((4, 2))}, r"shape \(2,\), expected \(3,\)"),
        ({"features": np.full((4, 3), np.nan)}, "4 points .* not finite"),
        ({"features": np.diag([0, 0, np.inf, 0])[:, :3]}, "1 points .* the first is point 2"),
        ({"labels": np.array([0, 1, 2, 3])}, "0 to 2, found 0 to 3"),
        ({"labels": np.array([0, 1, -1, 2])}, "0 to 2, found -1 to 2"),
        ({"labels": np.array([1, 1, 1, 1])}, "every point has label 1"),
    ],
)
def test_structural_check(changes, words):
    expected = {"n_points": 4, "n_classes": 3, "shapes": ((3,),)}
    check("demo", GOOD, **expected)
    with pytest.raises(LeakcoreError, match=words):
        check("demo", replace(GOOD, **changes), **expected)


@pytest.mark.parametrize(("name", "mean"), [("digits", 4.884), ("breast_cancer", 0.5)])
def test_packaged_data(name, mean):
    dataset = run(name, RawManifest("package", {}, {}))
    assert dataset.source == "package"
    assert dataset.name == name
    assert not dataset.is_standin
    assert dataset.features.mean() == pytest.approx(mean, abs=1e-3)
    with pytest.raises(LeakcoreError, match="expected 10 rows"):
        run(name, RawManifest("package", {}, {}), n_points=10)


def test_code_fills_in_what_the_manifest_says(tmp_path):
    files = {}
    for i in range(2):
        name = dogfish.RAW[i].name
        files[name] = str(tmp_path / name)
        np.savez(files[name], inception_features_val=np.full((2, 2048), i / 2), labels=[0, 1])
    dataset = run("dogfish", RawManifest("download", files, {"x": "ab"}), n_points=4)
    assert (dataset.name, dataset.source, dataset.sha256) == ("dogfish", "download", {"x": "ab"})
    assert dataset.n_classes == 2
    dataset.save(tmp_path / "d")
    assert type(dataset).load(tmp_path / "d").groups["animal"][1] == ("dog", "fish")


def test_progress_goes_to_a_module_that_takes_it(monkeypatch, tmp_path):
    def slow(files, *, n_points=None, progress=None):
        progress(1, n_points, f"pictures of {len(files)} file")
        return Parts(np.zeros((2, 2048)), np.array([0, 1]))

    calls = []
    manifest = RawManifest("download", {"a": str(tmp_path)}, {})
    monkeypatch.setattr(dogfish, "code", slow)
    run("dogfish", manifest, n_points=2, progress=lambda *call: calls.append(call))
    assert calls == [(1, 2, "pictures of 1 file")]


def test_pictures_report_progress(monkeypatch):
    pytest.importorskip("efficientnet_lite_pytorch")
    from leakcore.datasets import fish_carnivores

    monkeypatch.setattr(fish_carnivores, "_BATCH", 2)
    images = np.random.default_rng(0).integers(0, 256, (3, 3, 32, 32), dtype=np.uint8)
    calls = []
    features = fish_carnivores.penultimate(images, lambda *call: calls.append(call))
    assert features.shape == (3, 1280)
    assert calls == [(2, 3, "pictures"), (3, 3, "pictures")]


def test_unknown_stand_in_option():
    with pytest.raises(LeakcoreError, match=r"no option 'nois', only distance, typicality"):
        run("purchase", n_points=200, options={"nois": 1})
    with pytest.raises(LeakcoreError, match="no option 'seed'"):
        run("purchase", n_points=200, options={"seed": 1})


def test_every_module_keeps_the_contract():
    for path in registry.DATASETS.values():
        module = importlib.import_module(path)
        assert set(module.SOURCES) <= set(SOURCES)
        assert module.N_CLASSES >= 2
        assert module.N_POINTS > 0
        assert module.SHAPE in getattr(module, "SHAPES", (module.SHAPE,))
        assert callable(module.standin) if "synthetic" in module.SOURCES else True
        assert callable(module.package if "package" in module.SOURCES else module.code)
        assert all(url.startswith("https://") for raw in module.RAW for url in raw.urls)


def test_importing_the_data_sets_is_light():
    script = (
        "import importlib, sys\n"
        "from leakcore.datasets.registry import DATASETS\n"
        "assert 'numpy' not in sys.modules\n"
        "for path in DATASETS.values(): importlib.import_module(path)\n"
        "heavy = {'pandas', 'sklearn', 'torch', 'scipy', 'requests'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_no_data_set_imports_another():
    """Else a change to one would invalidate the other; a subset names its origin's folder."""
    folder = Path(coding.__file__).parent
    for name, path in registry.DATASETS.items():
        imports = re.findall(r"^from leakcore.*$", (folder / f"{name}.py").read_text(), re.M)
        words = set(re.findall(r"\w+", " ".join(imports)))
        assert "coding" in words
        allowed = {name, getattr(importlib.import_module(path), "RAW_FOLDER", name)}
        assert not words & (set(registry.DATASETS) - allowed), name
