"""Whether a group is revealed more or less often than the rest (paper section 5.1, Table 2).

Samplings overlap: the same person is a member in several, and is revealed in most of them or in
few. The unit is therefore the distinct person, never the membership in a sampling. Each person's
excess is the sum, over the samplings with that person as a member, of `revealed` (0 or 1) minus
the sampling's mean rate. A group's statistic is the sum over its people; its null distribution is
that of as many people drawn without replacement from all who were ever members. This holds the
rate of a group whose people are like the others'; it supposes that the group's people are members
about as often as the others, as random samplings make them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leakcore.evaluation.tables import STANDIN

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

DRAWS = 20_000
LEVEL = 0.05
COLUMNS = (
    *("grouping", "group", "k", "members_distinct", "rate", "rest", "difference"),
    *("p", "p_holm", "stands"),
)
_STREAM = 0x6209
_BLOCK = 1 << 21  # indices permuted together

# Table 2 of the paper, in percent: for each data set the whole data set's rates at k = 1, 5 and
# 10, and each group's.
PAPER_KS = (1, 5, 10)
Rates = tuple[int, int, int]
PAPER: dict[str, tuple[Rates, dict[tuple[str, str], Rates]]] = {
    "dogfish": (
        (16, 24, 28),
        {
            ("animal", "birds"): (64, 84, 86),
            ("animal", "clownfish"): (14, 30, 33),
            ("animal", "lion fish"): (9, 31, 43),
        },
    ),
    "hospital": (
        (33, 63, 75),
        {
            ("age", "[0-10)"): (61, 100, 100),
            ("age", "[10-20)"): (23, 62, 95),
            ("race", "Caucasian"): (32, 62, 74),
            ("race", "AfricanAmerican"): (36, 66, 78),
            ("race", "Hispanic"): (40, 61, 77),
            ("race", "Other"): (30, 60, 79),
            ("race", "Asian"): (33, 70, 95),
        },
    ),
    "adult": (
        (10, 21, 28),
        {
            ("age", "10-20"): (0, 1, 1),
            ("race", "White"): (10, 21, 28),
            ("race", "Black"): (9, 16, 19),
            ("race", "Amer-Indian-Eskimo"): (8, 23, 32),
            ("race", "Other"): (16, 32, 43),
            ("race", "Asian-Pac-Islander"): (21, 40, 48),
        },
    ),
}


@dataclass(frozen=True)
class People:
    """Everyone who was a member in some sampling.

    Attributes
    ----------
    points : (n,) their indices in the data set, ascending.
    memberships : (n,) in how many samplings each was a member.
    revealed : (n, q) in how many of these each was revealed, one column a k.
    excess : (n, q) the sum over these of revealed (0 or 1) minus the sampling's mean rate.
    """

    points: IntArray
    memberships: IntArray
    revealed: IntArray
    excess: FloatArray


def people(members: Sequence[IntArray], revealed: Sequence[BoolArray]) -> People:
    """Gather the samplings by person.

    Parameters
    ----------
    members : for each sampling the members' indices in the data set, (n_s,), without repetition.
    revealed : for each sampling whether each member was revealed, (n_s, q), one column a k.
    """
    points, place = np.unique(np.concatenate(members), return_inverse=True)
    hits = np.concatenate(revealed).astype(np.int64)
    above = np.concatenate([mask - mask.mean(axis=0) for mask in revealed])
    total = np.zeros((len(points), hits.shape[1]), np.int64)
    excess = np.zeros(total.shape)
    np.add.at(total, place, hits)
    np.add.at(excess, place, above)
    return People(points, np.bincount(place, minlength=len(points)), total, excess)


def p_values(excess: FloatArray, groups: BoolArray, *, draws: int, seed: int) -> FloatArray:
    """Compare groups with as many people drawn without replacement (Monte Carlo, two-sided).

    One permutation of the people serves all groups: its first m are a draw for every group of m.
    A group of more than half of the people is compared through those outside of it, which is the
    same.

    Parameters
    ----------
    excess : (n, q).
    groups : (g, n) who belongs to each group.
    draws : number of draws B.
    seed : of the draws.

    Returns
    -------
    (g, q) p = (1 + number of draws at least as far from the expected sum) / (1 + B); NaN for a
    group of nobody or of everyone.
    """
    n = len(excess)
    inside = np.count_nonzero(groups, axis=1)
    size = np.minimum(inside, n - inside)
    p = np.full((len(groups), excess.shape[1]), np.nan)
    possible = np.flatnonzero(size > 0)
    if not len(possible):
        return p
    centred = excess - excess.mean(axis=0)
    # Equal sums must not differ by rounding.
    slack = 1e-9 * np.abs(centred).sum(axis=0)
    observed = np.abs(groups[possible].astype(np.float64) @ centred) - slack
    sizes, which = np.unique(size[possible], return_inverse=True)
    starts = np.concatenate([[0], sizes[:-1]])
    as_far = np.zeros(observed.shape, np.int64)
    rng = np.random.default_rng([seed, _STREAM])
    block = max(1, _BLOCK // n)
    for start in range(0, draws, block):
        people_in_order = np.tile(np.arange(n, dtype=np.int32), (min(block, draws - start), 1))
        drawn = rng.permuted(people_in_order, axis=1, out=people_in_order)[:, : sizes[-1]]
        for column in range(excess.shape[1]):
            steps = np.add.reduceat(centred[drawn, column], starts, axis=1)
            sums = np.abs(np.cumsum(steps, axis=1))[:, which]
            as_far[:, column] += np.count_nonzero(sums >= observed[:, column], axis=0)
    p[possible] = (1 + as_far) / (1 + draws)
    return p


def holm(p: FloatArray) -> FloatArray:
    """Return Holm's step-down adjusted p values of one family; NaN are no tests of it.

    Parameters
    ----------
    p : any shape.
    """
    adjusted = np.full(p.shape, np.nan)
    tested = np.isfinite(p)
    values = p[tested]
    order = np.argsort(values, kind="stable")
    steps = (len(values) - np.arange(len(values))) * values[order]
    family = np.empty(len(values))
    family[order] = np.minimum(1, np.maximum.accumulate(steps))
    adjusted[tested] = family
    return adjusted


def compare(
    seen: People,
    groups: Mapping[str, tuple[NDArray[np.int16], Sequence[str]]],
    ks: Sequence[int],
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """Test every group of one data set against the rest, corrected for all groups and all k.

    Parameters
    ----------
    seen : of all samplings.
    groups : for each grouping the code of every point of the data set (-1: unknown, in no group),
        and the groups' names.
    ks : what the columns of `seen.revealed` stand for.
    draws, seed : of the Monte Carlo test.

    Returns
    -------
    one row a group and k with the columns `COLUMNS`: `members_distinct` people, `rate` and `rest`,
    shares of the memberships of the group and of all others that are revealed, their `difference`,
    `p`, `p_holm` (Holm's correction over all rows) and `stands` (p_holm < `LEVEL`). Rates and p
    are NaN where there is nobody, or nobody else.
    """
    names = [(grouping, name) for grouping, (_, all_names) in groups.items() for name in all_names]
    if not names:
        return pd.DataFrame(columns=list(COLUMNS))
    belongs = np.concatenate(
        [
            codes[seen.points] == np.arange(len(all_names))[:, None]
            for codes, all_names in groups.values()
        ]
    )
    p = p_values(seen.excess, belongs, draws=draws, seed=seed)
    corrected = holm(p)
    rate, rest = (_rates(seen, side) for side in (belongs, ~belongs))
    rows = [
        {
            "grouping": grouping,
            "group": name,
            "k": k,
            "members_distinct": int(belongs[g].sum()),
            "rate": rate[g, column],
            "rest": rest[g, column],
            "difference": rate[g, column] - rest[g, column],
            "p": p[g, column],
            "p_holm": corrected[g, column],
            "stands": bool(corrected[g, column] < LEVEL),
        }
        for g, (grouping, name) in enumerate(names)
        for column, k in enumerate(ks)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rates(seen: People, belongs: BoolArray) -> FloatArray:
    with np.errstate(invalid="ignore"):
        rates: FloatArray = (belongs @ seen.revealed) / (belongs @ seen.memberships)[:, None]
    return rates


def minorities(tests: pd.DataFrame) -> pd.DataFrame:
    """Set the tests beside Table 2 of the paper.

    Parameters
    ----------
    tests : rows of `compare` of several data sets, with the columns `dataset` and `source`.

    Returns
    -------
    the rows of `tests`, and a row for each of the paper's groups that a tested data set does not
    have, with `paper_rate` and `paper_whole` (shares; empty where the paper has none) and
    `finding`, what became of the paper's: `stands` (the same sign, significant), `opposite`
    (significant, the other sign), `not shown` (not significant), `no difference` (the paper's
    rates are equal), `no such group`, `stand-in` (the data are generated and decide nothing), or
    empty.
    """
    paper = pd.DataFrame(
        [
            {
                "dataset": dataset,
                "grouping": grouping,
                "group": group,
                "k": k,
                "paper_rate": rate / 100,
                "paper_whole": whole / 100,
            }
            for dataset, (wholes, found) in PAPER.items()
            for (grouping, group), rates in found.items()
            for k, rate, whole in zip(PAPER_KS, rates, wholes, strict=True)
        ]
    )
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
    """Return the rows of `minorities` to be read, one a group, with a column a k.

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


def add_p_values(table: pd.DataFrame, tests: pd.DataFrame) -> pd.DataFrame:
    """Add to Table 2 the corrected p value of every group and k, as `k1_p` and so on.

    Parameters
    ----------
    table : rows of `records.group_table` of one data set.
    tests : rows of `compare` of the same data set.
    """
    keys = ["grouping", "group"]
    for k, part in tests.groupby("k"):
        column = part[[*keys, "p_holm"]].rename(columns={"p_holm": f"k{k}_p"})
        table = table.merge(column, on=keys, how="left")
    return table


def significant(table: pd.DataFrame, ks: Sequence[int]) -> list[str]:
    """Return for each row of `add_p_values` at which k its group differs from the rest."""
    tested = [k for k in ks if f"k{k}_p" in table]
    return [
        ", ".join(f"k = {k}" for k in tested if row[f"k{k}_p"] < LEVEL)
        for _, row in table.iterrows()
    ]
