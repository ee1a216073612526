"""Tidy tables of what record-based explanations reveal (paper sections 5.1 and 5.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leakcore.evaluation.intervals import student
from leakcore.influence import constructions
from leakcore.influence.influence import influence
from leakcore.influence.revelations import Revelations, group_rates

WHOLE = "whole data set"


def group_rows(
    revelations: Revelations,
    groups: Mapping[str, tuple[NDArray[np.int16], Sequence[str]]],
    ks: Sequence[int],
) -> pd.DataFrame:
    """Measure self-revealing members, in all and by group, for one sampling.

    Parameters
    ----------
    revelations : of the n members.
    groups : for each grouping the members' codes (n,) and the groups' names.
    ks : numbers of revealed records.

    Returns
    -------
    one row a group and k: grouping, group, k, `members` (the number of members in the group),
    `share` (of all members), `revealed` (number) and `rate` (NaN for a group without members).
    """
    revealed = revelations.self_revealing(ks)
    n = len(revealed)
    everyone = (np.zeros(n, np.int16), (WHOLE,))
    rows = []
    for grouping, (codes, names) in {"all": everyone, **groups}.items():
        rates, members = group_rates(revealed, codes, len(names))
        for name, group_rate, count in zip(names, rates, members, strict=True):
            for k, rate in zip(ks, group_rate, strict=True):
                rows.append(
                    {
                        "grouping": grouping,
                        "group": name,
                        "k": k,
                        "members": int(count),
                        "share": count / n,
                        "revealed": round(rate * count) if count else 0,
                        "rate": rate,
                    }
                )
    return pd.DataFrame(rows)


def group_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Put the samplings together: Table 2.

    Parameters
    ----------
    rows : `group_rows` of several samplings, with the columns `dataset`, `source` and `seed`.

    Returns
    -------
    one row a group: `share_percent` (of the data), for each k the mean rate over the samplings that
    have members of the group (`k1` ...) and its standard deviation (`k1_sd` ...), in percent,
    `members` (mean number a sampling) and `members_in_all` (over all samplings).
    """
    table = []
    keys = ["dataset", "source", "grouping", "group"]
    for key, part in rows.groupby(keys, sort=False):
        first = part[part["k"] == part["k"].iloc[0]]
        row: dict[str, object] = dict(zip(keys, key, strict=True))
        row |= {
            "samplings": int(first["seed"].nunique()),
            "share_percent": 100 * first["share"].mean(),
        }
        rates = {k: 100 * at["rate"] for k, at in part.groupby("k")}
        row |= {f"k{k!s}": rate.mean() for k, rate in rates.items()}
        row |= {f"k{k!s}_sd": rate.std(ddof=1) for k, rate in rates.items()}
        row |= {
            "members": first["members"].mean(),
            "members_in_all": int(first["members"].sum()),
        }
        table.append(row)
    return pd.DataFrame(table)


def influence_rows(revelations: Revelations) -> pd.DataFrame:
    """List the absolute influence of every point's most influential record (Figure 7).

    Returns
    -------
    one row a point, members first: `member`, `revealed` (the point is that record) and `influence`.
    """
    itself = revelations.self_revealing([1])[:, 0]
    others = len(revelations.nonmember_influence)
    return pd.DataFrame(
        {
            "member": np.repeat([True, False], [len(itself), others]),
            "revealed": np.concatenate([itself, np.zeros(others, np.bool_)]),
            "influence": np.abs(
                np.concatenate([revelations.influence[:, 0], revelations.nonmember_influence])
            ),
        }
    )


def construction_rows(records: int = 8, points: int = 401) -> pd.DataFrame:
    """Evaluate the two constructions of Figure 8 on a line of queries.

    Parameters
    ----------
    records : training records in each construction.
    points : queries on the line.

    Returns
    -------
    one row a construction, record and query: `construction`, `record`, `query`, `influence`
    (absolute).
    """
    frames = []
    lines = np.linspace(-6, 6, points), np.linspace(0, records + 1, points)
    built = constructions.two_revealable(records), constructions.all_revealable(records)[:2]
    for name, queries, (full, weights) in zip(
        ("extremes hide the rest", "tangents of a parabola"), lines, built, strict=True
    ):
        size = np.abs(influence(full, weights, queries[:, None]))
        frames.append(
            pd.DataFrame(
                {
                    "construction": name,
                    "record": np.tile(np.arange(records), points),
                    "query": np.repeat(queries, records),
                    "influence": size.ravel(),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def reach_histogram(rows: pd.DataFrame, bins: int = 100) -> pd.DataFrame:
    """Count how much of the training set walks from every start reveal (Figure 10).

    Parameters
    ----------
    rows : one row a start and sampling: `dataset`, `source`, `seed`, `share`.
    bins : of equal width over the shares 0 to 1.

    Returns
    -------
    one row a data set and bin: `low`, `high`, `starts` (share of the starts of all samplings),
    `samplings`.
    """
    frames = []
    for (dataset, source), part in rows.groupby(["dataset", "source"], sort=False):
        counts, edges = np.histogram(part["share"], bins=bins, range=(0, 1))
        frames.append(
            pd.DataFrame(
                {
                    "dataset": dataset,
                    "source": source,
                    "low": edges[:-1],
                    "high": edges[1:],
                    "starts": counts / counts.sum(),
                    "samplings": part["seed"].nunique(),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def average(rows: pd.DataFrame, keys: Sequence[str], values: Sequence[str]) -> pd.DataFrame:
    """Return mean, standard deviation and 95 % Student interval of columns over the samplings.

    Parameters
    ----------
    rows : one row a sampling and combination of `keys`.
    keys : columns that tell the combinations apart.
    values : columns to average.

    Returns
    -------
    one row a combination: `samplings`, and for each value its mean under the value's name, `_sd`,
    `_low` and `_high` (NaN with a single sampling).
    """
    table = []
    for key, part in rows.groupby(list(keys), sort=False):
        row: dict[str, object] = dict(zip(keys, key, strict=True))
        row["samplings"] = len(part)
        for value in values:
            column = part[value].to_numpy(np.float64)
            row[value] = column.mean()
            row[f"{value}_sd"] = column.std(ddof=1) if len(column) > 1 else np.nan
            row[f"{value}_low"], row[f"{value}_high"] = student(column)
        table.append(row)
    names = [f"{value}{part}" for value in values for part in ("", "_sd", "_low", "_high")]
    return pd.DataFrame(table, columns=[*keys, "samplings", *names])
