"""Tidy tables of what the run shows and the paper's setting hides."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from leakcore.evaluation import membership, records

FPRS = (0.01, 0.001)  # the false-positive rates that `membership.measure` measures at
_ERRORS = ("refit_error", "change_error")


def tolerance_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Summarise the errors of a general solver's refits.

    Parameters
    ----------
    rows : one row a data set, tolerance and point: `dataset`, `source`, `n_features`, `n_train`,
        `tolerance`, `refit_error`, `change_error`, `iterations` and `gave_up`.

    Returns
    -------
    one row a data set and tolerance: `points`, the median of each error and of `iterations`, the
    quartiles of each error (`_q1`, `_q3`), and `gave_up`, the share of refits that were stopped by
    the limit of iterations.
    """
    table = []
    keys = ["dataset", "source", "n_features", "n_train", "tolerance"]
    for key, part in rows.groupby(keys, sort=False):
        row: dict[str, object] = dict(zip(keys, key, strict=True))
        row["points"] = len(part)
        for error in _ERRORS:
            quartiles = np.quantile(part[error].to_numpy(np.float64), [0.5, 0.25, 0.75])
            row |= dict(zip((error, f"{error}_q1", f"{error}_q3"), quartiles, strict=True))
        row["iterations"] = part["iterations"].median()
        row["gave_up"] = part["gave_up"].mean()
        table.append(row)
    return pd.DataFrame(table)


def independent_columns(X: NDArray[np.float64]) -> int:
    """Return the rank of the features (n, d) and a column of ones, scaled to comparable sizes."""
    A = np.concatenate([X, np.ones((len(X), 1))], axis=1)
    size = np.abs(A).max(axis=0)
    return int(np.linalg.matrix_rank(A / np.where(size > 0, size, 1)))


def rank_table(rows: pd.DataFrame, independent: pd.DataFrame) -> pd.DataFrame:
    """Set what Algorithm 1 recovers beside what bounds it.

    Parameters
    ----------
    rows : one row a data set, sampling and variant: `dataset`, `source`, `seed`, `variant`,
        `n_features`, `n_train`, `recovered` and `upper_bound` (the rank of the leave-one-out
        changes).
    independent : one row a data set and sampling: `dataset`, `seed` and `independent_columns` of
        its members.

    Returns
    -------
    one row a data set and variant: mean, `_sd`, `_low` and `_high` over the samplings of
    `independent_columns`, `upper_bound` and `recovered`.
    """
    keys = ["dataset", "source", "n_features", "n_train", "variant"]
    rows = rows.merge(independent, on=["dataset", "seed"], how="left", validate="many_to_one")
    return records.average(rows, keys, ["independent_columns", "upper_bound", "recovered"])


def low_fpr_table(measured: pd.DataFrame) -> pd.DataFrame:
    """Set the true-positive rate at low false-positive rates beside the accuracy.

    Parameters
    ----------
    measured : rows of `membership.measure`.

    Returns
    -------
    rows of `membership.summarise` (as `dataset`, `source`, `attack`, `access`, `level`, `seeds`,
    `gap`, `accuracy` and the rates, each with both intervals), with `nonmembers`, the smallest
    number of non-members that a rate rests on, and for each rate `gaussian_...`, that of Gaussian
    scores of the same accuracy. Members and non-members are equally many in the attack's test
    part.
    """
    table = membership.summarise(measured)
    tests = measured.groupby(list(membership.KEYS))["n_test"].min()
    keys = table[list(membership.KEYS)].itertuples(index=False, name=None)
    table["nonmembers"] = np.array([tests[key] // 2 for key in keys], np.int64)
    wanted = ["accuracy", *(f"tpr_at_fpr_{fpr:g}" for fpr in FPRS)]
    for fpr in FPRS:
        table[f"gaussian_tpr_at_fpr_{fpr:g}"] = gaussian_tpr(
            table["accuracy"].to_numpy(np.float64), fpr
        )
    ends = ("", "_low", "_high", "_within_low", "_within_high")
    return table[
        [
            *(*membership.KEYS, "seeds", "gap", "nonmembers"),
            *(f"{metric}{end}" for metric in wanted for end in ends),
            *(f"gaussian_tpr_at_fpr_{fpr:g}" for fpr in FPRS),
        ]
    ]


def gaussian_tpr(accuracy: NDArray[np.float64], fpr: float) -> NDArray[np.float64]:
    """Return the true-positive rate of an attack whose scores are Gaussian, equally spread.

    With members d standard deviations above equally many non-members the best accuracy is
    Phi(d / 2), and the rate at a false-positive rate f is Phi(d + Phi^-1(f)). Chance (accuracy
    1/2, or less) gives f.

    Parameters
    ----------
    accuracy : (n,) shares.
    fpr : false-positive rate.
    """
    distance = 2 * ndtri(np.maximum(accuracy, 0.5))
    rate: NDArray[np.float64] = ndtr(distance + ndtri(fpr))
    return rate
