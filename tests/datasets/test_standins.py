"""Stand-ins: right shape, seeded, learnable but not trivial."""

import hashlib

import numpy as np
import pytest

from leakcore.datasets import coding, registry
from leakcore.datasets.sources import RawManifest

NAMES = ["adult", "cifar100", "dogfish", "hospital", "purchase", "texas"]


def make(name, n_points=400, seed=0, **options):
    return coding.code(
        name,
        registry.DATASETS[name],
        RawManifest("synthetic", {}, {}),
        n_points=n_points,
        seed=seed,
        options=options,
    )


def digest(dataset):
    return hashlib.sha256(dataset.features.tobytes() + dataset.labels.tobytes()).hexdigest()


@pytest.mark.parametrize("name", NAMES)
def test_seeded(name):
    first = make(name)  # `code` has checked rows, shape, labels and values
    assert first.is_standin
    assert digest(first) == digest(make(name))
    assert digest(first) != digest(make(name, seed=1))
    for codes, names in first.groups.values():
        assert codes.dtype == np.int16
        assert -1 <= codes.min() <= codes.max() < len(names)
    assert np.bincount(first.labels, minlength=first.n_classes).min() > 0


def test_feature_types():
    for name, dtype in (
        *(("adult", np.float64), ("cifar100", np.uint8), ("dogfish", np.float32)),
        *(("hospital", np.uint8), ("purchase", np.uint8), ("texas", np.uint8)),
    ):
        assert make(name, 100).features.dtype == dtype
    assert make("purchase", 100).features.max() == 1
    texas = make("texas", 100).features
    assert texas.max() == 1
    assert 0.002 < texas.mean() < 0.1  # sparse
    assert make("dogfish", 100).features.min() >= 0
    assert set(make("dogfish", 100).groups) == {"animal"}
    assert set(make("adult", 100).groups) == set(make("hospital", 100).groups) == {"age", "race"}
    assert set(make("cifar100", 200).groups) == {"fine", "coarse"}


@pytest.mark.parametrize("name", NAMES)
def test_a_linear_model_learns_something_that_generalises(name):
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import MaxAbsScaler

    data = make(name, 2000)
    X = MaxAbsScaler().fit_transform(data.features.reshape(2000, -1).astype(np.float32))
    y = data.labels
    if data.n_classes == 100:  # nearest class mean: fast, and fair with ten points a class
        means = np.stack([X[:1000][y[:1000] == c].mean(axis=0) for c in range(100)])
        predicted = (2 * X[1000:] @ means.T - (means**2).sum(axis=1)).argmax(axis=1)
        accuracy = np.mean(predicted == y[1000:])
        assert 0.05 < accuracy < 0.98  # chance is 0.01
    else:
        model = LogisticRegression(max_iter=200).fit(X[:1000], y[:1000])
        accuracy = model.score(X[1000:], y[1000:])
        majority = max(np.mean(y), 1 - np.mean(y))
        assert majority + 0.02 < accuracy < 0.99


def test_without_signal_the_hospital_stand_in_cannot_be_learnt():
    from sklearn.linear_model import LogisticRegression

    data = make("hospital", 2000, signal=0.0)
    X = data.features / np.maximum(1, data.features.max(axis=0))
    score = LogisticRegression(max_iter=200).fit(X[:1000], data.labels[:1000]).score
    assert abs(score(X[1000:], data.labels[1000:]) - 0.5) < 0.06


def test_share_of_positives():
    assert make("hospital", 1000).labels.mean() == 0.5
    assert make("hospital", 1000, positive=0.11).labels.mean() == pytest.approx(0.11)
    assert 0.15 < make("adult", 2000).labels.mean() < 0.35
