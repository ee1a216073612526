"""How membership, the prediction's variance and the gradient's 1-norm go together (Figure 3).

Paper section 4.3.3, Hypothesis 4.4.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from leakcore.attacks.checks import one_norm
from leakcore.evaluation.intervals import LEVEL
from leakcore.store import Observations

SIGNALS: tuple[str, ...] = ("membership", "variance", "norm")
PAIRS: tuple[tuple[str, str], ...] = tuple(combinations(SIGNALS, 2))
COLUMNS: tuple[str, ...] = (
    "level",
    "gap",
    "train_accuracy",
    "test_accuracy",
    "first",
    "second",
    "correlation",
    "correlation_low",
    "correlation_high",
    "points",
)


def signals(observations: Observations) -> dict[str, NDArray[np.float64]]:
    """Return what is correlated, (n,) each.

    `membership` is 1 for members and 0 for others, `variance` that of the entries of a point's
    prediction vector, Var(c(x)) (0 where all classes are equally likely, largest where one is
    certain), and `norm` the 1-norm of its explanation.
    """
    return {
        "membership": observations.member.astype(np.float64),
        "variance": observations.probabilities.var(axis=1, dtype=np.float64),
        "norm": one_norm(observations.explanation),
    }


def pearson(first: NDArray[np.float64], second: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return Pearson's correlation and its 95 % interval over the points (Fisher's z).

    Parameters
    ----------
    first, second : (n,). If either is constant the result is NaN; with fewer than four points the
        interval is.
    """
    n = len(first)
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan"), float("nan"), float("nan")
    r = float(np.clip(np.corrcoef(first, second)[0, 1], -1, 1))
    if n < 4:
        return r, float("nan"), float("nan")
    if abs(r) == 1:
        return r, r, r
    half = ndtri((1 + LEVEL) / 2) / np.sqrt(n - 3)
    return r, float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half))


def correlate(observations: Observations) -> pd.DataFrame:
    """Correlate all pairs of signals of one target.

    Returns
    -------
    one row a pair, with the columns `COLUMNS`; the correlation keeps its sign, `_low` and `_high`
    bound its interval over the points, of which there are `points`.
    """
    values = signals(observations)
    rows = []
    for first, second in PAIRS:
        r, low, high = pearson(values[first], values[second])
        rows.append(
            {
                "level": observations.level,
                "gap": observations.train_accuracy - observations.test_accuracy,
                "train_accuracy": observations.train_accuracy,
                "test_accuracy": observations.test_accuracy,
                "first": first,
                "second": second,
                "correlation": r,
                "correlation_low": low,
                "correlation_high": high,
                "points": len(values[first]),
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))
