"""What the paper says in numbers and claims, and which measured statistic answers to each.

The statistics are taken from the tidy tables of `TABLES`; each has the columns `dataset`, `source`,
`seed` and `scale` beside those that the functions here read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from leakcore.evaluation import claims

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


def statements() -> list[Statement]:
    """Return every statement that has a statistic of its own, in the paper's order.

    What section 4.3.3 claims of every data set is decided in results/tables/observations.csv and is
    not here.
    """
    return [
        *_table1(),
        *_section_4(),
        *_attacks(),
        *_table2(),
        *_section_5_1(),
        *_baselines(),
        *_table3(),
        *_table4(),
        *_appendices(),
    ]


def _fact(column: str) -> Select:
    return lambda rows: rows.set_index("seed")[column].astype(float)


_PAPER_TABLE1 = {
    "purchase": (197_324, 600, 100),
    "texas": (67_330, 6_170, 100),
    "cifar100": (60_000, 3_072, 100),
    "hospital": (101_766, 127, 2),
    "adult": (48_842, 24, 2),
}
_CAUSES_TABLE1 = {
    ("cifar100", "points"): "The raw file of this run holds a part of the data set (its number of "
    "points is in the config, datasets.cifar100.n_points).",
    ("adult", "features"): "Table 1 says 24, appendix B.4 says 104 after coding; the experiments "
    "use the 104.",
    ("texas", "features"): "The published file has 6,169 columns.",
}


def _table1() -> Iterator[Statement]:
    for dataset, numbers in _PAPER_TABLE1.items():
        for column, number in zip(("points", "features", "classes"), numbers, strict=True):
            yield Statement(
                "Table 1", f"number of {column}", "count", number, dataset, "datasets",
                _fact(column), cause=_CAUSES_TABLE1.get((dataset, column), ""),
            )  # fmt: skip
    yield Statement(
        "B.4", "number of features after coding", "count", 104, "adult", "datasets",
        _fact("features"),
    )  # fmt: skip


def _accuracy_at(epoch: int) -> Select:
    """Return the train accuracy after an epoch; nothing where training ended earlier."""
    return lambda rows: rows[rows["epoch"] == epoch].set_index("seed")["train_accuracy"]


def _largest_gap(rows: pd.DataFrame) -> pd.Series[float]:
    return rows.groupby("seed")["gap"].max()


def _correlation(classes: int, low: int, high: int, how: str) -> Select:
    """Return a statistic of |correlation| over the numbers of features in low..high."""

    def select(rows: pd.DataFrame) -> pd.Series[float]:
        chosen = rows[rows["n_features"].between(low, high) & (rows["n_classes"] == classes)]
        sizes = chosen["correlation"].abs().groupby(chosen["seed"])
        result: pd.Series[float] = sizes.max() if how == "max" else sizes.mean()
        return result

    return select


def _difference(first: Select, second: Select) -> Select:
    return lambda rows: (first(rows) - second(rows)).dropna()


def _dimension(classes: int, column: str, low: int, high: int) -> Select:
    """Return the mean of a column over the numbers of features in low..high."""

    def select(rows: pd.DataFrame) -> pd.Series[float]:
        chosen = rows[rows["n_features"].between(low, high) & (rows["n_classes"] == classes)]
        return chosen.groupby("seed")[column].mean()

    return select


def _explanation(name: str) -> Select:
    """Return the attack accuracy on an explanation at the highest level that every seed reached."""

    def select(rows: pd.DataFrame) -> pd.Series[float]:
        own = rows[rows["explanation"] == name]
        seeds = own.groupby("level")["seed"].nunique()
        if seeds.empty:
            return pd.Series(dtype=float)
        level = seeds.index[seeds == seeds.max()].max()
        accuracy: pd.Series[float] = own[own["level"] == level].set_index("seed")["accuracy"]
        return accuracy

    return select


def _section_4() -> Iterator[Statement]:
    yield Statement(
        "4.3.2", "the degree of overfitting never exceeds 0.1", "at most", 0.1, "hospital",
        "curves", _largest_gap,
        cause="Training goes on for as many epochs as the protocol has (1,000), longer than the "
        "paper may have gone.",
    )  # fmt: skip
    yield Statement(
        "4.3.2", "almost perfect train accuracy after 25 epochs (at least 0.95)", "at least", 0.95,
        "purchase", "curves", _accuracy_at(25),
    )  # fmt: skip
    yield Statement(
        "4.3.2", "train accuracy of 85 % after 200 epochs", "about", 0.85, "texas", "curves",
        _accuracy_at(200),
    )  # fmt: skip
    for classes in (2, 100):
        few, many = (1, 100), (1_000, 9_999)
        yield Statement(
            "4.4", f"{classes} classes: almost no correlation with at most 100 features (mean "
            "absolute value at most 0.1)", "at most", 0.1, "synthetic", "dimension",
            _correlation(classes, *few, "mean"),
        )  # fmt: skip
        yield Statement(
            "4.4", f"{classes} classes: correlation with 1,000 to 10,000 features (largest "
            "absolute value, above that with at most 100)", "at least", 0, "synthetic", "dimension",
            _difference(_correlation(classes, *many, "max"), _correlation(classes, *few, "max")),
        )  # fmt: skip
        yield Statement(
            "4.4", f"{classes} classes: correlation falls when the dimension grows further (at "
            "10,000 features, minus the largest below)", "at most", 0, "synthetic", "dimension",
            _difference(
                _correlation(classes, 10_000, 10_000, "max"), _correlation(classes, *many, "max")
            ),
        )  # fmt: skip
    yield Statement(
        "4.4", "2 classes, 5 to 20 features: train accuracy almost 100 % (at least 0.9)",
        "at least", 0.9, "synthetic", "dimension", _dimension(2, "train_accuracy", 5, 20),
        cause="One label in a hundred is drawn at random, and corners of a small cube lie close.",
    )  # fmt: skip
    yield Statement(
        "4.4", "2 classes: test accuracy drops beyond 100 features (at 1,000, minus at 20)",
        "at most", 0, "synthetic", "dimension",
        _difference(
            _dimension(2, "test_accuracy", 1_000, 1_000), _dimension(2, "test_accuracy", 20, 20)
        ),
    )  # fmt: skip
    yield Statement(
        "4.4", "100 classes: test accuracy is always low (largest mean at most 0.5)", "at most",
        0.5, "synthetic", "dimension",
        lambda rows: rows[rows["n_classes"] == 100].groupby("seed")["test_accuracy"].max(),
    )  # fmt: skip
    for dataset in ("purchase", "texas", "cifar100", "hospital"):
        where = "4.5, C" if dataset == "purchase" else "4.5"
        yield Statement(
            where, "the attack on the smoothed gradient fails (accuracy of a guess)", "chance", 0.5,
            dataset, "explanations", _explanation("smoothgrad"),
        )  # fmt: skip
        for attack, words in (("network", "the network"), ("norm-tree", "a tree on the 1-norm")):
            yield Statement(
                "Figure 4", f"{words} fails on the gradient of one noisy copy (accuracy of a "
                "guess)", "chance", 0.5, dataset, "smoothing", _smoothed(attack, 1),
            )  # fmt: skip
    gradient = _explanation("gradient")
    yield Statement(
        "C", "integrated gradients leak about as much as the gradient (ratio of accuracies)",
        "about", 1, "purchase", "explanations",
        lambda rows: (_explanation("integrated-gradients")(rows) / gradient(rows)).dropna(),
    )  # fmt: skip
    for name in ("lrp", "deeplift"):
        yield Statement(
            "C", f"the attack on {name} is weaker than on the gradient (difference of accuracies)",
            "at most", 0, "purchase", "explanations", _difference(_explanation(name), gradient),
        )  # fmt: skip


def _smoothed(attack: str, samples: int) -> Select:
    """Return an attack's accuracy on the gradient smoothed over some noisy copies."""

    def select(rows: pd.DataFrame) -> pd.Series[float]:
        own = rows[(rows["attack"] == attack) & (rows["samples"] == samples)]
        accuracy: pd.Series[float] = own.set_index("seed")["accuracy"]
        return accuracy

    return select


