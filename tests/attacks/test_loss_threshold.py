from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakcore.attacks import loss_threshold
from leakcore.attacks.loss_threshold import fit_threshold
from leakcore.errors import LeakcoreError


@given(st.lists(st.tuples(st.booleans(), st.integers(-3, 3)), min_size=1, max_size=25))
def test_no_threshold_is_right_more_often(points):
    member = np.array([inside for inside, _ in points])
    score = np.array([value / 3 for _, value in points])
    best = max(((score > cut) == member).sum() for cut in [-np.inf, *score])
    assert ((score > fit_threshold(member, score)) == member).sum() == best


def test_the_cut_lies_half_way_and_is_always_a_number():
    member = np.array([False, False, True, True])
    assert fit_threshold(member, np.array([1.0, 2.0, 3.0, 4.0])) == 2.5
    assert fit_threshold(member, np.array([1.0, 1.0, np.nextafter(1, 2), 2])) == 1.0
    assert np.isfinite(fit_threshold(~member, np.array([1.0, 2.0, 3.0, 4.0])))


def test_low_loss_means_member_and_the_test_part_is_not_looked_at(observe):
    observations = observe(100)
    loss = np.where(observations.member, 0.1, 2.0).astype(np.float32)
    rows = np.arange(100)
    train, test = rows[::2], rows[1::2]
    result = {}
    for twist in (1, -1):
        twisted = loss.copy()
        twisted[test] *= twist
        result[twist] = loss_threshold.run(
            replace(observations, loss=twisted), train, test, seed=0, accesses=None, settings={}
        )["loss"]
    score, threshold = result[1]
    assert np.array_equal(score > threshold, observations.member[test])
    assert threshold == result[-1][1] == pytest.approx(-1.05)


def test_an_infinite_loss_is_refused(observe):
    observations = observe(100)
    observations.loss[3] = np.inf
    rows = np.arange(100)
    with pytest.raises(LeakcoreError, match="loss of row 3"):
        loss_threshold.run(observations, rows, rows, seed=0, accesses=None, settings={})
    with pytest.raises(LeakcoreError, match="'epochs' is unknown"):
        loss_threshold.run(observe(), rows, rows, seed=0, accesses=None, settings={"epochs": 1})
