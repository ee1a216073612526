"""What section 5 of the paper says of record-based explanations."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from leakcore.evaluation.statement import GroupDifference, Select, Statement, difference, fact

KS = (1, 5, 10)
# group, share of the data, self-revealing at each of KS; all in percent
PAPER_TABLE2: dict[str, tuple[str, list[tuple[str, str, str, float, float, float, float]]]] = {
    "dogfish": (
        "Table 2a",
        [
            ("all", "whole data set", "whole data set", 100, 16, 24, 28),
            ("animal", "bird", "birds", 0.6, 64, 84, 86),
            ("animal", "clownfish", "clownfish", 1, 14, 30, 33),
            ("animal", "lion fish", "lion fish", 1, 9, 31, 43),
        ],
    ),
    "hospital": (
        "Table 2b",
        [
            ("all", "whole data set", "whole data set", 100, 33, 63, 75),
            ("age", "[0-10)", "age 0-10", 0.2, 61, 100, 100),
            ("age", "[10-20)", "age 10-20", 0.7, 23, 62, 95),
            ("race", "Caucasian", "Caucasian", 75, 32, 62, 74),
            ("race", "AfricanAmerican", "African American", 19, 36, 66, 78),
            ("race", "Hispanic", "Hispanics", 2, 40, 61, 77),
            ("race", "Other", "other race", 1.5, 30, 60, 79),
            ("race", "Asian", "Asian American", 0.6, 33, 70, 95),
        ],
    ),
    "adult": (
        "Table 2c",
        [
            ("all", "whole data set", "whole data set", 100, 10, 21, 28),
            ("age", "10-20", "age 10-20", 5, 0, 1, 1),
            ("race", "White", "White", 86, 10, 21, 28),
            ("race", "Black", "Black", 10, 9, 16, 19),
            ("race", "Amer-Indian-Eskimo", "Amer-Indian-Eskimo", 1, 8, 23, 32),
            ("race", "Other", "other race", 0.8, 16, 32, 43),
            ("race", "Asian-Pac-Islander", "Asian-Pac-Islander", 3, 21, 40, 48),
        ],
    ),
}


def _rate(grouping: str, group: str, k: int) -> Select:
    """Return the percentage of a group that reveals itself, where the group has members."""

    def select(rows: pd.DataFrame) -> pd.Series[float]:
        own = (rows["grouping"] == grouping) & (rows["group"] == group) & (rows["k"] == k)
        return 100 * rows[own].set_index("seed")["rate"].dropna()

    return select


def _share(grouping: str, group: str) -> Select:
    def select(rows: pd.DataFrame) -> pd.Series[float]:
        own = rows[(rows["grouping"] == grouping) & (rows["group"] == group)]
        return 100 * own.groupby("seed")["share"].first()

    return select


def _table2() -> Iterator[Statement]:
    for dataset, (where, groups) in PAPER_TABLE2.items():
        for grouping, group, words, share, *rates in groups:
            if grouping != "all":
                yield Statement(
                    where, f"{words}: share of the data (%)", "mean", share, dataset, "groups",
                    _share(grouping, group), digit=0.1 if share < 1 or share == 1.5 else 1,
                )  # fmt: skip
            for k, rate in zip(KS, rates, strict=True):
                yield Statement(
                    where, f"{words}: self-revealing, k = {k} (%)", "mean", rate, dataset, "groups",
                    _rate(grouping, group, k), digit=1,
                )  # fmt: skip


def group_differences() -> list[GroupDifference]:
    """Return every group and k for which Table 2 shows another rate than for the whole data set."""
    result = []
    for dataset, (where, groups) in PAPER_TABLE2.items():
        whole = groups[0][4:]
        for grouping, group, words, _, *rates in groups[1:]:
            for k, rate, everyone in zip(KS, rates, whole, strict=True):
                if rate != everyone:
                    result.append(
                        GroupDifference(where, dataset, words, grouping, group, k, rate - everyone)
                    )
    return result


def _distance(*, ignoring_revealed: bool, relative: bool) -> Select:
    """Return the Kolmogorov-Smirnov distance of members' influence from non-members'.

    Relative: over the distance at which the two differ at the 5 % level.
    """

    def distance(sampling: pd.DataFrame) -> float:
        inside, outside = sampling[sampling["member"]], sampling[~sampling["member"]]
        if ignoring_revealed:
            inside = inside[~inside["revealed"]]
        result = float(stats.ks_2samp(inside["influence"], outside["influence"]).statistic)
        n, m = len(inside), len(outside)
        critical = stats.kstwobign.ppf(0.95) * np.sqrt((n + m) / (n * m))
        return result / critical if relative else result

    return lambda rows: pd.Series(
        {seed: distance(sampling) for seed, sampling in rows.groupby("seed")}, dtype=float
    )


def _section_5_1() -> Iterator[Statement]:
    for dataset in ("dogfish", "adult"):
        yield Statement(
            "5.1.2", "k = 5: a quarter of each data set is revealed (%)", "about", 25, dataset,
            "groups", _rate("all", "whole data set", 5),
        )  # fmt: skip
    yield Statement(
        "5.1.2", "k = 5: two thirds of the training points are revealed (%)", "about", 200 / 3,
        "hospital", "groups", _rate("all", "whole data set", 5),
    )  # fmt: skip
    yield Statement(
        "5.1.2", "k = 1: 10 % of the members are revealed (%)", "about", 10, "adult", "groups",
        _rate("all", "whole data set", 1),
    )  # fmt: skip
    for dataset in ("dogfish", "adult", "hospital"):
        yield Statement(
            "5.1.2", "members' and non-members' influence are similarly distributed "
            "(Kolmogorov-Smirnov distance at most 0.1)", "at most", 0.1, dataset, "influence",
            _distance(ignoring_revealed=False, relative=False),
        )  # fmt: skip
        yield Statement(
            "5.1.2", "they differ significantly once revealed points are ignored (distance over "
            "that of the 5 % level)", "at least", 1, dataset, "influence",
            _distance(ignoring_revealed=True, relative=True),
            cause="Where a large share of the members reveal themselves, these lie over the whole "
            "range of influence (results/figures/fig7.pdf), and what is left looks like the rest.",
        )  # fmt: skip


def _revealed(scenario: str, part: float = 1.0) -> Select:
    """Return the percentage of members revealed, k = 10, after a part of the queries."""

    def select(rows: pd.DataFrame) -> pd.Series[float]:
        own = rows[(rows["scenario"] == scenario) & (rows["k"] == 10)]
        within = own[own["queries"] <= part * own["queries"].max()].sort_values("queries")
        share: pd.Series[float] = within.groupby("seed")["share"].last()
        return 100 * share

    return select


def _second_half(scenario: str) -> Select:
    """Return the ratio of what the second half of the queries reveals to what the first does."""

    def select(rows: pd.DataFrame) -> pd.Series[float]:
        half, whole = _revealed(scenario, 0.5)(rows), _revealed(scenario)(rows)
        return ((whole - half) / half).dropna()

    return select


def _baselines() -> Iterator[Statement]:
    yield Statement(
        "5.3.1", "1,000 uniform queries, k = 10: less than 2 % revealed", "at most", 2, "dogfish",
        "sampling", _revealed("uniform"),
    )  # fmt: skip
    yield Statement(
        "5.3.1", "1,000 uniform queries, k = 10: about 3 % revealed", "about", 3, "hospital",
        "sampling", _revealed("uniform"),
    )  # fmt: skip
    for dataset in ("dogfish", "adult", "hospital"):
        yield Statement(
            "5.3.1", "queries from the marginals reveal more than uniform ones (difference, "
            "percentage points, k = 10)", "at least", 0, dataset, "sampling",
            difference(_revealed("marginals"), _revealed("uniform")),
        )  # fmt: skip
        words = {"marginals": "queries from the marginals", "records": "real records as queries"}
        for scenario, name in words.items():
            yield Statement(
                "5.3.1", f"{name} saturate (the second half reveals at most half as many as the "
                "first)", "at most", 0.5, dataset, "sampling", _second_half(scenario),
            )  # fmt: skip


def _subspace(column: str) -> Select:
    def select(rows: pd.DataFrame) -> pd.Series[float]:
        own = rows[rows["variant"] == "weights"]
        return own.set_index("seed")[column].astype(float)

    return select


def _table3() -> Iterator[Statement]:
    numbers = {"dogfish": (1790, 99.4, 1), "adult": (91.5, 4.6, 0.1), "hospital": (81.1, 4.0, 0.1)}
    for dataset, (points, percent, digit) in numbers.items():
        yield Statement(
            "Table 3", "points recovered by Algorithm 1", "mean", points, dataset, "subspace",
            _subspace("recovered"), digit=digit,
        )  # fmt: skip
        yield Statement(
            "Table 3", "points recovered by Algorithm 1 (% of the members)", "mean", percent,
            dataset, "subspace", _subspace("recovered_percent"), digit=0.1,
        )  # fmt: skip
    yield Statement(
        "5.3.2", "recovered points come close to the dimension, 104", "about", 104, "adult",
        "subspace", _subspace("recovered"),
    )  # fmt: skip
    for dataset in ("dogfish", "adult", "hospital"):
        yield Statement(
            "Theorem 5.1", "at least d points are revealed (recovered points over the rank of the "
            "leave-one-out changes, which is at least d)", "at least", 1, dataset, "subspace",
            lambda rows: _subspace("recovered")(rows) / _subspace("upper_bound")(rows),
            cause="The rank is only an upper bound of d: points that are copies of one another "
            "make d smaller, so the theorem is not contradicted.",
        )  # fmt: skip


def _table4() -> Iterator[Statement]:
    numbers = {
        "dogfish": (1709, 1679, 50, 1069, 1364),
        "adult": (1742, 1701, 167, 391, 1568),
        "hospital": (1448, 1333, 228, 287, 727),
    }
    columns = ("scc", "scc_of_size_1", "largest_scc", "max_in_degree", "in_degree_0")
    names = ("SCCs", "SCCs of size 1", "size of the largest SCC", "largest in-degree",
             "nodes of in-degree 0")  # fmt: skip
    for dataset, values in numbers.items():
        for column, name, value in zip(columns, names, values, strict=True):
            yield Statement(
                "Table 4", f"influence graph, k = 5: {name}", "mean", value, dataset, "graph",
                fact(column), digit=1,
            )  # fmt: skip
    yield Statement(
        "5.3.3", "75 % of the nodes have in-degree 0", "about", 0.75, "adult", "graph",
        lambda rows: (rows["in_degree_0"] / rows["points"]).set_axis(rows["seed"]),
    )  # fmt: skip
    for dataset in ("adult", "hospital"):
        yield Statement(
            "1, 5.3.3", "from revealed points one can recover up to 25 % of the training set "
            "(largest share that a start reaches)", "at most", 0.25, dataset, "reachable",
            lambda rows: rows.groupby("seed")["share"].max(),
        )  # fmt: skip
    for dataset in ("dogfish", "adult", "hospital"):
        yield Statement(
            "5.3.3", "roughly twice as many queries as the greedy omniscient attacker", "about", 2,
            dataset, "traversal", lambda rows: _walks(rows).groupby("seed")["ratio"].mean(),
        )  # fmt: skip
        yield Statement(
            "5.3.3", "the number of queries does not depend on the schedule (largest minus "
            "smallest mean, relative)", "at most", 0.05, dataset, "traversal", _schedules_differ,
        )  # fmt: skip


def _walks(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["schedule"] != "omniscient"]


def _schedules_differ(rows: pd.DataFrame) -> pd.Series[float]:
    means = _walks(rows).pivot_table(index="seed", columns="schedule", values="queries")
    return (means.max(axis=1) - means.min(axis=1)) / means.mean(axis=1)


def _growth(column: str) -> Select:
    """Return the statistic's mean over k at the largest size minus that at the smallest."""

    def select(rows: pd.DataFrame) -> pd.Series[float]:
        means = rows.pivot_table(index="seed", columns="size", values=column)
        return means[means.columns.max()] - means[means.columns.min()]

    return select


def _appendices() -> Iterator[Statement]:
    for dataset in ("dogfish", "adult", "hospital"):
        yield Statement(
            "G", "the share of self-revealing points falls with the size of the data set (largest "
            "minus smallest size)", "at most", 0, dataset, "growth", _growth("rate"),
        )  # fmt: skip
        yield Statement(
            "G", "their number rises (largest minus smallest size)", "at least", 0, dataset,
            "growth", _growth("revealed"),
        )  # fmt: skip


def statements() -> Iterator[Statement]:
    """Give them in the paper's order."""
    for part in (_table2, _section_5_1, _baselines, _table3, _table4, _appendices):
        yield from part()
