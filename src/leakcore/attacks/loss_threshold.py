"""The attack of section 4.2 that sees the target's loss: members have a low one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leakcore.attacks.checks import check_finite, check_train, choose_accesses, choose_settings
from leakcore.runtime import Progress
from leakcore.store import Observations

ACCESSES: tuple[str, ...] = ("loss",)


def run(
    observations: Observations,
    train: NDArray[np.int64],
    test: NDArray[np.int64],
    *,
    seed: int,  # noqa: ARG001  nothing is drawn
    accesses: Sequence[str] | None,
    settings: Mapping[str, Any],
    progress: Progress | None = None,
) -> dict[str, tuple[NDArray[np.float64], float]]:
    """Score the test points by their negative loss; fit one threshold on the training part.

    The parameters, the result and the errors are those of `leakcore.attacks.network.run`; there
    are no settings.
    """
    choose_settings({}, dict(settings))
    check_train(observations.member, train)
    result = {}
    for access in choose_accesses(ACCESSES, accesses):
        check_finite("loss", observations.loss)
        score = -observations.loss.astype(np.float64)
        result[access] = (score[test], fit_threshold(observations.member[train], score[train]))
    if progress is not None:
        progress(1, 1, "loss")
    return result


def fit_threshold(member: NDArray[np.bool_], score: NDArray[np.float64]) -> float:
    """Return the threshold whose rule, score > threshold, is right about most points.

    Parameters
    ----------
    member, score : (n,) the truth and the score of each point.

    Returns
    -------
    a threshold half way between two neighbouring scores; the lowest one if several are as good.
    If it is best to call all points members, or none, it is the lowest or highest float.
    """
    order = np.argsort(score, kind="stable")
    ranked, inside = score[order], member[order]
    # right[k]: points that are called rightly when the k lowest scores are called non-members.
    right = np.concatenate([[0], np.cumsum(np.where(inside, -1, 1))])
    cuts = np.concatenate([[True], ranked[1:] != ranked[:-1], [True]])  # none within a tie
    k = int(np.argmax(np.where(cuts, right, -len(score) - 1)))
    if k in (0, len(score)):
        limits = np.finfo(np.float64)
        return float(limits.min if k == 0 else limits.max)
    below, above = ranked[k - 1], ranked[k]
    middle = below + (above - below) / 2
    return float(middle if middle < above else below)  # neighbouring floats have no middle
