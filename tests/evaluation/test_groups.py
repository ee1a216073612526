"""Tests of groups over overlapping samplings: exact cases, a negative control, power."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from leakcore.evaluation import groups, minorities
from leakcore.evaluation.records import group_rows, group_table
from leakcore.influence.revelations import Revelations


def samplings(chance, rng, count=10, size=60):
    """Overlapping samplings of people who are revealed in all of their samplings or in none."""
    always = rng.random((len(chance), 1)) < chance[:, None]
    members = [rng.permutation(len(chance))[:size] for _ in range(count)]
    return members, [always[m] for m in members]


def test_people_by_hand():
    seen = groups.people(
        [np.array([3, 1]), np.array([1, 7])],
        [np.array([[True], [False]]), np.array([[True], [True]])],
    )
    assert seen.points.tolist() == [1, 3, 7]
    assert seen.memberships.tolist() == [2, 1, 1]
    assert seen.revealed[:, 0].tolist() == [1, 1, 1]
    # Mean rates 1/2 and 1: person 1 is 1/2 below in the first sampling and as all in the second.
    assert seen.excess[:, 0].tolist() == [-0.5, 0.5, 0.0]


def test_p_equals_complete_enumeration():
    rng = np.random.default_rng(0)
    excess = rng.normal(size=(9, 2)).round(1)  # rounded, so that sums tie
    inside = np.zeros((3, 9), bool)
    inside[0, :3] = inside[1, 2:8] = inside[2, 8] = True
    p = groups.p_values(excess, inside, draws=40_000, seed=1)
    for g, group in enumerate(inside):
        m = group.sum()
        sums = np.array([excess[list(c)].sum(axis=0) for c in combinations(range(9), m)])
        away = np.abs(sums - m * excess.mean(axis=0))
        own = np.abs(excess[group].sum(axis=0) - m * excess.mean(axis=0))
        exact = (away >= own - 1e-9).mean(axis=0)
        np.testing.assert_allclose(p[g], exact, atol=4 * 0.5 / np.sqrt(40_000))


def test_nobody_and_everybody_cannot_be_tested():
    inside = np.array([np.zeros(5, bool), np.ones(5, bool)])
    assert np.isnan(groups.p_values(np.ones((5, 1)), inside, draws=100, seed=0)).all()


def test_people_who_are_all_alike_have_p_1():
    inside = np.arange(6) < np.array([[2]])
    assert groups.p_values(np.full((6, 1), 0.3), inside, draws=100, seed=0)[0, 0] == 1


def test_a_null_over_overlapping_samplings_is_uniform_and_independence_would_be_wrong():
    """Negative control: the group says nothing; its people are revealed always or never."""
    rng = np.random.default_rng(2)
    ours, naive = [], []
    for seed in range(400):
        members, revealed = samplings(np.full(100, 0.4), rng)
        seen = groups.people(members, revealed)
        inside = (rng.permutation(100) < 15)[seen.points]
        p = groups.p_values(seen.excess, inside[None], draws=199, seed=seed)
        ours.append(p[0, 0])
        hits, of = seen.revealed[:, 0], seen.memberships
        table = [[hits[part].sum(), (of - hits)[part].sum()] for part in (inside, ~inside)]
        naive.append(stats.chi2_contingency(table, correction=False)[1])
    ours, naive = np.array(ours), np.array(naive)
    for level in (0.05, 0.1, 0.25, 0.5, 0.75):
        spread = np.sqrt(level * (1 - level) / 400)
        assert abs((ours <= level).mean() - level) < 3.5 * spread, level
    assert (naive <= 0.05).mean() > 0.3  # each person was counted six times


def test_a_planted_group_is_found():
    rng = np.random.default_rng(3)
    chance = np.full(300, 0.2)
    chance[:30] = 0.9
    members, revealed = samplings(chance, rng, size=100)
    band = np.where(np.arange(300) < 30, 0, -1).astype(np.int16)
    coin = rng.integers(0, 2, 300).astype(np.int16)  # says nothing
    seen = groups.people(members, revealed)
    table = groups.compare(
        seen, {"band": (band, ("planted", "nobody")), "coin": (coin, ("heads",))}, [1], draws=999
    )
    assert tuple(table.columns) == groups.COLUMNS
    planted, nobody, heads = (row for _, row in table.iterrows())
    assert planted["stands"]
    assert planted["p"] == 1 / 1000
    assert planted["p_holm"] == 2 / 1000  # two tests: nobody cannot be tested
    assert planted["difference"] == pytest.approx(planted["rate"] - planted["rest"])
    assert planted["difference"] > 0.4
    assert not heads["stands"]
    assert (nobody["members_distinct"], nobody["stands"]) == (0, False)
    assert np.isnan(nobody["rate"])
    assert np.isnan(nobody["p_holm"])


def test_rates_are_shares_of_memberships():
    members = [np.array([0, 1, 2]), np.array([0, 3])]
    revealed = [np.array([[True], [False], [True]]), np.array([[True], [False]])]
    codes = np.array([0, 0, 1, -1], np.int16)
    table = groups.compare(
        groups.people(members, revealed), {"g": (codes, ("a", "b"))}, [5], draws=50
    ).set_index("group")
    assert table.loc["a", "members_distinct"] == 2
    assert table.loc["a", "rate"] == pytest.approx(2 / 3)  # 0 twice revealed, 1 once not
    assert table.loc["a", "rest"] == 1 / 2
    assert table.loc["b", "rate"] == 1


def test_holm_by_hand():
    p = np.array([[0.01, 0.04], [0.03, np.nan], [0.5, 0.02]])
    # Ordered .01 .02 .03 .04 .5, times 5 4 3 2 1: .05 .08 .09 .08 .5; running maximum.
    expected = [[0.05, 0.09], [0.09, np.nan], [0.5, 0.08]]
    np.testing.assert_allclose(groups.holm(p), expected)
    assert groups.holm(np.array([0.9, 0.8])).tolist() == [1, 1]


def test_the_same_seed_gives_the_same_p_whatever_the_blocks(monkeypatch):
    rng = np.random.default_rng(4)
    excess, inside = rng.normal(size=(50, 1)), rng.random((4, 50)) < 0.3
    whole = groups.p_values(excess, inside, draws=500, seed=1)
    monkeypatch.setattr(groups, "_BLOCK", 50 * 7)
    np.testing.assert_array_equal(whole, groups.p_values(excess, inside, draws=500, seed=1))


def rows_of(dataset, source, rows):
    frame = pd.DataFrame(
        [
            {"grouping": g, "group": name, "k": 1, "members_distinct": 9, "rate": 0.1 + d,
             "rest": 0.1, "difference": d, "p": p, "p_holm": p, "stands": p < 0.05}
            for g, name, d, p in rows
        ]
    )  # fmt: skip
    return frame.assign(dataset=dataset, source=source)


def test_the_papers_findings_beside_ours():
    adult = rows_of(
        "adult",
        "mirror",
        [
            ("age", "10-20", -0.1, 0.001),  # paper: less
            ("age", "20-30", 0.1, 0.001),  # not in the paper
            ("age", "30-40", 0.1, 0.9),  # neither
            ("race", "White", 0.0, 0.9),  # paper: equal
            ("race", "Black", 0.1, 0.001),  # paper: less
            ("race", "Other", 0.1, 0.2),  # paper: more
        ],
    )
    hospital = rows_of("hospital", "synthetic", [("race", "Caucasian", -0.1, 0.001)])
    table = minorities.beside_the_paper(pd.concat([adult, hospital]))
    found = table.set_index(["dataset", "group"])["finding"]
    assert found["adult", "10-20"] == "stands"
    assert found["adult", "20-30"] == ""
    assert found["adult", "White"] == "no difference"
    assert found["adult", "Black"] == "opposite"
    assert found["adult", "Other"] == "not shown"
    assert found["adult", "Asian-Pac-Islander"] == "no such group"
    assert found["hospital", "Caucasian"] == "stand-in"
    assert set(table["k"]) == {1}
    read = minorities.shown(table).set_index("group")
    read = read[~read.index.duplicated()]
    assert read.loc["10-20", "k = 1"] == "-10.0* (-10)"
    assert read.loc["Other", "k = 1"] == "+10.0 (+6)"
    assert read.loc["20-30", "the paper's finding"] == ""
    assert read.loc["Caucasian", "data set"] == "hospital (stand-in)"
    assert "30-40" not in read.index


def test_a_data_set_without_groups_has_no_tests():
    members, revealed = samplings(np.full(30, 0.5), np.random.default_rng(0), 2, 20)
    table = groups.compare(groups.people(members, revealed), {}, [1])
    assert table.empty
    assert tuple(table.columns) == groups.COLUMNS
    both = minorities.beside_the_paper(table.assign(dataset="a", source="package"))
    assert both.empty
    assert minorities.shown(both).empty


def test_p_values_join_table_2():
    rng = np.random.default_rng(5)
    codes = rng.integers(0, 2, 40).astype(np.int16)
    revelations = Revelations(
        np.argsort(rng.random((40, 40)), axis=1)[:, :10], np.ones((40, 10)), np.ones(3)
    )
    ks = [1, 5]
    rows = group_rows(revelations, {"g": (codes, ("a", "b"))}, ks)
    table = group_table(rows.assign(dataset="d", source="package", seed=0))
    seen = groups.people([np.arange(40)], [revelations.self_revealing(ks)])
    tests = groups.compare(seen, {"g": (codes, ("a", "b"))}, ks, draws=99)
    joined = groups.add_p_values(table, tests).set_index("group")
    wanted = tests[tests["k"] == 5].set_index("group")["p_holm"]
    assert joined.loc["a", "k5_p"] == wanted["a"]
    assert np.isnan(joined.loc["whole data set", "k5_p"])
    assert len(joined) == len(table)
    marked = table.assign(k1_p=[0.04, 0.05, np.nan], k5_p=[0.001, 0.2, np.nan])
    assert groups.significant(marked, [1, 5, 10]) == ["k = 1, k = 5", "", ""]
