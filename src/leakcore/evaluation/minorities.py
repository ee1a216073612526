"""Which of the paper's findings about groups stand (section 5.1, Table 2)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leakcore.evaluation.paper_records import KS, PAPER_TABLE2
from leakcore.evaluation.tables import STANDIN


def beside_the_paper(tests: pd.DataFrame) -> pd.DataFrame:
    """Set the tests beside Table 2 of the paper.

    Parameters
    ----------
    tests : rows of `groups.compare` of several data sets, with the columns `dataset` and `source`.

    Returns
    -------
    the rows of `tests`, and a row for each of the paper's groups that a tested data set does not
    have, with `paper_rate` and `paper_whole` (shares; empty where the paper has none) and
    `finding`, what became of the paper's: `stands` (the same sign, significant), `opposite`
    (significant, the other sign), `not shown` (not significant), `no difference` (the paper's
    rates are equal), `no such group`, `stand-in` (the data are generated and decide nothing), or
    empty.
    """
    paper = _paper()
    sources = tests.drop_duplicates("dataset").set_index("dataset")["source"]
    paper = paper[paper["dataset"].isin(sources.index) & paper["k"].isin(tests["k"])]
    keys = ["dataset", "grouping", "group", "k"]
    everything = pd.concat([tests[keys], paper[keys]]).drop_duplicates()
    table = everything.merge(tests.drop(columns="source"), on=keys, how="left")
    table = table.merge(paper, on=keys, how="left")
    table.insert(1, "source", table["dataset"].map(sources))
    table["members_distinct"] = table["members_distinct"].fillna(0).astype(int)
    table["stands"] = table["stands"].eq(True)
    table["finding"] = [_finding(row) for _, row in table.iterrows()]
    return table


def _finding(row: pd.Series) -> str:
    if pd.isna(row["paper_rate"]):
        return ""
    if pd.isna(row["p"]):
        return "no such group"
    if row["source"] == STANDIN:
        return "stand-in"
    claimed = np.sign(row["paper_rate"] - row["paper_whole"])
    if claimed == 0:
        return "no difference"
    if not row["stands"]:
        return "not shown"
    return "stands" if claimed == np.sign(row["difference"]) else "opposite"


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `beside_the_paper` to be read, one a group, with a column a k.

    Groups without a finding of the paper are left out unless a difference of theirs stands.
    """
    ks = sorted(table["k"].unique())
    rows = []
    for (dataset, source, _, group), part in table.groupby(
        ["dataset", "source", "grouping", "group"], sort=False
    ):
        by_k = part.set_index("k")
        if not (part["stands"].any() or part["paper_rate"].notna().any()):
            continue
        name = f"{dataset} (stand-in)" if source == STANDIN else str(dataset)
        row: dict[str, object] = {
            "data set": name,
            "group": group,
            "people": int(part["members_distinct"].iloc[0]),
        }
        row |= {f"k = {k}": _cell(by_k.loc[k]) if k in by_k.index else "" for k in ks}
        findings: dict[str, list[str]] = {}
        for k, finding in zip(part["k"], part["finding"], strict=True):
            if finding:
                findings.setdefault(finding, []).append(str(k))
        row["the paper's finding"] = "; ".join(
            words if len(at) == len(part) else f"{words} (k = {', '.join(at)})"
            for words, at in findings.items()
        )
        rows.append(row)
    headings = ["data set", "group", "people", *(f"k = {k}" for k in ks), "the paper's finding"]
    return pd.DataFrame(rows, columns=headings)


def _cell(row: pd.Series) -> str:
    words = []
    if pd.notna(row["difference"]):
        words.append(f"{100 * row['difference']:+.1f}" + ("*" if row["stands"] else ""))
    if pd.notna(row["paper_rate"]):
        words.append(f"({100 * (row['paper_rate'] - row['paper_whole']):+.0f})")
    return " ".join(words)


def _paper() -> pd.DataFrame:
    rows = []
    for dataset, (_, groups) in PAPER_TABLE2.items():
        rates = {(grouping, group): values for grouping, group, _, _, *values in groups}
        wholes = next(values for (grouping, _), values in rates.items() if grouping == "all")
        rows += [
            {
                "dataset": dataset,
                "grouping": grouping,
                "group": group,
                "k": k,
                "paper_rate": rate / 100,
                "paper_whole": whole / 100,
            }
            for (grouping, group), values in rates.items()
            if grouping != "all"
            for k, rate, whole in zip(KS, values, wholes, strict=True)
        ]
    return pd.DataFrame(rows)
