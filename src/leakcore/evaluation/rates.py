"""Rates of a membership attack, exact under ties.

Points with the same score are called members together or not at all. All functions take the truth
and the score of each point, higher meaning more likely a member; `Roc` also takes weights, so that
many bootstrap resamples are measured at once without sorting anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Roc:
    """How many points are called members as the threshold falls.

    Attributes
    ----------
    thresholds : (g,) the distinct scores, falling.
    true_positives, false_positives : (..., g + 1) members and non-members among the points with
        one of the k highest distinct scores, k = 0..g; leading axes are those of the weights.
    """

    thresholds: Floats
    true_positives: NDArray[np.int64]
    false_positives: NDArray[np.int64]

    @classmethod
    def of(cls, member: Bools, score: Floats, weight: NDArray[Any] | None = None) -> Self:
        """Count the points.

        Parameters
        ----------
        member : (n,) the truth.
        score : (n,) finite.
        weight : (..., n) how often each point counts, whole numbers; by default once. Each row
            needs members and non-members.

        Raises
        ------
        ValueError : if members or non-members are missing, or a score is not finite.
        """
        if not np.isfinite(score).all():
            raise ValueError("scores must be finite")
        order = np.argsort(-score, kind="stable")
        ranked = score[order]
        last = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), len(score) - 1)
        inside = member[order]
        counts = np.ones(len(score), np.int32) if weight is None else weight[..., order]
        called = np.zeros((*counts.shape[:-1], len(last) + 1), np.int64)
        true = called.copy()
        called[..., 1:] = np.cumsum(counts, axis=-1, dtype=np.int32)[..., last]
        true[..., 1:] = np.cumsum(counts * inside, axis=-1, dtype=np.int32)[..., last]
        roc = cls(ranked[last], true, called - true)
        if not (roc.members.all() and roc.nonmembers.all()):
            raise ValueError("rates need members and non-members")
        return roc

    @property
    def members(self) -> NDArray[np.int64]:
        """Number of members, (...)."""
        return self.true_positives[..., -1]

    @property
    def nonmembers(self) -> NDArray[np.int64]:
        """Number of non-members, (...)."""
        return self.false_positives[..., -1]

    def auc(self) -> Floats:
        """Return the area under the curve, (...): P(member scores higher) + P(tie) / 2."""
        true, false = self.true_positives, self.false_positives
        # Twice the area in whole numbers: exact below 2**53.
        twice = (np.diff(false, axis=-1) * (true[..., 1:] + true[..., :-1])).sum(axis=-1)
        return np.asarray(twice / (2.0 * self.members * self.nonmembers))

    def tpr_at_fpr(self, bound: float) -> Floats:
        """Return the true positive rate, (...), at the lowest threshold whose FPR is in the bound.

        That is the largest set of points called members whose false positive rate does not exceed
        `bound`; it is empty, and the rate 0, if the highest score alone exceeds it.
        """
        within = self.false_positives / self.nonmembers[..., None] <= bound
        k = within.sum(axis=-1) - 1  # the false positives never fall as k grows
        true = np.take_along_axis(self.true_positives, k[..., None], axis=-1)[..., 0]
        return np.asarray(true / self.members)

    def rates_at(self, threshold: float) -> tuple[Floats, Floats]:
        """Return true and false positive rate, (...), of calling score > threshold a member."""
        k = int((self.thresholds > threshold).sum())
        return (
            np.asarray(self.true_positives[..., k] / self.members),
            np.asarray(self.false_positives[..., k] / self.nonmembers),
        )

    def accuracy(self, threshold: float) -> Floats:
        """Return the share, (...), of points that score > threshold calls rightly."""
        k = int((self.thresholds > threshold).sum())
        right = self.true_positives[..., k] + self.nonmembers - self.false_positives[..., k]
        return np.asarray(right / (self.members + self.nonmembers))

    def balanced_accuracy(self, threshold: float) -> Floats:
        """Return the mean, (...), of true positive rate and true negative rate."""
        true, false = self.rates_at(threshold)
        return np.asarray((true + 1 - false) / 2)


def accuracy(member: Bools, score: Floats, threshold: float) -> float:
    """Return the share of points that score > threshold calls rightly."""
    return float(Roc.of(member, score).accuracy(threshold))


def balanced_accuracy(member: Bools, score: Floats, threshold: float) -> float:
    """Return the mean of true positive and true negative rate of score > threshold."""
    return float(Roc.of(member, score).balanced_accuracy(threshold))


def auc(member: Bools, score: Floats) -> float:
    """Return the area under the receiver operating characteristic; a tie counts one half."""
    return float(Roc.of(member, score).auc())


def tpr_at_fpr(member: Bools, score: Floats, bound: float) -> float:
    """Return the true positive rate of the largest threshold set whose FPR is within the bound."""
    return float(Roc.of(member, score).tpr_at_fpr(bound))
