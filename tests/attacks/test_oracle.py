"""The oracle against brute force, and attacks against an oracle that hides everything else."""

import numpy as np
import pytest

from leakcore.attacks.oracle import Oracle
from leakcore.attacks.sampling_baseline import revealed_curves
from leakcore.attacks.subspace import reconstruct
from leakcore.attacks.traversal import SCHEDULES, traverse
from leakcore.errors import LeakcoreError


def case(seed=0, n=30, d=4, k=5):
    rng = np.random.default_rng(seed)
    features, labels = rng.normal(size=(n, d)), rng.integers(2, size=n)
    full = rng.normal(size=d + 1)
    weights = full + 0.1 * rng.normal(size=(n, d + 1))
    return Oracle(features, labels, full, weights, k), features, labels, full, weights


class Public:
    """Passes on what an attack may use; anything else is an AttributeError."""

    def __init__(self, oracle):
        self.query, self.records = oracle.query, oracle.records
        self.query_along_axes = oracle.query_along_axes
        self.n_features, self.k = oracle.n_features, oracle.k
        self._oracle = oracle

    @property
    def queries(self):
        return self._oracle.queries


def test_queries_along_axes_are_answered_and_counted_like_queries():
    oracle, features, *_ = case()
    point, axes, steps = features[0], np.array([0, 2, 2]), np.array([0.5, -1.0, 3.0])
    near = oracle.query_along_axes(point, axes, steps)
    assert oracle.queries == 3
    points = np.tile(point, (3, 1))
    points[np.arange(3), axes] += steps
    plain = oracle.query(points)
    np.testing.assert_array_equal(near.ids, plain.ids)
    np.testing.assert_allclose(near.probability, plain.probability, rtol=1e-12)
    np.testing.assert_allclose(near.influence, plain.influence, rtol=1e-9)


def test_answers_equal_brute_force():
    oracle, features, _, full, weights = case()
    answer = oracle.query(features)

    def probability(w):
        return 1 / (1 + np.exp(-(features @ w[:-1] + w[-1])))

    influence = np.stack([probability(full) - probability(w) for w in weights], axis=1)
    order = np.argsort(-np.abs(influence), axis=1, kind="stable")[:, :5]
    np.testing.assert_array_equal(answer.ids, order)
    np.testing.assert_allclose(answer.probability, probability(full), rtol=1e-13)
    np.testing.assert_allclose(
        answer.influence, np.take_along_axis(influence, order, axis=1), rtol=1e-10
    )


def test_every_point_is_counted_also_when_asked_again():
    oracle, features, *_ = case()
    oracle.query(features[:7])
    first = oracle.query(features[:1])
    again = oracle.query(features[:1])
    assert oracle.queries == 9
    np.testing.assert_array_equal(first.ids, again.ids)


def test_records_only_after_they_were_revealed():
    oracle, features, labels, *_ = case()
    with pytest.raises(PermissionError):
        oracle.records(np.array([0]))
    ids = oracle.query(features[:1]).ids[0]
    found, classes = oracle.records(ids)
    np.testing.assert_array_equal(found, features[ids])
    np.testing.assert_array_equal(classes, labels[ids])
    hidden = np.setdiff1d(np.arange(len(features)), ids)
    with pytest.raises(PermissionError):
        oracle.records(np.append(ids, hidden[0]))


def test_attacks_use_nothing_but_queries():
    oracle, features, *_ = case()
    public = Public(oracle)
    for variant in ("weights", "subspace"):
        assert len(reconstruct(public, variant=variant, seed=0).ids) == 5
    for schedule in SCHEDULES:
        assert len(traverse(public, features[0], schedule, seed=0).ids) >= 5
    assert revealed_curves(public, features, ks=(1, 5)).shape == (2, 30)


@pytest.mark.parametrize("k", [0, 31])
def test_impossible_k(k):
    with pytest.raises(LeakcoreError, match=f"found {k}; choose 1 to 30"):
        case(k=k)


def test_shapes_must_fit():
    _, features, labels, full, weights = case()
    with pytest.raises(ValueError, match=r"weights \(29, 5\)"):
        Oracle(features, labels, full, weights[1:], 1)
