import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.tree import DecisionTreeClassifier

from leakcore.attacks import norm_tree, normalised_network
from leakcore.attacks.checks import one_norm


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=30),
    st.integers(0, 100),
)
def test_the_rule_is_the_trees_own_decision(points, seed):
    member = np.array([inside for inside, _ in points])
    norm = np.array([value / 3 for _, value in points], np.float32)
    if member.all() or not member.any():
        return
    direction, threshold = norm_tree.fit_tree(norm, member, seed)
    tree = DecisionTreeClassifier(max_depth=1, random_state=seed).fit(norm[:, None], member)
    probe = np.concatenate([norm, np.linspace(-1, 3, 97, dtype=np.float32)])
    called = direction * probe.astype(float) > threshold
    assert np.array_equal(called, tree.predict(probe[:, None]))


@pytest.mark.parametrize("members_have", ["smaller", "larger"])
def test_both_directions_are_found(observe, members_have):
    observations = observe(400, (2, 3))
    factor = np.where(observations.member == (members_have == "larger"), 5, 1)
    observations.explanation[...] *= factor[:, None, None]
    rows = np.arange(400)
    score, threshold = norm_tree.run(
        observations, rows[::2], rows[1::2], seed=0, accesses=None, settings={}
    )["gradient-norm"]
    member = observations.member[1::2]
    assert ((score > threshold) == member).mean() > 0.9
    assert score[member].mean() > score[~member].mean()
    assert len(np.unique(score)) == 200  # the scores rank the points; they are not two values


def test_one_norm_by_hand_and_across_blocks():
    explanation = np.array([[[1.0, -2.0]], [[0.0, 3.5]]], np.float32)
    assert one_norm(explanation).tolist() == [3.0, 3.5]
    many = np.random.default_rng(0).standard_normal((3000, 4)).astype(np.float32)
    np.testing.assert_allclose(one_norm(many), np.abs(many.astype(float)).sum(1), rtol=1e-12)


def test_normalised_explanations_have_norm_1_or_are_0():
    explanation = np.random.default_rng(0).standard_normal((5, 2, 3)).astype(np.float32)
    explanation[1] = 0
    explanation[2] *= 1e-38
    norm = one_norm(normalised_network.normalise(explanation))
    np.testing.assert_allclose(norm, [1, 0, 1, 1, 1], rtol=1e-3)


def test_the_normalised_network_cannot_see_the_norm_but_sees_the_direction(observe):
    rows = np.arange(400)
    member = observe().member

    def accuracy(observations):
        score, threshold = normalised_network.run(
            observations, rows[::2], rows[1::2], seed=0, accesses=None, settings={"epochs": 5}
        )["normalised-gradient"]
        return ((score > threshold) == member[1::2]).mean()

    longer, turned = observe(), observe()
    longer.explanation[member] *= 8  # a power of two: the normalised explanation stays the same
    assert accuracy(longer) == accuracy(observe())
    turned.explanation[member] += 1
    assert accuracy(turned) > 0.8
