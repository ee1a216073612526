import importlib

import numpy as np
import pytest
import torch

from leakcore import store
from leakcore.errors import LeakcoreError
from leakcore.explanations import gradient
from leakcore.explanations.observe import dataset_rows, observe
from leakcore.explanations.registry import EXPLANATIONS

GRADIENT = EXPLANATIONS["gradient"]


def make_target(reached=True):
    return store.Target(0.1, reached, 3, 0.9, 0.8, {}, {})


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    features = rng.standard_normal((40, 6)).astype(np.float32)
    labels = rng.integers(0, 3, 40)
    order = rng.permutation(40)
    return features, labels, store.Split(order[:13], order[13:30], 0)


def run(path, model, data, **options):
    features, labels, split = data
    options = {"explanation": GRADIENT, "batch_size": 8} | options
    observe(path, make_target(), model, lambda i: features[i], labels, split, **options)
    observations = store.Observations.load(path)
    assert observations is not None
    return observations


def test_every_array_against_plain_torch(tmp_path, small, data):
    features, labels, split = data
    seen = run(tmp_path / "o.safetensors", small, data)
    index = np.concatenate([split.members, split.nonmembers])
    inputs, truth = torch.from_numpy(features[index]), torch.from_numpy(labels[index])
    with torch.no_grad():
        logits = small(inputs)
    assert np.array_equal(seen.index, index)
    assert np.array_equal(seen.member, [True] * 13 + [False] * 17)
    assert np.array_equal(seen.label, labels[index])
    assert np.array_equal(seen.predicted, logits.argmax(1).numpy())
    np.testing.assert_allclose(seen.probabilities, logits.softmax(1).numpy(), rtol=1e-5, atol=1e-7)
    loss = torch.nn.functional.cross_entropy(logits, truth, reduction="none")
    np.testing.assert_allclose(seen.loss, loss.numpy(), rtol=1e-5, atol=1e-6)
    expected = gradient.explain(small, inputs, logits.argmax(1))
    np.testing.assert_allclose(seen.explanation, expected.numpy(), rtol=1e-5, atol=1e-6)
    assert (seen.level, seen.train_accuracy, seen.test_accuracy) == (0.1, 0.9, 0.8)
    dtypes = [seen.probabilities.dtype, seen.loss.dtype, seen.explanation.dtype]
    assert dtypes == [np.float32] * 3


def test_loss_of_a_sure_and_wrong_network_is_finite(tmp_path, small, data):
    with torch.no_grad():
        small[-1].weight.mul_(1000)
    seen = run(tmp_path / "o.safetensors", small, data)
    assert np.isfinite(seen.loss).all()
    assert seen.loss.max() > 200  # exp(-200) is no float32


def test_batch_size_does_not_matter(tmp_path, small, data):
    one = run(tmp_path / "a.safetensors", small, data, batch_size=1)
    many = run(tmp_path / "b.safetensors", small, data, batch_size=100)
    assert np.array_equal(one.index, many.index)
    assert np.array_equal(one.predicted, many.predicted)
    np.testing.assert_allclose(one.explanation, many.explanation, rtol=1e-5, atol=1e-6)


def test_same_seed_same_bytes(tmp_path, small, data):
    paths = [tmp_path / "a.safetensors", tmp_path / "b.safetensors"]
    for path in paths:
        run(path, small, data)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_unreached_level_gives_no_observations(tmp_path, data):
    features, labels, split = data
    path = tmp_path / "o.safetensors"
    rows = features.__getitem__
    observe(path, make_target(False), None, rows, labels, split, explanation=GRADIENT)
    assert store.Observations.load(path) is None


def test_unknown_setting_is_named(tmp_path, small, data):
    with pytest.raises(LeakcoreError, match="samplse: 3"):
        run(tmp_path / "o.safetensors", small, data, settings={"samplse": 3})
    assert list(tmp_path.iterdir()) == []


def test_progress_ends_at_the_number_of_points(tmp_path, small, data):
    calls = []
    run(tmp_path / "o.safetensors", small, data, progress=lambda *call: calls.append(call[:2]))
    assert calls == [(8, 30), (16, 30), (24, 30), (30, 30)]


def make_dataset(features):
    labels = np.zeros(len(features), dtype=np.int64)
    return store.Dataset(features, labels, 2, (), {}, "test", "synthetic")


def test_dataset_rows(tmp_path, monkeypatch):
    features = np.arange(50 * 6, dtype=np.uint8).reshape(50, 2, 3)
    make_dataset(features).save(tmp_path / "d.safetensors")
    index = np.array([0, 3, 4, 4, 20, 21, 49])
    for block_bytes in (1, 8 * 6 * 2, 2**20):  # one row, two rows, all of them at once
        monkeypatch.setattr("leakcore.explanations.observe._BLOCK_BYTES", block_bytes)
        rows = dataset_rows(tmp_path / "d.safetensors")
        assert rows(index).dtype == np.uint8
        assert np.array_equal(rows(index), features[index])
    for wrong in ([3, 2], []):
        with pytest.raises(ValueError, match="ascending"):
            rows(np.array(wrong, dtype=np.int64))


def test_observations_from_a_dataset_file(tmp_path, small, data):
    features, labels, split = data
    make_dataset(features).save(tmp_path / "d.safetensors")
    path = tmp_path / "o.safetensors"
    rows = dataset_rows(tmp_path / "d.safetensors")
    observe(path, make_target(), small, rows, labels, split, explanation=GRADIENT)
    expected = tmp_path / "e.safetensors"
    run(expected, small, data, batch_size=256)
    assert path.read_bytes() == expected.read_bytes()


def test_registry_names_modules_that_explain():
    for path in EXPLANATIONS.values():
        assert callable(importlib.import_module(path).explain)
