"""Self-revealing records and group rates against brute force."""

import numpy as np
import pytest

from leakcore.errors import LeakcoreError
from leakcore.influence.influence import influence
from leakcore.influence.revelations import Revelations, group_rates, reveal


def case(n=30, m=12, d=3, seed=0):
    rng = np.random.default_rng(seed)
    full = rng.normal(size=d + 1)
    members = rng.normal(size=(n, d))
    # Like in training, leaving a record out moves the model along the record.
    weights = full + 0.1 * rng.normal(size=(n, d + 1))
    weights[:, :-1] += 0.2 * rng.normal(size=(n, 1)) * members
    return full, weights, members, rng.normal(size=(m, d))


def test_self_revealing_equals_sorting_every_influence():
    full, weights, members, nonmembers = case()
    found = reveal(full, weights, members, nonmembers)
    size = np.abs(influence(full, weights, members))
    mask = found.self_revealing((1, 5, 10))
    for i in range(30):
        rank = int(np.argsort(-size[i], kind="stable").tolist().index(i))
        assert mask[i].tolist() == [rank < 1, rank < 5, rank < 10]
        assert np.abs(found.influence[i, 0]) == size[i].max()
    assert 0 < mask[:, 0].sum() < mask[:, 1].sum() < mask[:, 2].sum() < 30
    strongest = np.abs(influence(full, weights, nonmembers)).max(axis=1)
    np.testing.assert_array_equal(np.abs(found.nonmember_influence), strongest)


def test_records_that_do_not_belong_to_the_models_reveal_themselves_by_chance_only():
    # Negative control: with members in random order, i is no likelier in its own top k.
    full, weights, _, _ = case()
    rates = [
        reveal(full, weights, np.random.default_rng(s).normal(size=(30, 3)), np.zeros((1, 3)))
        .self_revealing((5,))
        .mean()
        for s in range(40)
    ]
    np.testing.assert_allclose(np.mean(rates), 5 / 30, atol=0.05)


def test_fewer_records_than_depth():
    full, weights, members, nonmembers = case(n=4)
    found = reveal(full, weights, members, nonmembers)
    assert found.ids.shape == (4, 4)
    assert found.self_revealing((4,)).all()
    with pytest.raises(LeakcoreError, match="choose from 1 to 4"):
        found.self_revealing((1, 5))


def test_models_and_members_must_match():
    full, weights, members, nonmembers = case()
    with pytest.raises(ValueError, match="found 29 for 30"):
        reveal(full, weights[1:], members, nonmembers)


def test_saved_and_loaded(tmp_path):
    found = reveal(*case())
    found.save(tmp_path / "a")
    back = Revelations.load(tmp_path / "a")
    np.testing.assert_array_equal(back.ids, found.ids)
    np.testing.assert_array_equal(back.influence, found.influence)
    np.testing.assert_array_equal(back.nonmember_influence, found.nonmember_influence)


def test_rates_equal_counting():
    rng = np.random.default_rng(0)
    revealed = rng.random((200, 3)) < [0.1, 0.4, 0.6]
    codes = rng.integers(-1, 3, size=200).astype(np.int16)
    rates, members = group_rates(revealed, codes, 4)
    for g in range(3):
        chosen = revealed[codes == g]
        assert members[g] == len(chosen)
        np.testing.assert_allclose(rates[g], chosen.sum(axis=0) / len(chosen))
    assert members[3] == 0
    assert np.isnan(rates[3]).all()
    assert members.sum() == np.count_nonzero(codes >= 0)


def test_code_out_of_range():
    with pytest.raises(ValueError, match="between -1 and 1"):
        group_rates(np.ones((2, 1), dtype=bool), np.array([0, 2], dtype=np.int16), 2)
