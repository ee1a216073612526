"""The tables behind the findings, against hand-computed cases and simulation."""

import numpy as np
import pandas as pd
import pytest

from leakcore.evaluation import findings, rates
from leakcore.evaluation.membership import measure
from leakcore.influence.leave_one_out import leave_one_out
from leakcore.store import ScoreColumn, Scores


def test_tolerance_table_by_hand():
    rows = pd.DataFrame(
        {
            "dataset": "d",
            "source": "package",
            "n_features": 3,
            "n_train": 5,
            "tolerance": [0.1] * 5 + [0.01] * 5,
            "refit_error": [1, 2, 3, 4, 100, *[0.5] * 5],
            "change_error": 2.0,
            "iterations": [1, 1, 2, 9, 9, *[9] * 5],
            "gave_up": [False, False, False, True, True, *[True] * 5],
        }
    )
    table = findings.tolerance_table(rows).set_index("tolerance")
    assert table.loc[0.1, ["refit_error", "refit_error_q1", "refit_error_q3"]].tolist() == [3, 2, 4]
    assert table.loc[0.1, "gave_up"] == 0.4
    assert table.loc[0.01, "gave_up"] == 1
    assert table["points"].tolist() == [5, 5]
    assert table["iterations"].tolist() == [2, 9]


def test_independent_columns_bound_the_leave_one_out_changes():
    """One-hot columns add up to the intercept's; the rank of the exact changes is the same."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (120, 3))
    X = np.concatenate([np.eye(4)[codes[:, j]] for j in range(3)], axis=1)
    X = np.column_stack([X, 200 * rng.random(120), np.zeros(120)])
    rank = findings.independent_columns(X)
    assert rank == 3 * 3 + 1 + 1  # 14 columns and the intercept
    change = leave_one_out(X, rng.integers(0, 2, 120)).change
    values = np.linalg.svd(change, compute_uv=False)
    assert np.count_nonzero(values > 1e-10 * values[0]) == rank
    assert findings.independent_columns(rng.random((120, 5))) == 6


def test_rank_table_joins_by_sampling():
    rows = pd.DataFrame(
        {
            "dataset": "d",
            "source": "package",
            "seed": [0, 1, 0, 1],
            "variant": ["weights", "weights", "subspace", "subspace"],
            "n_features": 10,
            "n_train": 50,
            "recovered": [4, 6, 3, 3],
            "upper_bound": [6, 8, 6, 8],
        }
    )
    independent = pd.DataFrame({"dataset": "d", "seed": [1, 0], "independent_columns": [8, 6]})
    table = findings.rank_table(rows, independent).set_index("variant")
    assert table.loc["weights", ["independent_columns", "upper_bound", "recovered"]].tolist() == [
        7,
        7,
        5,
    ]
    assert table.loc["subspace", "recovered"] == 3
    assert table["samplings"].tolist() == [2, 2]


def test_gaussian_rates_against_simulated_scores():
    rng = np.random.default_rng(0)
    n = 400_000
    member = np.arange(2 * n) < n
    for distance in (0.5, 2.0):
        score = rng.normal(size=2 * n) + distance * member
        accuracy = rates.accuracy(member, score, distance / 2)
        for fpr in findings.FPRS:
            expected = findings.gaussian_tpr(np.array([accuracy]), fpr)[0]
            found = rates.tpr_at_fpr(member, score, fpr)
            assert found == pytest.approx(expected, rel=0.06)


def test_chance_and_worse_find_as_many_members_as_non_members():
    np.testing.assert_allclose(findings.gaussian_tpr(np.array([0.5, 0.4]), 0.01), 0.01)


def test_low_fpr_table_keeps_the_numbers_of_the_metrics():
    rng = np.random.default_rng(1)
    member = np.arange(300) < 150
    columns = tuple(
        ScoreColumn(level, 0.9, 0.8, access, rng.normal(size=300) + member, 0.5)
        for level in (0.0, 0.1)
        for access in ("gradient", "other")
    )
    facts = {"dataset": "digits", "source": "package", "explanation": "gradient"}
    measured = pd.concat(
        measure(Scores(np.arange(300), member, columns), seed=s, attack="a", bootstrap=20, **facts)
        for s in (0, 1)
    )
    table = findings.low_fpr_table(measured)
    assert sorted(table["access"]) == ["gradient", "gradient", "other", "other"]
    table = table[table["access"] == "gradient"]
    assert table["nonmembers"].tolist() == [150, 150]
    first = measured[(measured["access"] == "gradient") & (measured["level"] == 0.1)]
    row = table[table["level"] == 0.1].iloc[0]
    assert row["tpr_at_fpr_0.01"] == pytest.approx(first["tpr_at_fpr_0.01"].mean())
    assert row["accuracy"] == pytest.approx(first["accuracy"].mean())
    expected = findings.gaussian_tpr(np.array([row["accuracy"]]), 0.001)[0]
    assert row["gaussian_tpr_at_fpr_0.001"] == expected
    assert len(findings.low_fpr_table(measured.iloc[:0])) == 0
