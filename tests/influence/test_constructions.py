"""Appendix F in numbers: what can be revealed, and where the printed proofs are off.

Shifts are written with the paper's sign, logit w y - b.
"""

import numpy as np
import pytest

from leakcore.errors import LeakcoreError
from leakcore.influence.constructions import all_revealable, two_revealable
from leakcore.influence.influence import influence, top_k

LINE = np.concatenate([-np.geomspace(1e3, 1e-3, 3000), [0.0], np.geomspace(1e-3, 1e3, 3000)])


def revealable(full, weights, points=LINE):
    """Records that some point of the line reveals; points where nothing has influence aside."""
    ids, values = top_k(np.asarray(full, float), np.asarray(weights, float), points[:, None], 1)
    return set(ids[np.abs(values) > 1e-300].tolist())


def shifts(b, others):
    """The model w = 1 with offset b, and its shifts."""
    return np.array([1.0, -b]), np.column_stack([np.ones(len(others)), -np.asarray(others)])


@pytest.mark.parametrize("m", [2, 3, 10, 101])
def test_two_can_be_revealed(m):
    assert revealable(*two_revealable(m)) == {0, m - 1}


@pytest.mark.parametrize("m", [1, 2, 10, 60])
def test_all_can_be_revealed(m):
    full, weights, queries = all_revealable(m)
    assert top_k(full, weights, queries, 1)[0][:, 0].tolist() == list(range(m))


def test_printed_tangents_do_not_reveal_all():
    # Lemma F.2 as printed: w_k = 2k, b_k = k^2, y_k = k, model w = b = 0.
    k = np.arange(1, 11.0)
    weights = np.column_stack([2 * k, -(k**2)])
    revealed = top_k(np.zeros(2), weights, k[:, None], 1)[0][:, 0]
    assert revealed[0] != 0  # at y = 1 the last tangent lies 80 below 0, the first 1 above
    # Without the absolute value the printed proof is right.
    signed = -influence(np.zeros(2), weights / 100, k[:, None])
    assert signed.argmax(axis=1).tolist() == list(range(10))


def test_too_few_records():
    with pytest.raises(LeakcoreError, match="found 1"):
        two_revealable(1)
    with pytest.raises(LeakcoreError, match="found 0"):
        all_revealable(0)


@pytest.mark.parametrize("others", [[0.6, 0.9, 2.0], [0.4, -1.0, -3.0]])
def test_lemma_f1_case_1_shifts_to_one_side(others):
    # b = 0.5: the largest shift is revealed everywhere.
    assert revealable(*shifts(0.5, others)) == {2}


def test_lemma_f1_case_2_turns_about_one_point():
    def turns(slopes, at, height):  # logit `height` at y = `at`, without any slope of the model
        slopes = np.asarray(slopes)
        return np.array([0.0, height]), np.column_stack([slopes, height - slopes * at])

    near = LINE[np.abs(LINE) < 8]  # farther away the probabilities are rounded to 0 or 1
    assert revealable(*turns([0.5, 1.0, 2.0], at=1.0, height=-2.0), near) == {2}
    # Both ways round and away from probability 1/2: two records, so the case is not sufficient.
    assert revealable(*turns([2.0, -2.2], at=1.0, height=-2.0), near) == {0, 1}


@pytest.mark.parametrize(("low", "high"), [(-1.0, 1.0), (-0.3, 2.0), (0.5, 3.0), (-4.0, -1.0)])
def test_lemma_f1_case_3_shifts_to_both_sides(low, high):
    first, last = np.exp(low), np.exp(high)
    arithmetic, harmonic = (first + last) / 2, 2 * first * last / (first + last)
    for b in np.linspace(low, high, 41)[1:-1]:
        B = np.exp(b)
        found = revealable(*shifts(b, [low, (low + b) / 2, (b + high) / 2, high]))
        both = harmonic < B < arithmetic
        assert found == ({0, 3} if both else {0} if harmonic < B else {3})
        if both:
            top = first + last - 2 * B
            y = -np.log(top / (B * (first + last) - 2 * first * last))
            at = influence(*shifts(b, [low, high]), np.array([[y]]))[0]
            np.testing.assert_allclose(abs(at[0]), abs(at[1]), rtol=1e-10)


def test_lemma_f1_case_4_one_record_turns():
    # All others are shifts to one side; the one that turns is revealed far away.
    full, weights = shifts(0.0, [0.5, 0.8, 0.0])
    weights[2, 0] = 1.3
    assert revealable(full, weights) == {1, 2}
