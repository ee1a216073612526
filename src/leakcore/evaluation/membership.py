"""Tidy tables of how well membership attacks do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leakcore.evaluation.intervals import percentile, resample, student
from leakcore.evaluation.rates import Roc
from leakcore.store import ScoreColumn, Scores

METRICS: tuple[str, ...] = (
    "accuracy",
    "balanced_accuracy",
    "auc",
    "tpr_at_fpr_0.01",
    "tpr_at_fpr_0.001",
)
_FACTS = (
    "dataset",
    "source",
    "seed",
    "level",
    "gap",
    "train_accuracy",
    "test_accuracy",
    "access",
    "explanation",
    "attack",
)
COLUMNS: tuple[str, ...] = (
    *_FACTS,
    *(name for metric in METRICS for name in (metric, f"{metric}_low", f"{metric}_high")),
    "n_test",
)
# What a row of `summarise` stands for; the runs that differ only in their seed go into one row.
KEYS: tuple[str, ...] = ("dataset", "source", "explanation", "attack", "access", "level")
_BLOCK = 50  # resamples measured together; more would fall out of the processor's cache


def measure(
    scores: Scores,
    *,
    dataset: str,
    source: str,
    seed: int,
    explanation: str,
    attack: str,
    bootstrap: int = 1000,
) -> pd.DataFrame:
    """Measure every column of one attack's scores.

    Parameters
    ----------
    scores : of the attack's test points.
    dataset, source, seed, explanation, attack : written into the table as they are; the seed also
        draws the resamples. All columns are measured on the same resamples.
    bootstrap : number of resamples, at least 1.

    Returns
    -------
    one row a level and kind of access, with the columns `COLUMNS`. `gap` is train accuracy minus
    test accuracy of the target, `level` the gap that was aimed at; `_low` and `_high` bound the
    95 % percentile interval over the resamples; `n_test` is the number of test points.
    """
    if bootstrap < 1:
        raise ValueError("bootstrap must be at least 1")
    rows: list[dict[str, Any]] = []
    if scores.columns:
        weights = resample(scores.member, bootstrap, seed)
    for column in scores.columns:
        facts = {
            "dataset": dataset,
            "source": source,
            "seed": seed,
            "level": column.level,
            "gap": column.train_accuracy - column.test_accuracy,
            "train_accuracy": column.train_accuracy,
            "test_accuracy": column.test_accuracy,
            "access": column.access,
            "explanation": explanation,
            "attack": attack,
            "n_test": len(scores.member),
        }
        rows.append(facts | _measure(scores.member, column, weights))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def summarise(frame: pd.DataFrame) -> pd.DataFrame:
    """Put the runs of all seeds together.

    Parameters
    ----------
    frame : rows of `measure`, of any number of data sets, attacks and seeds.

    Returns
    -------
    one row for each combination of `KEYS`: `seeds`, the number of runs that reached the level; the
    means of `gap`, `train_accuracy`, `test_accuracy` and of every metric; for each metric `_low`
    and `_high`, the 95 % Student interval over the seeds (NaN for one seed), and `_within_low` and
    `_within_high`, the mean bounds of the bootstrap intervals within the seeds.
    """
    rows: list[dict[str, Any]] = []
    for key, group in frame.groupby(list(KEYS), sort=False):
        row: dict[str, Any] = dict(zip(KEYS, key, strict=True))
        if group["seed"].duplicated().any():
            raise ValueError(f"two runs with the same seed: {row}")
        row["seeds"] = len(group)
        for name in ("gap", "train_accuracy", "test_accuracy"):
            row[name] = group[name].mean()
        for metric in METRICS:
            row[metric] = group[metric].mean()
            row[f"{metric}_low"], row[f"{metric}_high"] = student(group[metric].to_numpy(float))
            row[f"{metric}_within_low"] = group[f"{metric}_low"].mean()
            row[f"{metric}_within_high"] = group[f"{metric}_high"].mean()
        rows.append(row)
    names = [
        name
        for metric in METRICS
        for name in (
            metric,
            f"{metric}_low",
            f"{metric}_high",
            f"{metric}_within_low",
            f"{metric}_within_high",
        )
    ]
    facts = ["seeds", "gap", "train_accuracy", "test_accuracy"]
    return pd.DataFrame(rows, columns=[*KEYS, *facts, *names])


def _measure(
    member: NDArray[np.bool_], column: ScoreColumn, weights: NDArray[np.uint16]
) -> dict[str, float]:
    point = _metrics(Roc.of(member, column.score), column.threshold)
    blocks = [
        _metrics(Roc.of(member, column.score, weights[start : start + _BLOCK]), column.threshold)
        for start in range(0, len(weights), _BLOCK)
    ]
    result = {}
    for metric in METRICS:
        result[metric] = float(point[metric])
        result[f"{metric}_low"], result[f"{metric}_high"] = percentile(
            np.concatenate([block[metric] for block in blocks])
        )
    return result


def _metrics(roc: Roc, threshold: float) -> dict[str, NDArray[np.float64]]:
    return {
        "accuracy": roc.accuracy(threshold),
        "balanced_accuracy": roc.balanced_accuracy(threshold),
        "auc": roc.auc(),
        "tpr_at_fpr_0.01": roc.tpr_at_fpr(0.01),
        "tpr_at_fpr_0.001": roc.tpr_at_fpr(0.001),
    }