def _accuracy(access: str) -> Select:
    """Return an attack's accuracy at the highest level that most seeds reached."""
    return lambda rows: claims.at_top(rows)[1][access]


def _worst(*accesses: str) -> Select:
    return lambda rows: claims.at_top(rows)[1][list(accesses)].min(axis=1)


def _variance_and_membership(rows: pd.DataFrame) -> pd.Series[float]:
    own = rows[(rows["first"] == "membership") & (rows["second"] == "variance")]
    own = own[own["level"] == claims.top_level(own)]
    result: pd.Series[float] = own.set_index("seed")["correlation"]
    return result


def _attacks() -> Iterator[Statement]:
    """What section 4.3.3 says of single data sets; at the highest level that most seeds reached."""
    gradient, prediction = _accuracy("gradient"), _accuracy("prediction")
    labelled, loss = _accuracy("gradient+label"), _accuracy("loss")
    tree = _accuracy("gradient-norm")
    networks = ("gradient", "gradient+label", "prediction", "gradient+prediction")
    quiet = (
        "In this setting hospital's networks hardly overfit (the curves are in results/targets)."
    )
    for text, kind, paper, dataset, select, cause in (
        (
            "all attacks are only slightly weaker than the loss (largest difference at most 0.05)",
            "at most", 0.05, "purchase", _difference(loss, _worst(*networks)), "",
        ),
        (
            "the gradient is worth less than the prediction (difference of accuracies)", "at most",
            0, "texas", _difference(gradient, prediction), "",
        ),
        (
            "the gradient alone is worth least (difference to the least of the others)", "at most",
            0, "cifar100", _difference(gradient, _worst(*networks[1:])), "",
        ),
        ("gradient and label beat a guess", "at least", 0.5, "hospital", labelled, quiet),
        (
            "gradient and label beat the loss (difference of accuracies)", "at least", 0,
            "hospital", _difference(labelled, loss), quiet,
        ),
        ("the prediction does not beat a guess", "chance", 0.5, "hospital", prediction, ""),
    ):  # fmt: skip
        yield Statement(
            "Observation 4.2", text, kind, paper, dataset, "attacks", select, cause=cause
        )
    for text, kind, paper, dataset, select in (
        ("the network on the gradient beats the tree on its 1-norm (difference of accuracies)",
         "at least", 0, "purchase", _difference(gradient, tree)),
        (f"network and tree are almost identical (absolute difference at most {claims.MARGIN})",
         "at most", claims.MARGIN, "texas",
         lambda rows: _difference(gradient, tree)(rows).abs()),
        ("the tree on the 1-norm beats the network on the gradient (difference of accuracies)",
         "at least", 0, "cifar100", _difference(tree, gradient)),
    ):  # fmt: skip
        yield Statement("Figure 2", text, kind, paper, dataset, "attacks", select)
    yield Statement(
        "4.3.3", "the prediction's variance is negatively correlated with membership", "at most", 0,
        "texas", "signals", _variance_and_membership,
    )  # fmt: skip


# group, share of the data, self-revealing at k = 1, 5, 10; all in percent
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
            for k, rate in zip((1, 5, 10), rates, strict=True):
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
            for k, rate, everyone in zip((1, 5, 10), rates, whole, strict=True):
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
            _difference(_revealed("marginals"), _revealed("uniform")),
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
                _fact(column), digit=1,
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
