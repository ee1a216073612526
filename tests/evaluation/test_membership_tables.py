import numpy as np
import pandas as pd
import pytest

from leakcore.evaluation import rates
from leakcore.evaluation.membership import COLUMNS, measure, summarise
from leakcore.evaluation.tables import write_csv
from leakcore.store import ScoreColumn, Scores


def scores(seed=0, n=400, levels=(0.0, 0.2), lift=3.0):
    rng = np.random.default_rng(seed)
    member = np.arange(n) < n // 2
    columns = [
        ScoreColumn(
            level, 0.9, 0.9 - level, access, rng.standard_normal(n) + lift * level * member, 0
        )
        for level in levels
        for access in ("gradient", "loss")
    ]
    return Scores(np.arange(n), member, tuple(columns))


def table(seed=0, bootstrap=200, **options):
    names = {"dataset": "purchase", "source": "synthetic", "explanation": "g", "attack": "network"}
    return measure(scores(seed, **options), seed=seed, bootstrap=bootstrap, **names)


def test_one_row_a_column_with_the_metrics_of_rates():
    frame = table()
    assert tuple(frame.columns) == COLUMNS
    assert len(frame) == 4
    for (_, row), column in zip(frame.iterrows(), scores().columns, strict=True):
        member = scores().member
        assert (row["level"], row["access"]) == (column.level, column.access)
        assert row["gap"] == pytest.approx(column.level)
        assert row["accuracy"] == rates.accuracy(member, column.score, 0)
        assert row["auc"] == rates.auc(member, column.score)
        assert row["tpr_at_fpr_0.01"] == rates.tpr_at_fpr(member, column.score, 0.01)
        assert row["tpr_at_fpr_0.001"] == rates.tpr_at_fpr(member, column.score, 0.001)
        assert row["n_test"] == 400


def test_bootstrap_interval_against_the_binomial_spread():
    """A stratified resample of calls that are right with probability p has a known deviation."""
    frame = table(n=2000, bootstrap=2000, levels=(0.2,))
    column = scores(n=2000, levels=(0.2,)).columns[0]
    member = scores(n=2000).member
    right = (column.score > 0) == member
    deviation = np.sqrt(sum(right[part].var() / 1000 for part in (member, ~member)) / 4)
    width = frame["accuracy_high"][0] - frame["accuracy_low"][0]
    assert width == pytest.approx(2 * 1.96 * deviation, rel=0.07)
    assert frame["accuracy_low"][0] < frame["accuracy"][0] < frame["accuracy_high"][0]


def test_bootstrap_interval_covers_the_truth_19_times_in_20():
    """AUC of N(0.6, 1) against N(0, 1) is Phi(0.6 / sqrt 2); 200 tries, binomial 99.9 % bounds."""
    from scipy.stats import norm

    truth = norm.cdf(0.6 / np.sqrt(2))
    hits = 0
    for seed in range(100):
        frame = table(seed, n=300, levels=(0.2,), bootstrap=300)
        hits += ((frame["auc_low"] <= truth) & (truth <= frame["auc_high"])).sum()
    assert 177 <= hits <= 199


def test_summary_puts_seeds_together_and_leaves_out_what_was_not_reached():
    frame = pd.concat([table(0), table(1), table(2, levels=(0.0,))])
    summary = summarise(frame).set_index(["access", "level"])
    row = summary.loc[("loss", 0.2)]
    values = frame[(frame["access"] == "loss") & (frame["level"] == 0.2)]["auc"]
    assert row["seeds"] == 2
    assert row["auc"] == pytest.approx(values.mean())
    half = 12.7062 * values.std() / np.sqrt(2)  # Student's t at 1 degree of freedom
    assert row["auc_high"] - row["auc"] == pytest.approx(half, rel=1e-4)
    assert summary.loc[("loss", 0.0), "seeds"] == 3
    assert len(summary) == 4


def test_summary_of_one_seed_has_only_the_interval_within():
    row = summarise(table()).iloc[0]
    assert np.isnan(row["accuracy_low"])
    assert row["accuracy_within_low"] == table()["accuracy_low"][0]


def test_the_same_seed_twice_is_a_mistake():
    with pytest.raises(ValueError, match="same seed"):
        summarise(pd.concat([table(), table()]))


def test_nothing_reached_gives_an_empty_table_with_all_columns():
    empty = Scores(np.empty(0, np.int64), np.empty(0, bool), ())
    frame = measure(empty, dataset="a", source="b", seed=0, explanation="c", attack="d")
    assert tuple(frame.columns) == COLUMNS
    assert summarise(frame).empty
    assert len(summarise(pd.concat([frame, table()]))) == 4


def test_csv_has_the_same_bytes_and_survives_a_round_trip(tmp_path):
    for name in ("a", "b"):
        write_csv(table(), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    back = pd.read_csv(tmp_path / "a")
    pd.testing.assert_frame_equal(back, table(), rtol=1e-9, check_dtype=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
