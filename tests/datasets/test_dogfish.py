"""Dog against fish from small handmade npz files."""

import numpy as np
import pytest

from leakcore.datasets import dogfish
from leakcore.errors import LeakcoreError

NAMES = [raw.name for raw in dogfish.RAW]


def write(directory, *parts):
    files = {}
    for name, arrays in zip(NAMES, parts, strict=True):
        np.savez(directory / name, **arrays)
        files[name] = directory / name
    return files


def arrays(n, **changes):
    values = np.random.default_rng(n).random((n, 2048)).astype(np.float32)
    labels = np.arange(n) % 2
    return {"inception_features_val": values, "labels": labels} | changes


def test_train_and_test_are_pooled(tmp_path):
    train, test = arrays(4), arrays(3, labels=np.array([1.0, 1.0, 0.0]))
    parts = dogfish.code(write(tmp_path, train, test), n_points=7)
    key = "inception_features_val"
    np.testing.assert_array_equal(parts.features, np.concatenate([train[key], test[key]]))
    assert parts.features.dtype == np.float32
    assert parts.labels.tolist() == [0, 1, 0, 1, 1, 1, 0]
    codes, names = parts.groups["animal"]
    assert [names[c] for c in codes[:2]] == ["dog", "fish"]
    with pytest.raises(LeakcoreError, match="expected 2,400 rows, found 7"):
        dogfish.code(write(tmp_path, train, test))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"labels": np.array([0, 2, 1])}, "one label, 0 or 1"),
        ({"labels": np.array([0, 1])}, "one label, 0 or 1"),
        ({"labels": np.array([0, 1, np.nan])}, "one label, 0 or 1"),
        ({"inception_features_val": np.ones((3, 7))}, "expected real numbers"),
        ({"labels": np.array([{}, 1, 0], dtype=object)}, "not a plain array"),
    ],
)
def test_wrong_arrays_are_refused(tmp_path, changes, words):
    with pytest.raises(LeakcoreError, match=words):
        dogfish.code(write(tmp_path, arrays(3, **changes), arrays(2)), n_points=5)


def test_a_missing_array_is_refused(tmp_path):
    files = write(tmp_path, {"labels": np.array([0, 1])}, arrays(2))
    with pytest.raises(LeakcoreError, match=r"inception_features_val\.npy, found 0"):
        dogfish.code(files, n_points=4)
