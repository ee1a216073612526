"""95 % intervals: over repeated runs, and over the points within one run."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

LEVEL = 0.95
_STREAM = 501


def student(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return Student's t interval of the mean of independent runs.

    Parameters
    ----------
    values : (s,) one value a run (seed). With fewer than two runs the interval is NaN, NaN. It is
        not cut to 0..1, so a rate near a bound may have an interval that passes it.
    """
    runs = len(values)
    if runs < 2:
        return float("nan"), float("nan")
    half = stdtrit(runs - 1, (1 + LEVEL) / 2) * np.std(values, ddof=1) / np.sqrt(runs)
    return float(np.mean(values) - half), float(np.mean(values) + half)


def resample(member: NDArray[np.bool_], times: int, seed: int) -> NDArray[np.uint16]:
    """Draw bootstrap resamples, members and non-members apart.

    Parameters
    ----------
    member : (n,) the truth.
    times : number of resamples.
    seed : of the draw.

    Returns
    -------
    (times, n) how often each point was drawn; every row has as many members and as many
    non-members as there are.
    """
    rng = np.random.default_rng([seed, _STREAM])
    counts = np.zeros((times, len(member)), np.uint16)
    for rows in (np.flatnonzero(member), np.flatnonzero(~member)):
        for row in counts:
            drawn = rng.integers(0, len(rows), len(rows), dtype=np.int32)
            row[rows] = np.bincount(drawn, minlength=len(rows))
    return counts


def percentile(values: NDArray[Any]) -> tuple[float, float]:
    """Return the percentile interval of a metric's bootstrap values, (times,)."""
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
