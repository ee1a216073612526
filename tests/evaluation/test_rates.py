import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from leakcore.evaluation.rates import Roc, accuracy, auc, balanced_accuracy, tpr_at_fpr


@st.composite
def cases(draw):
    """Few distinct scores, so that ties are the rule; at least one point of each kind."""
    members = draw(st.lists(st.integers(0, 6), min_size=1, max_size=15))
    others = draw(st.lists(st.integers(0, 6), min_size=1, max_size=15))
    member = np.array([True] * len(members) + [False] * len(others))
    order = np.array(draw(st.permutations(range(len(member)))))
    return member[order], np.array(members + others, float)[order] / 3


def brute_tpr(member, score, bound):
    best = 0.0
    for threshold in [*score, np.inf]:
        called = score >= threshold
        if called[~member].mean() <= bound:
            best = max(best, called[member].mean())
    return best


@given(cases(), st.sampled_from([0, 0.001, 0.01, 0.1, 0.2, 0.25, 0.3, 0.5, 0.7, 0.9, 1]))
def test_tpr_at_fpr_against_every_threshold(case, bound):
    member, score = case
    assert tpr_at_fpr(member, score, bound) == pytest.approx(brute_tpr(member, score, bound))


@given(cases())
def test_auc_against_scikit_learn_and_against_all_pairs(case):
    member, score = case
    assert auc(member, score) == pytest.approx(roc_auc_score(member, score))
    pairs = score[member][:, None] - score[~member]
    assert auc(member, score) == pytest.approx((pairs > 0).mean() + (pairs == 0).mean() / 2)


@given(cases(), st.integers(-1, 8))
def test_accuracies_against_their_definition(case, third):
    member, score = case
    threshold = third / 3
    called = score > threshold
    assert accuracy(member, score, threshold) == pytest.approx((called == member).mean())
    halves = (called[member].mean() + (~called[~member]).mean()) / 2
    assert balanced_accuracy(member, score, threshold) == pytest.approx(halves)


@given(cases(), st.integers(0, 2**32 - 1))
def test_weights_are_repetitions(case, seed):
    member, score = case
    weight = np.random.default_rng(seed).integers(0, 4, (5, len(member)))
    weight[:, [np.argmax(member), np.argmin(member)]] += 1  # both kinds are left in every row
    many = Roc.of(member, score, weight)
    for row, counts in enumerate(weight):
        once = Roc.of(np.repeat(member, counts), np.repeat(score, counts))
        assert many.auc()[row] == once.auc()
        assert many.tpr_at_fpr(0.3)[row] == once.tpr_at_fpr(0.3)
        assert many.accuracy(1.0)[row] == once.accuracy(1.0)
        assert many.balanced_accuracy(1.0)[row] == once.balanced_accuracy(1.0)


def test_ties_by_hand():
    member = np.array([True, True, False, True, False, False])
    score = np.array([4.0, 3.0, 3.0, 2.0, 2.0, 1.0])
    # Pairs: member 4 beats 3; member 3 ties, beats 2; member 2 loses, ties, beats 1.
    assert auc(member, score) == (3 + 2.5 + 1.5) / 9
    assert tpr_at_fpr(member, score, 0.0) == 1 / 3  # the next score would bring a non-member along
    assert tpr_at_fpr(member, score, 0.33) == 1 / 3
    assert tpr_at_fpr(member, score, 1 / 3) == 2 / 3
    assert accuracy(member, score, 2.0) == 4 / 6  # score 2.0 itself is not called a member


def test_a_non_member_on_top_leaves_nothing_at_a_false_positive_rate_of_0():
    member = np.array([False, True, True])
    assert tpr_at_fpr(member, np.array([3.0, 2.0, 1.0]), 0.5) == 0


def test_constant_scores_know_nothing():
    member = np.array([True, False, True, False])
    score = np.zeros(4)
    assert auc(member, score) == 0.5
    assert tpr_at_fpr(member, score, 0.99) == 0
    assert tpr_at_fpr(member, score, 1.0) == 1
    assert balanced_accuracy(member, score, 0.0) == 0.5


def test_a_bound_that_is_met_exactly_counts():
    """29 % of 100 is 28.999999999999996 in floating point; 29 false positives are within it."""
    member = np.repeat([False, True, False], [29, 1, 71])
    score = -np.arange(101.0)
    assert tpr_at_fpr(member, score, 0.29) == 1
    assert tpr_at_fpr(member, score, 0.28) == 0


def test_no_quiet_answer_without_members_or_with_nan():
    with pytest.raises(ValueError, match="members and non-members"):
        auc(np.array([True, True]), np.array([1.0, 2.0]))
    with pytest.raises(ValueError, match="finite"):
        auc(np.array([True, False]), np.array([1.0, np.nan]))
