import numpy as np
import pytest
from scipy import stats

from leakcore.evaluation.signals import PAIRS, correlate, pearson, signals
from leakcore.store import Observations


def observations(n=400, k=4, seed=0, leak=0.0):
    """Points whose gradients are longer for non-members, and predictions surer for members."""
    rng = np.random.default_rng(seed)
    member = np.arange(n) < n // 2
    logits = rng.normal(size=(n, k)) * np.exp(leak * member)[:, None]
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    return Observations(
        index=np.arange(n),
        member=member,
        label=rng.integers(0, k, n),
        predicted=p.argmax(1),
        probabilities=p.astype(np.float32),
        loss=np.ones(n, np.float32),
        explanation=(rng.normal(size=(n, 2, 3)) * np.exp(-leak * member)[:, None, None]).astype(
            np.float32
        ),
        level=0.1,
        train_accuracy=0.9,
        test_accuracy=0.75,
    )


def test_signals_by_hand():
    seen = observations(n=4, k=2)
    seen.probabilities[:] = [[0.5, 0.5], [1, 0], [0.75, 0.25], [0, 1]]
    seen.explanation[:] = np.array([1, -2, 0, 3])[:, None, None]
    found = signals(seen)
    assert found["membership"].tolist() == [1, 1, 0, 0]
    assert found["variance"].tolist() == [0, 0.25, 0.0625, 0.25]
    assert found["norm"].tolist() == [6, 12, 0, 18]


def test_correlations_agree_with_scipy():
    seen = observations(leak=0.5)
    values = signals(seen)
    table = correlate(seen).set_index(["first", "second"])
    assert list(table.index) == list(PAIRS)
    for first, second in PAIRS:
        oracle = stats.pearsonr(values[first], values[second])
        row = table.loc[first, second]
        assert row["correlation"] == pytest.approx(oracle.statistic, abs=1e-12)
        interval = oracle.confidence_interval(0.95)
        assert row["correlation_low"] == pytest.approx(interval.low, abs=1e-12)
        assert row["correlation_high"] == pytest.approx(interval.high, abs=1e-12)
    assert np.allclose(table["gap"], 0.15)
    assert (table["points"] == 400).all()


def test_signs_of_a_planted_leak():
    table = correlate(observations(leak=1.0)).set_index(["first", "second"])["correlation"]
    assert table["membership", "variance"] > 0.3
    assert table["membership", "norm"] < -0.3
    assert table["variance", "norm"] < -0.1


def test_membership_at_random_correlates_with_nothing():
    """Negative control: 19 of 20 intervals hold 0, and they are tight enough to exclude much."""
    inside = []
    for seed in range(60):
        table = correlate(observations(seed=seed)).iloc[:2]
        inside += list((table["correlation_low"] < 0) & (table["correlation_high"] > 0))
        assert (table["correlation_high"] - table["correlation_low"] < 0.2).all()
    assert 0.88 <= np.mean(inside) <= 1.0


def test_constant_signals_have_no_correlation():
    assert np.isnan(pearson(np.ones(10), np.arange(10.0))).all()


def test_perfect_and_few():
    x = np.arange(3.0)
    assert pearson(x, -x)[0] == pytest.approx(-1)
    assert np.isnan(pearson(x, -x)[1])
    assert pearson(np.arange(9.0), 2 * np.arange(9.0)) == pytest.approx((1, 1, 1))
