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
