"""Algorithm 1 against Theorem 5.1, the linear-algebra bound and known weight vectors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakcore.attacks import subspace as module
from leakcore.attacks.oracle import Oracle
from leakcore.attacks.subspace import reconstruct, upper_bound
from leakcore.errors import LeakcoreError
from leakcore.influence.constructions import two_revealable
from leakcore.influence.leave_one_out import leave_one_out

VARIANTS = ("weights", "subspace")


def oracle_of(full, weights, k=1):
    n, size = weights.shape
    return Oracle(np.zeros((n, size - 1)), np.zeros(n, dtype=np.int64), full, weights, k)


class Recorder(Oracle):
    """Keeps every point that it was asked about."""

    def __init__(self, *given):
        super().__init__(*given)
        self.asked = []

    def query(self, points):
        self.asked.extend(points)
        return super().query(points)


def generic(seed, n, d, rank=None):
    """Models whose changes are random, of full rank or in a random subspace of the given rank."""
    rng = np.random.default_rng(seed)
    full = rng.normal(size=d + 1)
    change = rng.normal(size=(n, d + 1))
    if rank is not None:
        change = rng.normal(size=(n, rank)) @ rng.normal(size=(rank, d + 1)) / np.sqrt(rank)
    return full, full + 0.1 * change


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(1, 30),
    d=st.integers(1, 8),
    variant=st.sampled_from(VARIANTS),
)
def test_theorem_5_1(seed, n, d, variant):
    # Random vectors in d dimensions are d-wise linearly independent.
    full, weights = generic(seed, n, d)
    recovery = reconstruct(oracle_of(full, weights), variant=variant, seed=seed)
    assert len(set(recovery.ids.tolist())) == len(recovery.ids)
    assert min(n, d) <= len(recovery.ids) <= upper_bound(full, weights)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 2**32 - 1),
    rank=st.integers(1, 6),
    more=st.integers(1, 6),
    variant=st.sampled_from(VARIANTS),
)
def test_stops_at_the_rank_and_not_when_rounding_says_so(seed, rank, more, variant):
    full, weights = generic(seed, n=40, d=rank + more, rank=rank)
    assert upper_bound(full, weights) == rank
    recovery = reconstruct(oracle_of(full, weights), variant=variant, seed=seed)
    assert len(recovery.ids) == rank
    assert recovery.stop == "exhausted"


def refits(X, y):
    models = leave_one_out(X, y)
    return models.full, models.weights


@pytest.mark.parametrize("variant", VARIANTS)
def test_more_features_than_records_recovers_all(variant):
    rng = np.random.default_rng(3)
    X = rng.normal(size=(150, 200))
    y = (X[:, 0] + rng.normal(size=150) > 0).astype(np.int64)
    full, weights = refits(X, y)
    recovery = reconstruct(Oracle(X, y, full, weights, 1), variant=variant, seed=0)
    assert len(recovery.ids) >= 0.99 * len(X)


@pytest.mark.parametrize("variant", VARIANTS)
def test_one_hot_columns_lower_what_can_be_recovered(variant):
    rng = np.random.default_rng(4)
    codes = rng.integers(4, size=(300, 3))
    X = np.concatenate(
        [rng.normal(size=(300, 2)), *(np.eye(5)[c] for c in codes.T)],  # fifth columns are empty
        axis=1,
    )
    y = (X[:, 0] + X[:, 2] + rng.normal(size=300) > 0.3).astype(np.int64)
    full, weights = refits(X, y)
    bound = np.linalg.matrix_rank(np.column_stack([X, np.ones(len(X))]))
    assert upper_bound(full, weights) == bound == 2 + 3 * 3 + 1
    oracle = Recorder(X, y, full, weights, 1)
    recovery = reconstruct(oracle, variant=variant, seed=0)
    assert len(recovery.ids) == bound
    # The last shift is constant on what is left: rounding must not pass for a gradient.
    assert recovery.stop == "exhausted"
    assert np.abs(oracle.asked).max() < 1e3


def test_features_of_very_different_size():
    full, weights = generic(5, n=40, d=8)
    size = 10.0 ** np.arange(-4, 4)
    full, weights = full / np.append(size, 1), weights / np.append(size, 1)
    recovery = reconstruct(oracle_of(full, weights), variant="weights", seed=0, scale=size)
    assert len(recovery.ids) == 9


def test_restricted_subspace_is_the_least_squares_solution():
    rng = np.random.default_rng(11)
    rows, values = rng.normal(size=(4, 9)), rng.normal(size=4)
    subspace = module._Subspace(np.zeros(9), np.eye(9))
    for q, (row, value) in enumerate(zip(rows, values, strict=True), start=1):
        point = subspace.origin + subspace.basis @ rng.normal(size=subspace.basis.shape[1])
        subspace = subspace.restrict(point, row @ point + value, subspace.basis.T @ row)
        nearest = np.linalg.lstsq(rows[:q], -values[:q], rcond=None)[0]
        np.testing.assert_allclose(subspace.origin, nearest, atol=1e-12)
        np.testing.assert_allclose(rows[:q] @ subspace.basis, 0, atol=1e-12)
        np.testing.assert_allclose(subspace.basis.T @ subspace.basis, np.eye(9 - q), atol=1e-12)


@pytest.mark.parametrize("intercept", [-30.0, 12.0, 25.0])
@pytest.mark.parametrize("variant", VARIANTS)
def test_model_that_is_sure_at_the_origin(variant, intercept):
    full, weights = generic(12, n=40, d=8)
    full[-1] += intercept
    weights[:, -1] += intercept
    recovery = reconstruct(oracle_of(full, weights), variant=variant, seed=0)
    # The theorem's d; the point that would name the last record has no moderate logit.
    assert len(recovery.ids) >= 8


@pytest.mark.parametrize("variant", VARIANTS)
def test_shifts_too_large_to_be_measured_a_unit_away(variant):
    full, weights = generic(13, n=40, d=8)
    weights = full + 300 * (weights - full)
    weights[:, -1] = full[-1] + (weights[:, -1] - full[-1]) / 300
    recovery = reconstruct(oracle_of(full, weights), variant=variant, seed=0)
    assert len(recovery.ids) >= 8


def test_finite_differences_are_the_true_weights():
    full, weights = generic(6, n=20, d=5)
    oracle = oracle_of(full, weights)
    scale = np.array([1.0, 10.0, 0.1, 2.0, 0.5])
    point = np.array([0.3, -0.2, 0.5, 0.0, 1.0])
    answer = oracle.query((point * scale)[None])
    record = int(answer.ids[0, 0])
    gradient, slope = module._differences(oracle, point, np.eye(5), scale, record, answer)
    np.testing.assert_allclose(gradient, (weights[record] - full)[:-1] * scale, rtol=1e-9)
    np.testing.assert_allclose(slope, full[:-1] * scale, rtol=1e-9)


def test_recovered_records_have_no_influence_at_the_next_query():
    full, weights = generic(7, n=30, d=6)
    oracle = Recorder(np.zeros((30, 6)), np.zeros(30, dtype=np.int64), full, weights, 1)
    recovery = reconstruct(oracle, variant="subspace", seed=0)
    change = weights - full
    assert len(recovery.ids) == 7
    for q, used in enumerate(recovery.queries_used):
        shift = change @ np.append(oracle.asked[used - 1], 1.0)
        assert np.abs(shift[recovery.ids[:q]]).max(initial=0) < 1e-8
        assert np.abs(shift[recovery.ids[q]]) > 1e-5
    assert np.all(oracle.asked[0] == 0)


def test_printed_variant_needs_fewer_queries():
    full, weights = generic(8, n=60, d=20)
    counts = {}
    for variant in VARIANTS:
        oracle = oracle_of(full, weights)
        recovery = reconstruct(oracle, variant=variant, seed=0)
        assert recovery.queries == oracle.queries
        assert np.all(np.diff(recovery.queries_used) > 0)
        assert recovery.queries_used[-1] <= recovery.queries
        counts[variant] = recovery.queries
        assert len(recovery.ids) == 21
    # Record q + 1 costs its own query and at least d - q more, or d with whole vectors; nothing
    # is left to measure for the last one.
    assert counts["subspace"] >= sum(1 + 20 - q for q in range(21))
    assert counts["weights"] >= 20 * (1 + 20) + 1
    assert counts["subspace"] < counts["weights"]


@pytest.mark.parametrize("variant", VARIANTS)
def test_constant_influence_ends_it(variant):
    # Line 19: the influence of the revealed record is the same everywhere, on the logit.
    recovery = reconstruct(oracle_of(*two_revealable(5)), variant=variant, seed=0)
    assert len(recovery.ids) == 1
    assert recovery.stop == "exhausted"


def test_model_that_is_sure_of_everything_cannot_be_measured():
    full, weights = generic(9, n=10, d=3)
    full[-1] += 800
    weights[:, -1] += 800
    assert reconstruct(oracle_of(full, weights), variant="weights", seed=0).stop == "unresolved"


def test_same_seed_same_result_and_seeds_differ():
    full, weights = generic(10, n=60, d=12)
    first, again, other = (
        reconstruct(oracle_of(full, weights), variant="weights", seed=seed) for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first.ids, again.ids)
    assert first.ids.tolist() != other.ids.tolist()


def test_unknown_variant_and_bad_scale():
    oracle = oracle_of(*generic(0, n=5, d=2))
    with pytest.raises(LeakcoreError, match="found 'both'"):
        reconstruct(oracle, variant="both", seed=0)
    with pytest.raises(LeakcoreError, match="2 positive numbers"):
        reconstruct(oracle, variant="weights", seed=0, scale=np.array([1.0, 0.0]))
