import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakcore.attacks.partition import partition
from leakcore.errors import LeakcoreError


@given(st.integers(20, 80), st.integers(20, 80), st.floats(0.3, 0.9), st.integers(0, 2**32))
def test_disjoint_complete_and_stratified(members, others, fraction, seed):
    member = np.random.default_rng(seed).permutation(np.repeat([True, False], [members, others]))
    train, test = partition(member, fraction, seed)
    assert sorted([*train, *test]) == list(range(len(member)))
    assert member[train].sum() == round(fraction * members)
    assert (~member[train]).sum() == round(fraction * others)
    again = partition(member, fraction, seed)
    assert np.array_equal(train, again[0])
    assert np.array_equal(test, again[1])


def test_every_seed_draws_anew_and_0_is_a_seed():
    member = np.repeat([True, False], 100)
    parts = {partition(member, 0.7, seed)[0].tobytes() for seed in range(5)}
    assert len(parts) == 5


@pytest.mark.parametrize("fraction", [0, 1, -0.1, 1.7, float("nan")])
def test_an_impossible_fraction_is_refused(fraction):
    with pytest.raises(LeakcoreError, match="fraction"):
        partition(np.repeat([True, False], 50), fraction, 0)


def test_parts_without_both_kinds_are_refused():
    with pytest.raises(LeakcoreError, match="members and non-members"):
        partition(np.ones(50, bool), 0.7, 0)
    with pytest.raises(LeakcoreError, match="at least 10"):
        partition(np.repeat([True, False], 6), 0.7, 0)
    with pytest.raises(LeakcoreError, match="to test"):
        partition(np.repeat([True, False], [1, 50]), 0.7, 0)
