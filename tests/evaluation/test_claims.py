"""Each claim on planted cases: one where it is true, one where it is false, one of mere noise."""

import numpy as np
import pandas as pd
import pytest

from leakcore.evaluation import claims
from leakcore.evaluation.claims import FAILS, HOLDS, UNDECIDED
from leakcore.evaluation.signals import PAIRS

LEVELS = (0.0, 0.05, 0.1, 0.15, 0.2)


def metrics(accuracies, seeds=5, noise=0.002, levels=LEVELS, dataset="digits"):
    """Rows of measured attacks; `accuracies` gives for each access a function of the gap."""
    rng = np.random.default_rng(0)
    rows = []
    for seed in range(seeds):
        luck = rng.normal(0, 0.02)  # a seed's targets are easy or hard for all attacks alike
        for level in levels:
            gap = level + rng.uniform(0, 0.02)
            for access, curve in accuracies.items():
                rows.append(
                    {
                        "dataset": dataset,
                        "source": "package",
                        "seed": seed,
                        "level": level,
                        "gap": gap,
                        "access": access,
                        "accuracy": curve(gap) + luck + rng.normal(0, noise),
                    }
                )
    return pd.DataFrame(rows)


def correlations(r, seeds=5, noise=0.01):
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        [
            {
                "dataset": "digits",
                "source": "package",
                "seed": seed,
                "level": 0.1,
                "first": first,
                "second": second,
                "correlation": r + rng.normal(0, noise),
            }
            for seed in range(seeds)
            for first, second in PAIRS
        ]
    )


def flat(value):
    return lambda gap: value + 0 * gap


NOISE = 0.2  # in accuracy: so much that nothing can be told


@pytest.mark.parametrize(
    ("curve", "noise", "verdict"),
    [
        (lambda gap: 0.5 + gap, 0.002, HOLDS),
        (lambda gap: 0.5 + 12 * (gap - 0.08) ** 2 + gap, 0.002, FAILS),  # grows, along a bow
        (lambda gap: 0.7 - gap, 0.002, FAILS),
        (flat(0.6), NOISE, UNDECIDED),
    ],
)
def test_overfitting(curve, noise, verdict):
    (row,) = claims.overfitting(metrics({"loss": curve}, noise=noise)).to_dict("records")
    assert row["verdict"] == verdict
    assert row["seeds"] == 5
    assert row["low"] < row["value"] < row["high"]


def test_overfitting_finds_the_planted_slope_and_r2():
    (row,) = claims.overfitting(metrics({"loss": lambda g: 0.5 + 0.8 * g})).to_dict("records")
    assert row["low"] < 0.8 < row["high"]
    assert row["linear_r2"] > 0.99


def test_adjusted_r2_agrees_with_an_ordinary_regression():
    """One run: the textbook's adjusted R^2 of a polynomial with intercept."""
    rng = np.random.default_rng(2)
    x = rng.random(30)
    y = x + 2 * x**2 + rng.normal(0, 0.3, 30)
    for degree in (1, 2):
        residual = y - np.polyval(np.polyfit(x, y, degree), x)
        plain = 1 - residual.var() / y.var()
        expected = 1 - (1 - plain) * 29 / (29 - degree)
        assert claims.adjusted_r2([x], [y], degree) == pytest.approx(expected)


def test_a_needless_quadratic_gains_nothing_on_average():
    rng = np.random.default_rng(3)
    gains = []
    for _ in range(300):
        x = [np.array([0.0, 0.1, 0.2]) + rng.uniform(0, 0.02, 3) for _ in range(3)]
        y = [run + rng.normal(0, 0.05, 3) for run in x]
        gains.append(claims.adjusted_r2(x, y, 2) - claims.adjusted_r2(x, y, 1))
    assert abs(np.mean(gains)) < 4 * np.std(gains) / 300**0.5


def test_too_few_levels_leave_linearity_undecided():
    table = claims.overfitting(metrics({"loss": lambda gap: 0.5 + gap}, seeds=2, levels=(0, 0.1)))
    assert np.isnan(table["quadratic_r2"]).all()
    assert (table["verdict"] == UNDECIDED).all()


def verdicts(accuracies, statement, **options):
    table = claims.observations(metrics(accuracies, **options), correlations(0.5))
    return table[table["statement"] == statement].set_index("subject")["verdict"].to_dict()


@pytest.mark.parametrize(
    ("loss", "noise", "verdict"),
    [(0.7, 0.002, HOLDS), (0.55, 0.002, FAILS), (0.6, NOISE, UNDECIDED)],
)
def test_the_loss_is_worth_most(loss, noise, verdict):
    found = verdicts(
        {"loss": flat(loss), "prediction": flat(0.6)}, "the loss is worth most", noise=noise
    )
    assert found == {"loss - prediction": verdict}


def test_attacks_are_paired_by_seed():
    """The seeds differ by 0.02, the attacks by 0.01: only pairs tell the attacks apart."""
    found = verdicts({"loss": flat(0.61), "gradient": flat(0.6)}, "the loss is worth most")
    assert found == {"loss - gradient": HOLDS}


