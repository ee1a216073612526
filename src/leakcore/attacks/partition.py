"""The attacker's own training and test part of the points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leakcore.attacks.checks import check_train
from leakcore.errors import LeakcoreError

_STREAM = 401


def partition(
    member: NDArray[np.bool_], fraction: float, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw the rows that train the attack; the others test it.

    Both parts have the members' share of the whole, up to rounding.

    Parameters
    ----------
    member : (n,) the truth about every point.
    fraction : share of the points that trains the attack, between 0 and 1 (the paper: 0.7).
    seed : the draw depends on it and on nothing else but `member`.

    Returns
    -------
    train, test : row indices, ascending, disjoint, together all rows.

    Raises
    ------
    LeakcoreError : if the fraction is out of range, or a part lacks members or non-members.
    """
    if not 0 < fraction < 1:
        raise LeakcoreError(
            f"fraction: {fraction} of the points shall train the attack; give a number between "
            "0 and 1"
        )
    rng = np.random.default_rng([seed, _STREAM])
    in_train = np.zeros(len(member), dtype=bool)
    for rows in (np.flatnonzero(member), np.flatnonzero(~member)):
        in_train[rng.permutation(rows)[: round(fraction * len(rows))]] = True
    train, test = np.flatnonzero(in_train), np.flatnonzero(~in_train)
    check_train(member, train)
    members = int(member[test].sum())
    if members in (0, len(test)):
        raise LeakcoreError(
            f"fraction: {fraction} leaves {members} members among {len(test)} points to test the "
            "attack; sample more points or give a smaller fraction"
        )
    return train, test
