import numpy as np
import pytest
from scipy import stats

from leakcore.evaluation.intervals import percentile, resample, student


def test_student_against_scipy_and_by_hand():
    values = np.array([0.5, 0.6, 0.55, 0.7])
    oracle = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert student(values) == pytest.approx((oracle.low, oracle.high))
    assert student(np.array([0.0, 1.0])) == pytest.approx((0.5 - 6.3531, 0.5 + 6.3531), abs=1e-3)


def test_one_run_has_no_interval_over_runs():
    assert np.isnan(student(np.array([0.5]))).all()


def test_resamples_keep_both_sizes_and_draw_points_evenly():
    member = np.arange(50) % 3 == 0
    counts = resample(member, 2000, 0)
    assert (counts[:, member].sum(1) == member.sum()).all()
    assert (counts[:, ~member].sum(1) == (~member).sum()).all()
    # A count is binomial: mean 1, variance 1 - 1/n of its kind.
    assert np.abs(counts.mean(0) - 1).max() < 5 / np.sqrt(2000)
    assert counts[:, member].var() == pytest.approx(1 - 1 / member.sum(), rel=0.05)
    assert counts[:, ~member].var() == pytest.approx(1 - 1 / (~member).sum(), rel=0.05)


def test_same_seed_same_resamples():
    member = np.arange(20) < 10
    assert np.array_equal(resample(member, 5, 0), resample(member, 5, 0))
    assert not np.array_equal(resample(member, 5, 0), resample(member, 5, 1))


def test_percentile_by_hand():
    assert percentile(np.arange(1001)) == pytest.approx((25.0, 975.0))