@pytest.mark.parametrize(
    ("gradient", "noise", "verdict"),
    [(0.55, 0.002, HOLDS), (0.65, 0.002, FAILS), (0.6, NOISE, UNDECIDED)],
)
def test_the_gradient_is_worth_less_than_the_prediction(gradient, noise, verdict):
    statement = "the gradient is worth less than the prediction"
    found = verdicts({"gradient": flat(gradient), "prediction": flat(0.6)}, statement, noise=noise)
    assert found == {"gradient - prediction": verdict}


@pytest.mark.parametrize(
    ("both", "noise", "verdict"),
    [(0.61, 0.002, HOLDS), (0.7, 0.002, FAILS), (0.6, NOISE, UNDECIDED)],
)
def test_substitution_is_measured_against_the_better_one(both, noise, verdict):
    accuracies = {
        "gradient": flat(0.5),
        "prediction": flat(0.6),
        "gradient+prediction": flat(both),
    }
    statement = "both are worth no more than the better one"
    found = verdicts(accuracies, statement, noise=noise)
    assert list(found.values()) == [verdict]
    if verdict != UNDECIDED:
        assert list(found) == ["gradient+prediction - prediction"]


@pytest.mark.parametrize(
    ("norm", "noise", "verdict"),
    [(0.59, 0.002, HOLDS), (0.52, 0.002, FAILS), (0.57, NOISE, UNDECIDED)],
)
def test_the_norm_is_worth_as_much(norm, noise, verdict):
    statement = "the 1-norm is worth as much as the whole gradient"
    found = verdicts({"gradient-norm": flat(norm), "gradient": flat(0.6)}, statement, noise=noise)
    assert found == {"gradient-norm - gradient": verdict}


@pytest.mark.parametrize(
    ("normalised", "noise", "verdict"),
    [(0.49, 0.002, HOLDS), (0.55, 0.002, FAILS), (0.5, NOISE, UNDECIDED)],
)
def test_the_normalised_gradient_against_chance(normalised, noise, verdict):
    accuracies = {"normalised-gradient": flat(normalised)}
    statement = "the normalised gradient does not beat chance"
    assert verdicts(accuracies, statement, noise=noise) == {"normalised-gradient - chance": verdict}


@pytest.mark.parametrize(
    ("normalised", "noise", "verdict"),
    [(0.5, 0.002, HOLDS), (0.65, 0.002, FAILS), (0.6, NOISE, UNDECIDED)],
)
def test_the_normalised_gradient_against_the_whole(normalised, noise, verdict):
    accuracies = {"normalised-gradient": flat(normalised), "gradient": flat(0.6)}
    statement = "the normalised gradient is worth less than the whole"
    assert verdicts(accuracies, statement, noise=noise) == {
        "normalised-gradient - gradient": verdict
    }


@pytest.mark.parametrize(
    ("r", "noise", "verdict"),
    [
        (0.4, 0.01, HOLDS),
        (-0.4, 0.01, HOLDS),
        (0.0, 0.01, FAILS),
        (0.1, 0.3, UNDECIDED),
    ],
)
def test_correlations(r, noise, verdict):
    table = claims.correlated(correlations(r, noise=noise))
    assert list(table["verdict"]) == [verdict] * 3
    assert list(table["subject"]) == [f"{a} and {b}" for a, b in PAIRS]


def test_a_single_seed_decides_nothing():
    accuracies = {name: flat(0.6) for name in claims._ATTACKED} | {
        "gradient-norm": flat(0.9),
        "normalised-gradient": flat(0.9),
    }
    table = claims.observations(metrics(accuracies, seeds=1), correlations(0.9, seeds=1))
    assert (table["verdict"] == UNDECIDED).all()
    assert table["low"].isna().all()


def test_the_highest_level_that_most_seeds_reached_is_compared():
    rows = metrics({"loss": flat(0.7), "gradient": flat(0.6)}, seeds=3)
    rows = rows[~((rows["level"] == 0.2) & (rows["seed"] == 2))]
    level, accuracy = claims.at_top(rows)
    assert level == 0.15
    assert list(accuracy.index) == [0, 1, 2]
    assert set(accuracy.columns) == {"loss", "gradient"}


def test_every_row_states_claim_interval_verdict_and_rule():
    accuracies = {
        name: flat(0.6) for name in (*claims._ATTACKED, "gradient-norm", "normalised-gradient")
    }
    both = [metrics(accuracies, dataset=name) for name in ("digits", "purchase")]
    table = claims.observations(pd.concat(both), correlations(0.5))
    assert list(table.columns) == list(claims.COLUMNS)
    assert list(dict.fromkeys(table["claim"])) == [
        "Observation 4.1",
        "Observation 4.2",
        "Observation 4.3",
        "Hypothesis 4.4 (1)",
        "Hypothesis 4.4 (2)",
        "Hypothesis 4.4 (3)",
    ]
    assert table["verdict"].isin([HOLDS, FAILS, UNDECIDED]).all()
    assert table["rule"].str.startswith("holds: ").all()
    assert all(len(set(part)) == 1 for _, part in table.groupby("statement")["rule"])
    assert (table["low"] <= table["value"]).all()
    assert (table["value"] <= table["high"]).all()


def test_where_no_level_was_reached_nothing_is_claimed():
    nothing = claims.observations(metrics({"loss": flat(0.5)}).iloc[:0], correlations(0).iloc[:0])
    assert list(nothing.columns) == list(claims.COLUMNS)
    assert nothing.empty
