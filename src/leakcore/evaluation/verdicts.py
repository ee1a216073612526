"""Decide by fixed rules whether a measured statistic reproduces what the paper says of it.

Every kind of statement has one rule, `RULES`, that is the same for all statements of the kind. The
uncertainty of a mean over S samplings is Student's; the paper gives no deviations, so its own
means, over as many samplings, are taken to scatter as ours do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from leakcore.evaluation.intervals import LEVEL, student

REPRODUCED, DIFFERS, UNDECIDED, NOT_RUN = "reproduced", "differs", "undecided", "not run"

ABOUT = 0.2  # how far, relative, a number may be from one that the text gives in round words

RULES: dict[str, str] = {
    "count": "reproduced if equal",
    "mean": "reproduced if the difference lies within the 95 % interval of the difference between "
    "two means of as many samplings, widened by half a unit of the paper's last digit",
    "about": f"reproduced if the mean's 95 % interval meets the paper's value ± {ABOUT:.0%}",
    "at most": "reproduced if the mean's 95 % interval lies at or below the bound, differs if it "
    "lies above, undecided if the bound is inside",
    "at least": "reproduced if the mean's 95 % interval lies at or above the bound, differs if it "
    "lies below, undecided if the bound is inside",
    "chance": "reproduced if the mean's 95 % interval contains one half",
    "group": "reproduced if the difference to the rest has the paper's direction and stands (a "
    "permutation test over distinct people, Holm's correction over the data set's groups and k, "
    "5 %), differs if the opposite one stands, undecided if neither does",
    "claim": "as decided by its own statistic in results/tables/observations.csv",
}


@dataclass(frozen=True)
class Verdict:
    """What a rule says.

    Attributes
    ----------
    verdict : `reproduced`, `differs`, `undecided` or `not run`.
    mean, low, high : of the measured statistic, with its 95 % interval (NaN for a single run).
    difference : mean minus the paper's value.
    """

    verdict: str
    mean: float
    low: float
    high: float
    difference: float


def decide(kind: str, paper: float, values: NDArray[np.float64], digit: float = 0.0) -> Verdict:
    """Hold the measured values of a statistic against the paper's.

    Parameters
    ----------
    kind : of the statement, a key of `RULES` but `group` and `claim`.
    paper : the paper's value or bound, in the statistic's unit.
    values : (s,) the statistic in each sampling or seed. A single one has no interval: then only
        `count` can be decided.
    digit : the unit of the last digit that the paper prints; used by `mean`.

    Raises
    ------
    ValueError : if the kind has no rule here, or there is no value.
    """
    values = np.asarray(values, np.float64)
    if len(values) == 0 or not np.isfinite(values).all():
        raise ValueError(f"values: {values}; need at least one, all finite")
    mean = float(values.mean())
    low, high = student(values)
    difference = mean - paper
    if kind == "count":
        verdict = REPRODUCED if bool((values == paper).all()) else DIFFERS
    elif kind not in RULES or kind in ("group", "claim"):
        raise ValueError(f"kind {kind!r}: no rule for numbers; known: {', '.join(RULES)}")
    elif len(values) < 2:
        verdict = UNDECIDED
    elif kind == "mean":
        runs = len(values)
        spread = stdtrit(2 * runs - 2, (1 + LEVEL) / 2) * values.std(ddof=1)
        reach = spread * np.sqrt(2 / runs) + digit / 2
        verdict = REPRODUCED if abs(difference) <= reach * (1 + 1e-12) else DIFFERS
    elif kind == "about":
        near = ABOUT * abs(paper)
        verdict = REPRODUCED if low <= paper + near and high >= paper - near else DIFFERS
    elif kind == "chance":
        verdict = REPRODUCED if low <= 0.5 <= high else DIFFERS
    else:
        sign = 1 if kind == "at most" else -1
        nearest, farthest = (low, high) if sign > 0 else (high, low)
        if sign * farthest <= sign * paper:
            verdict = REPRODUCED
        else:
            verdict = DIFFERS if sign * nearest > sign * paper else UNDECIDED
    return Verdict(verdict, mean, low, high, difference)
