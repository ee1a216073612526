"""What a statement of the paper is, and which table tells about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

# Where the numbers of each table lie.
TABLES: dict[str, str] = {
    "datasets": "results/tables/table1.csv",
    "groups": "results/revelations/{dataset}/seed-*/groups.csv",
    "group_tests": "results/revelations/{dataset}/group_tests.csv",
    "influence": "results/revelations/{dataset}/seed-*/revelations.safetensors",
    "graph": "results/revelations/{dataset}/seed-*/graph.csv",
    "reachable": "results/revelations/{dataset}/seed-*/reachable.csv",
    "subspace": "results/reconstruction/{dataset}/seed-*/subspace.csv",
    "sampling": "results/reconstruction/{dataset}/seed-*/sampling.csv",
    "traversal": "results/reconstruction/{dataset}/seed-*/traversal.csv",
    "growth": "results/growth/{dataset}/seed-*.csv",
    "curves": "results/targets/{dataset}/seed-*/curve.csv",
    "attacks": "results/metrics/{dataset}/gradient/*.csv",
    "signals": "results/signals/{dataset}/seed-*.csv",
    "explanations": "results/figures/fig12.csv",
    "smoothing": "results/smoothing/{dataset}/metrics.csv",
    "dimension": "results/figures/fig5.csv",
    "observations": "results/tables/observations.csv",
}

Select = Callable[[pd.DataFrame], "pd.Series[float]"]


@dataclass(frozen=True)
class GroupDifference:
    """A group that the paper's Table 2 shows as likelier, or less likely, to be revealed.

    Attributes
    ----------
    where, dataset, words : place in the paper, data set, and the group as the paper calls it.
    grouping, group, k : the row of the table `group_tests`.
    paper : the group's rate minus the whole data set's, percentage points.
    """

    where: str
    dataset: str
    words: str
    grouping: str
    group: str
    k: int
    paper: float


@dataclass(frozen=True)
class Statement:
    """One number or claim of the paper.

    Attributes
    ----------
    where : place in the paper.
    text : what it says.
    kind : key of `verdicts.RULES`.
    paper : its value or bound, in the statistic's unit.
    dataset : the data set that it speaks of.
    table : key of `TABLES`.
    select : from that table's rows of the data set to the statistic of each seed, a series of
        floats indexed by seed; empty if the rows do not tell.
    digit : unit of the last digit that the paper prints.
    cause : why it differs, where that is known; one sentence.
    """

    where: str
    text: str
    kind: str
    paper: float
    dataset: str
    table: str
    select: Select
    digit: float = 0.0
    cause: str = ""


def fact(column: str) -> Select:
    """Return a column as it is, one row a seed."""
    return lambda rows: rows.set_index("seed")[column].astype(float)


def difference(first: Select, second: Select) -> Select:
    """Return the difference of two statistics, seed by seed."""
    return lambda rows: (first(rows) - second(rows)).dropna()
