import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakcore.errors import LeakcoreError
from leakcore.sampling import draw


@given(
    n=st.integers(4, 200),
    members=st.integers(1, 100),
    nonmembers=st.integers(1, 100),
    seed=st.integers(0, 5),
)
def test_members_and_nonmembers_never_meet(n, members, nonmembers, seed):
    labels = np.zeros(n, np.int64)
    if members + nonmembers > n:
        with pytest.raises(LeakcoreError, match=f"has {n} points"):
            draw(labels, members, nonmembers, seed)
        return
    split = draw(labels, members, nonmembers, seed)
    both = np.concatenate([split.members, split.nonmembers])
    assert len(split.members) == members
    assert len(split.nonmembers) == nonmembers
    assert len(np.unique(both)) == members + nonmembers
    assert both.min() >= 0
    assert both.max() < n


def test_every_point_is_equally_likely_to_be_a_member():
    counts = np.zeros(20)
    for seed in range(2000):
        counts[draw(np.zeros(20, np.int64), 5, 5, seed).members] += 1
    # 500 expected, standard deviation about 19
    assert abs(counts - 500).max() < 90


def test_seeds_differ_and_repeat():
    labels = np.zeros(1000, np.int64)
    draws = [draw(labels, 10, 10, seed).members for seed in (0, 0, 1)]
    np.testing.assert_array_equal(draws[0], draws[1])
    assert not np.array_equal(draws[0], draws[2])


def test_balanced_draws_equally_many_of_each_class():
    labels = (np.arange(1000) % 10 == 0).astype(np.int64)
    split = draw(labels, 60, 41, 3, balanced=True)
    assert np.bincount(labels[split.members]).tolist() == [30, 30]
    assert np.bincount(labels[split.nonmembers]).tolist() == [21, 20]
    assert not set(split.members) & set(split.nonmembers)
    # The classes must not come in blocks.
    assert np.abs(np.diff(labels[split.members])).sum() > 5


def test_balanced_says_which_class_is_short():
    labels = np.array([0] * 50 + [1] * 5)
    with pytest.raises(LeakcoreError, match=r"class 1.*has 5"):
        draw(labels, 8, 8, 0, balanced=True)
