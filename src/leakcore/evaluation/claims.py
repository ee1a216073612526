"""Observations 4.1 to 4.3 and Hypothesis 4.4 as numbers (paper section 4.3.3).

Every claim is put as a statistic of each data set with a 95 % interval over the seeds, and decided
by one rule for all rows of its kind. Attacks are compared seed by seed, since the seeds of a data
set share its targets and the attack's partition.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leakcore.evaluation.intervals import student

# Accuracies that differ by less than this are called comparable.
MARGIN = 0.03
# A quadratic must explain this much more of the variance (adjusted R^2) to beat a straight line.
CURVATURE = 0.1
# Correlations that are nearer to 0 than this are called none.
CORRELATION = 0.1
HOLDS, FAILS, UNDECIDED = "holds", "does not hold", "undecided"
COLUMNS: tuple[str, ...] = (
    "claim",
    "statement",
    "dataset",
    "source",
    "subject",
    "level",
    "statistic",
    "value",
    "low",
    "high",
    "seeds",
    "linear_r2",
    "quadratic_r2",
    "verdict",
    "rule",
)
_KEYS = ["dataset", "source"]
_ATTACKED = ("gradient", "gradient+label", "prediction", "gradient+prediction", "loss")


def observations(metrics: pd.DataFrame, correlations: pd.DataFrame) -> pd.DataFrame:
    """Decide every claim for every data set.

    Parameters
    ----------
    metrics : rows of `membership.measure` for attacks on the gradient; kinds of access that are
        missing leave their claims out.
    correlations : rows of `signals.correlate` with the columns `dataset`, `source`, `seed`.

    Returns
    -------
    rows with the columns `COLUMNS`; `low` and `high` are NaN, and the claim undecided, where fewer
    than two seeds reached the level.
    """
    frames = [overfitting(metrics)]
    for (dataset, source), part in metrics.groupby(_KEYS, sort=False):
        level, accuracy = at_top(part)
        facts = {"dataset": dataset, "source": source, "level": level}
        frames.append(pd.DataFrame([facts | row for row in _comparisons(accuracy)]))
    frames.append(correlated(correlations))
    found = [frame for frame in frames if len(frame)]
    if not found:
        return pd.DataFrame(columns=list(COLUMNS))
    table = pd.concat(found, ignore_index=True).reindex(columns=list(COLUMNS))
    # In the paper's order.
    return table.sort_values(
        "claim",
        key=lambda claim: claim.str.replace("Observation", "A"),
        kind="stable",
        ignore_index=True,
    )


def top_level(rows: pd.DataFrame) -> float:
    """Return the highest level among those that the most seeds reached.

    Parameters
    ----------
    rows : of one data set, with the columns `level` and `seed`.
    """
    seeds = rows.groupby("level")["seed"].nunique()
    return float(seeds.index[seeds == seeds.max()].max())


def at_top(rows: pd.DataFrame) -> tuple[float, pd.DataFrame]:
    """Return that level, and the accuracies at it: one row a seed, one column an access."""
    level = top_level(rows)
    at = rows[rows["level"] == level]
    return level, at.pivot_table(index="seed", columns="access", values="accuracy")


def overfitting(metrics: pd.DataFrame) -> pd.DataFrame:
    """Observation 4.1: the attack's accuracy grows linearly with the overfitting gap.

    Slopes are fitted to each seed's levels; R^2 is that of all seeds' levels around their own
    means, adjusted for the number of coefficients.
    """
    rows = []
    for (dataset, source, access), part in metrics.groupby([*_KEYS, "access"], sort=False):
        if access not in _ATTACKED:
            continue
        slopes, gaps, accuracies = [], [], []
        for _, run in part.groupby("seed"):
            gap, accuracy = run["gap"].to_numpy(float), run["accuracy"].to_numpy(float)
            if len(np.unique(gap)) > 1:
                slopes.append(float(np.polyfit(gap, accuracy, 1)[0]))
                gaps.append(gap)
                accuracies.append(accuracy)
        linear, quadratic = (adjusted_r2(gaps, accuracies, degree) for degree in (1, 2))
        low, high = student(np.array(slopes))
        rows.append(
            {
                "claim": "Observation 4.1",
                "statement": "accuracy grows linearly with overfitting",
                "dataset": dataset,
                "source": source,
                "subject": access,
                "statistic": "slope of accuracy on the gap",
                "value": np.mean(slopes) if slopes else np.nan,
                "low": low,
                "high": high,
                "seeds": len(slopes),
                "linear_r2": linear,
                "quadratic_r2": quadratic,
                "verdict": _linear(low, high, quadratic - linear),
                "rule": f"holds: interval above 0, and a quadratic raises the adjusted R2 by at "
                f"most {CURVATURE}; does not hold: interval below 0, or above 0 and a quadratic "
                "raises it by more",
            }
        )
    return pd.DataFrame(rows)


def adjusted_r2(x: list[NDArray[np.float64]], y: list[NDArray[np.float64]], degree: int) -> float:
    """Return the adjusted R^2 of one polynomial for all runs, each run around its own means.

    Parameters
    ----------
    x, y : for each run its points.
    degree : of the polynomial, at least 1.

    Returns
    -------
    1 - (residual / its degrees of freedom) / (total / its own); NaN where no degree of freedom is
    left or y does not vary.
    """
    if not x:
        return float("nan")
    powers = np.concatenate(
        [np.stack([run**k - np.mean(run**k) for k in range(1, degree + 1)], axis=1) for run in x]
    )
    centred = np.concatenate([run - run.mean() for run in y])
    free = len(centred) - len(x)
    total = float(centred @ centred)
    if free <= degree or total == 0:
        return float("nan")
    coefficients = np.linalg.lstsq(powers, centred, rcond=None)[0]
    residual = centred - powers @ coefficients
    return 1 - float(residual @ residual) / (free - degree) / (total / free)


def correlated(correlations: pd.DataFrame) -> pd.DataFrame:
    """Hypothesis 4.4 (3): membership, variance and 1-norm are correlated, pair by pair."""
    rows = []
    for (dataset, source), part in correlations.groupby(_KEYS, sort=False):
        level = top_level(part)
        for (first, second), pair in part[part["level"] == level].groupby(
            ["first", "second"], sort=False
        ):
            values = pair["correlation"].to_numpy(float)
            low, high = student(values)
            if low > CORRELATION or high < -CORRELATION:
                verdict = HOLDS
            else:
                inside = low > -CORRELATION and high < CORRELATION
                verdict = FAILS if inside else UNDECIDED
            rows.append(
                {
                    "claim": "Hypothesis 4.4 (3)",
                    "statement": "the signals are correlated",
                    "dataset": dataset,
                    "source": source,
                    "subject": f"{first} and {second}",
                    "level": level,
                    "statistic": "Pearson correlation",
                    "value": values.mean(),
                    "low": low,
                    "high": high,
                    "seeds": len(values),
                    "verdict": verdict,
                    "rule": f"holds: interval beyond {CORRELATION} or -{CORRELATION}; does not "
                    "hold: interval between them",
                }
            )
    return pd.DataFrame(rows)


def _comparisons(accuracy: pd.DataFrame) -> list[dict[str, Any]]:
    """Compare the attacks of one data set, seed by seed."""
    rows = []

    def compare(
        claim: str,
        statement: str,
        first: str,
        second: str,
        decide: Callable[[float, float], str],
        rule: str,
    ) -> None:
        if first not in accuracy or (second not in accuracy and second != "chance"):
            return
        other = 0.5 if second == "chance" else accuracy[second]
        difference = (accuracy[first] - other).dropna().to_numpy(float)
        low, high = student(difference)
        rows.append(
            {
                "claim": claim,
                "statement": statement,
                "subject": f"{first} - {second}",
                "statistic": "difference of accuracies",
                "value": difference.mean() if len(difference) else np.nan,
                "low": low,
                "high": high,
                "seeds": len(difference),
                "verdict": decide(low, high),
                "rule": rule,
            }
        )

    for other in _ATTACKED[:-1]:
        compare(
            "Observation 4.2",
            "the loss is worth most",
            "loss",
            other,
            _above,
            "holds: interval above 0; does not hold: interval below 0",
        )
    compare(
        "Observation 4.2",
        "the gradient is worth less than the prediction",
        "gradient",
        "prediction",
        _below,
        "holds: interval below 0; does not hold: interval above 0",
    )
    singles = [name for name in ("gradient", "prediction") if name in accuracy]
    if singles:
        compare(
            "Observation 4.3",
            "both are worth no more than the better one",
            "gradient+prediction",
            str(accuracy[singles].mean().idxmax()),
            lambda low, high: _below(low - MARGIN, high - MARGIN),
            f"holds: interval below {MARGIN}; does not hold: interval above {MARGIN}",
        )
    compare(
        "Hypothesis 4.4 (1)",
        "the 1-norm is worth as much as the whole gradient",
        "gradient-norm",
        "gradient",
        lambda low, high: _above(low + MARGIN, high + MARGIN),
        f"holds: interval above -{MARGIN}; does not hold: interval below -{MARGIN}",
    )
    compare(
        "Hypothesis 4.4 (2)",
        "the normalised gradient does not beat chance",
        "normalised-gradient",
        "chance",
        lambda low, high: FAILS if low > 0 else HOLDS if high < MARGIN else UNDECIDED,
        f"holds: interval reaches 0 and stays below {MARGIN}; does not hold: interval above 0",
    )
    compare(
        "Hypothesis 4.4 (2)",
        "the normalised gradient is worth less than the whole",
        "normalised-gradient",
        "gradient",
        _below,
        "holds: interval below 0; does not hold: interval above 0",
    )
    return rows


def _above(low: float, high: float) -> str:
    return HOLDS if low > 0 else FAILS if high < 0 else UNDECIDED


def _below(low: float, high: float) -> str:
    return _above(-high, -low)


def _linear(low: float, high: float, gain: float) -> str:
    if low > 0 and not np.isnan(gain):
        return HOLDS if gain <= CURVATURE else FAILS
    return FAILS if high < 0 else UNDECIDED
