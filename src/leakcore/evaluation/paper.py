"""Every number and claim of the paper, each with the statistic that answers it.

The statistics are taken from the tidy tables of `statement.TABLES`; each has the columns `dataset`,
`source`, `seed` and `scale` beside those that the functions here read.
"""

from __future__ import annotations

from collections.abc import Iterator

from leakcore.evaluation import paper_networks, paper_records
from leakcore.evaluation.statement import Statement, fact


def statements() -> list[Statement]:
    """Return every statement that has a statistic of its own, in the paper's order.

    What section 4.3.3 claims of every data set is decided in results/tables/observations.csv and is
    not here.
    """
    return [
        *_table1(),
        *paper_networks.section_4(),
        *paper_networks.attacks(),
        *paper_records.statements(),
    ]


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
                fact(column), cause=_CAUSES_TABLE1.get((dataset, column), ""),
            )  # fmt: skip
    yield Statement(
        "B.4", "number of features after coding", "count", 104, "adult", "datasets",
        fact("features"),
    )  # fmt: skip
