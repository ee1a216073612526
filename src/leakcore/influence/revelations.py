"""Which training records explain themselves, and which groups they belong to (section 5.1)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from leakcore import store
from leakcore.errors import LeakcoreError
from leakcore.influence.influence import top_k

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Revelations:
    """Record-based explanations of all members, and how strong those of non-members are.

    Attributes
    ----------
    ids : (n, depth) the training records that explain each member, most influential first.
    influence : (n, depth) their signed influence on the member's predicted probability.
    nonmember_influence : (m,) signed influence of each non-member's most influential record.
    """

    kind: ClassVar[str] = "Revelations"
    ids: IntArray
    influence: FloatArray
    nonmember_influence: FloatArray

    def self_revealing(self, ks: Sequence[int] = (1, 5, 10)) -> NDArray[np.bool_]:
        """Whether each member is among its own k most influential records.

        Returns
        -------
        (n, len(ks)) bool; Figures 6, 7 and 15.

        Raises
        ------
        LeakcoreError : if a k is not between 1 and the depth.
        """
        depth = self.ids.shape[1]
        if not all(1 <= k <= depth for k in ks):
            raise LeakcoreError(f"k: found {list(ks)}; choose from 1 to {depth}")
        itself = self.ids == np.arange(len(self.ids))[:, None]
        return np.stack([itself[:, :k].any(axis=1) for k in ks], axis=1)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the revelations as one artefact."""
        arrays = {
            "ids": self.ids,
            "influence": self.influence,
            "nonmember_influence": self.nonmember_influence,
        }
        store.write(path, self.kind, {}, arrays)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read revelations back."""
        return cls(**store.read(path, cls.kind)[1])


def reveal(
    full: FloatArray,
    weights: FloatArray,
    members: FloatArray,
    nonmembers: FloatArray,
    depth: int = 10,
) -> Revelations:
    """Explain every member and every non-member by training records.

    Parameters
    ----------
    full : (d+1,) the model, intercept last.
    weights : (n, d+1) the model without each member.
    members : (n, d) the training records, in the order of `weights`.
    nonmembers : (m, d).
    depth : how many records explain a member; lowered to n if there are fewer.
    """
    if len(members) != len(weights):
        raise ValueError(f"need one model a member, found {len(weights)} for {len(members)}")
    ids, influence = top_k(full, weights, members, min(depth, len(weights)))
    _, strongest = top_k(full, weights, nonmembers, 1)
    return Revelations(ids, influence, strongest[:, 0])


def group_rates(
    revealed: NDArray[np.bool_], codes: NDArray[np.int16], n_groups: int
) -> tuple[FloatArray, IntArray]:
    """Share of each group that is revealed (Table 2).

    Parameters
    ----------
    revealed : (n, q) one column a k.
    codes : (n,) group of every record, 0..n_groups-1; -1, "unknown", is in no group.
    n_groups : number of groups.

    Returns
    -------
    rates : (n_groups, q) between 0 and 1; NaN for a group without members.
    members : (n_groups,) how many records each rate rests on.

    Raises
    ------
    ValueError : if a code is out of range.
    """
    if np.any((codes < -1) | (codes >= n_groups)):
        raise ValueError(f"codes must lie between -1 and {n_groups - 1}")
    belongs = codes == np.arange(n_groups)[:, None]
    members = np.count_nonzero(belongs, axis=1)
    with np.errstate(invalid="ignore"):
        rates = belongs.astype(np.float64) @ revealed / members[:, None]
    return rates, members
