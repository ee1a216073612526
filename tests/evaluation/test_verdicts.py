import numpy as np
import pytest
from scipy import stats

from leakcore.evaluation.verdicts import RULES, decide


def verdict(kind, paper, values, **more):
    return decide(kind, paper, np.array(values, float), **more).verdict


@pytest.mark.parametrize(
    ("kind", "paper", "values", "expected"),
    [
        ("count", 100, [100], "reproduced"),
        ("count", 100, [99], "differs"),
        ("at most", 2, [1.0, 1.1, 0.9], "reproduced"),
        ("at most", 2, [3.0, 3.1, 2.9], "differs"),
        ("at most", 2, [1.0, 3.0, 2.1], "undecided"),
        ("at least", 2, [1.0, 1.1, 0.9], "differs"),
        ("at least", 2, [3.0, 3.1, 2.9], "reproduced"),
        ("at least", 2, [1.0, 3.0, 2.1], "undecided"),
        ("at least", 1, [1.0, 1.0, 1.0], "reproduced"),
        ("about", 25, [21.0, 21.2, 20.8], "reproduced"),
        ("about", 25, [15.0, 15.2, 14.8], "differs"),
        ("about", 25, [35.0, 35.2, 34.8], "differs"),
        ("chance", 0.5, [0.49, 0.5, 0.52], "reproduced"),
        ("chance", 0.5, [0.59, 0.6, 0.61], "differs"),
        ("mean", 10, [10.4, 10.5, 10.3], "differs"),
        ("mean", 10, [9.0, 12.0, 10.5], "reproduced"),
        ("at most", 2, [1.0], "undecided"),
    ],
)
def test_rules(kind, paper, values, expected):
    assert verdict(kind, paper, values) == expected


def test_the_papers_rounding_is_no_difference():
    values = [10.41, 10.42, 10.40]
    assert verdict("mean", 10, values) == "differs"
    assert verdict("mean", 10, values, digit=1) == "reproduced"


def test_means_of_the_same_distribution_rarely_differ():
    """The rule's error rate is the 5 % that it states; a real difference is found."""
    rng = np.random.default_rng(0)
    ours, theirs = rng.normal(3, 2, (4000, 10)), rng.normal(3, 2, (4000, 10)).mean(1)
    differs = np.mean(
        [decide("mean", p, v).verdict == "differs" for p, v in zip(theirs, ours, strict=True)]
    )
    # Scatter is estimated from our half alone, so the rate is near, not at, 5 %.
    assert 0.03 < differs < 0.07
    assert all(
        decide("mean", p + 6, v).verdict == "differs" for p, v in zip(theirs, ours, strict=True)
    )


def test_numbers_beside_the_verdict():
    values = np.array([1.0, 2.0, 3.0, 6.0])
    result = decide("mean", 2.5, values)
    assert result.mean == 3
    assert result.difference == 0.5
    half = stats.t.ppf(0.975, 3) * values.std(ddof=1) / 2
    assert (result.low, result.high) == pytest.approx((3 - half, 3 + half))


def test_refuses_what_has_no_rule_or_no_value():
    with pytest.raises(ValueError, match="no rule"):
        decide("claim", 1, np.ones(3))
    with pytest.raises(ValueError, match="no rule"):
        decide("roughly", 1, np.ones(3))
    for bad in ([], [np.nan, 1.0]):
        with pytest.raises(ValueError, match="at least one"):
            decide("mean", 1, np.array(bad))
    assert all(RULES.values())
