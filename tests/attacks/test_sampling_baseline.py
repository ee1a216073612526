"""Baseline queries against the distribution they claim, curves against brute force."""

import numpy as np
import pytest

from leakcore.attacks.oracle import Oracle
from leakcore.attacks.sampling_baseline import SCENARIOS, draw_queries, revealed_curves
from leakcore.errors import LeakcoreError


def records(n=2000, seed=0):
    """Two features that agree exactly, one skewed feature, one constant feature."""
    rng = np.random.default_rng(seed)
    bit = rng.integers(2, size=n)
    return np.column_stack([bit, bit, rng.exponential(size=n), np.full(n, 3.0)])


def test_uniform_fills_the_range_of_every_feature():
    known = records()
    points = draw_queries("uniform", known, 1000, seed=0)
    assert np.all((points >= known.min(axis=0)) & (points <= known.max(axis=0)))
    np.testing.assert_allclose(points[:, 0].mean(), 0.5, atol=0.04)  # 4 sd of the mean
    middle = known[:, 2].max() / 2  # the skewed feature is drawn evenly all the same
    np.testing.assert_allclose((points[:, 2] > middle).mean(), 0.5, atol=0.07)
    assert np.all(points[:, 3] == 3.0)


def test_marginals_keep_each_feature_and_break_their_ties():
    known = records()
    points = draw_queries("marginals", known, 1000, seed=0)
    for column in range(known.shape[1]):
        assert np.isin(points[:, column], known[:, column]).all()
    np.testing.assert_allclose(points[:, 2].mean(), known[:, 2].mean(), atol=0.13)
    np.testing.assert_allclose(np.corrcoef(points[:, 0], points[:, 1])[0, 1], 0, atol=0.13)
    assert np.corrcoef(known[:, 0], known[:, 1])[0, 1] > 0.99


def test_records_are_distinct_and_real():
    known = np.arange(3000.0).reshape(1000, 3)
    points = draw_queries("records", known, 700, seed=0)
    assert len(np.unique(points[:, 0])) == 700
    np.testing.assert_array_equal(known[(points[:, 0] / 3).astype(int)], points)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_seed_decides(scenario):
    known = records().astype(np.uint8)
    first, again, other = (draw_queries(scenario, known, 50, seed) for seed in (0, 0, 1))
    assert first.dtype == np.float64
    np.testing.assert_array_equal(first, again)
    assert np.any(first != other)


def test_errors():
    with pytest.raises(LeakcoreError, match="found 11, but there are 10 records"):
        draw_queries("records", np.zeros((10, 2)), 11, seed=0)
    with pytest.raises(LeakcoreError, match="found 'gaussian'"):
        draw_queries("gaussian", np.zeros((10, 2)), 5, seed=0)


def test_curves_equal_counting_sets():
    rng = np.random.default_rng(1)
    full = rng.normal(size=4)
    weights = full + 0.1 * rng.normal(size=(30, 4))
    points = rng.normal(size=(50, 3))

    def oracle(k):
        return Oracle(np.zeros((30, 3)), np.zeros(30, dtype=np.int64), full, weights, k)

    curves = revealed_curves(oracle(10), points, ks=(1, 5, 10))
    for row, k in enumerate((1, 5, 10)):
        seen: set[int] = set()
        one = oracle(k)  # one answer of ten records serves as one of k records
        for i, point in enumerate(points):
            seen.update(one.query(point[None]).ids[0].tolist())
            assert curves[row, i] == len(seen)
    with pytest.raises(LeakcoreError, match="found 10; the oracle reveals 5"):
        revealed_curves(oracle(5), points, ks=(1, 10))
