"""Influence against probabilities in extended precision and a brute-force ranking."""

from decimal import Decimal, getcontext

import numpy as np
import pytest

from leakcore.errors import LeakcoreError
from leakcore.influence import influence as module
from leakcore.influence.influence import RecordExplainer, influence, top_k


def models(seed=0, n=40, d=5, m=30, spread=0.01):
    rng = np.random.default_rng(seed)
    full = rng.normal(size=d + 1)
    return full, full + spread * rng.normal(size=(n, d + 1)), rng.normal(size=(m, d))


def decimal_influence(full, shifted, query):
    getcontext().prec = 60
    x = [Decimal(v) for v in [*query.tolist(), 1.0]]

    def probability(w):
        return 1 / (1 + (-sum(Decimal(a) * b for a, b in zip(w.tolist(), x, strict=True))).exp())

    return float(probability(full) - probability(shifted))


@pytest.mark.parametrize("scale", [1.0, 1e-9, 5.0])
@pytest.mark.parametrize("intercept", [0.0, 60.0, -60.0])
def test_matches_extended_precision_also_where_probabilities_saturate(scale, intercept):
    full, weights, queries = models(spread=scale)
    full[-1] += intercept
    weights[:, -1] += intercept
    found = influence(full, weights, queries)
    for m in range(4):
        for i in range(8):
            expected = decimal_influence(full, weights[i], queries[m])
            # The weights' rounding is not the function's error; the margins' rounding is.
            assert found[m, i] == pytest.approx(expected, rel=1e-12)


def test_sign_is_full_model_minus_leave_one_out():
    full = np.array([0.0, 0.0])  # predicts 1/2
    weights = np.array([[0.0, np.log(3.0)]])  # predicts 3/4
    assert influence(full, weights, np.zeros((1, 1)))[0, 0] == pytest.approx(-0.25, rel=1e-15)


def test_huge_changes_do_not_overflow():
    full, weights = np.array([0.0, -800.0]), np.array([[0.0, 800.0], [0.0, -900.0]])
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_array_equal(influence(full, weights, np.zeros((1, 1))), [[-1.0, 0.0]])


@pytest.mark.parametrize("k", [1, 2, 5, 40])
def test_top_k_is_the_stable_brute_force_order(k, monkeypatch):
    monkeypatch.setattr(module, "_BLOCK_ELEMENTS", 7 * 40)  # several blocks, the last one ragged
    full, weights, queries = models()
    indices, values = top_k(full, weights, queries, k)
    table = influence(full, weights, queries)
    expected = np.argsort(-np.abs(table), axis=1, kind="stable")[:, :k]
    np.testing.assert_array_equal(indices, expected)
    # A block's matrix product may round differently from the whole one.
    np.testing.assert_allclose(values, np.take_along_axis(table, expected, axis=1), rtol=1e-9)
    assert indices.dtype == np.int64


@pytest.mark.parametrize("k", [1, 3, 4, 7])
def test_ties_break_by_lowest_index(k):
    full, weights, queries = models(n=203, d=13)
    weights = weights[np.arange(203) % 29]  # every model seven times
    indices, values = top_k(full, weights, queries, k)
    for row, value in zip(indices, values, strict=True):
        assert list(row) == [row[0] % 29 + 29 * copy for copy in range(k)]
        assert len(set(value)) == 1


def test_all_tied_gives_the_first_points():
    full = np.array([1.0, 0.5])
    indices, values = top_k(full, np.tile(full, (9, 1)), np.ones((2, 1)), 4)
    np.testing.assert_array_equal(indices, [[0, 1, 2, 3]] * 2)
    np.testing.assert_array_equal(values, np.zeros((2, 4)))


@pytest.mark.parametrize("k", [0, -1, 41])
def test_impossible_k_is_refused(k):
    with pytest.raises(LeakcoreError, match="k: found"):
        top_k(*models(), k)


def test_shapes_that_do_not_fit_are_refused():
    full, weights, queries = models()
    with pytest.raises(ValueError, match="need queries"):
        influence(full, weights, queries[:, :-1])
    with pytest.raises(ValueError, match="found full"):
        influence(full, weights[0], queries)


def test_queries_along_axes_are_those_queries():
    rng = np.random.default_rng(3)
    full, weights = rng.normal(size=8), rng.normal(size=(30, 8))
    weights[[4, 9]] = weights[2]  # ties
    explainer = RecordExplainer(full, weights)
    point, axes, steps = rng.normal(size=7), rng.integers(0, 7, 40), rng.normal(size=40)
    queries = np.tile(point, (40, 1))
    queries[np.arange(40), axes] += steps
    indices, values = explainer.top_k_along_axes(point, axes, steps, 5)
    expected, expected_values = explainer.top_k(queries, 5)
    np.testing.assert_array_equal(indices, expected)
    np.testing.assert_allclose(values, expected_values, rtol=1e-10)
