"""A decision tree of depth 1 on the explanation's 1-norm (Hypothesis 4.4 (1), Figure 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.tree import DecisionTreeClassifier

from leakcore.attacks.checks import (
    check_finite,
    check_train,
    choose_accesses,
    choose_settings,
    one_norm,
)
from leakcore.runtime import Progress
from leakcore.store import Observations

ACCESSES: tuple[str, ...] = ("gradient-norm",)


def run(
    observations: Observations,
    train: NDArray[np.int64],
    test: NDArray[np.int64],
    *,
    seed: int,
    accesses: Sequence[str] | None,
    settings: Mapping[str, Any],
    progress: Progress | None = None,
) -> dict[str, tuple[NDArray[np.float64], float]]:
    """Score the test points by their norm, in the direction in which the tree finds members.

    The tree itself tells only two kinds of points apart; the norm ranks them all, and the tree's
    cut is the threshold, so that score > threshold is the tree's own decision.

    The parameters, the result and the errors are those of `leakcore.attacks.network.run`; there
    are no settings.
    """
    choose_settings({}, dict(settings))
    check_train(observations.member, train)
    result = {}
    for access in choose_accesses(ACCESSES, accesses):
        check_finite("explanation", observations.explanation)
        # scikit-learn's trees compare in float32.
        norm = one_norm(observations.explanation).astype(np.float32)
        direction, threshold = fit_tree(norm[train], observations.member[train], seed)
        result[access] = (direction * norm[test].astype(np.float64), threshold)
    if progress is not None:
        progress(1, 1, "gradient-norm")
    return result


def fit_tree(
    norm: NDArray[np.float32], member: NDArray[np.bool_], seed: int
) -> tuple[float, float]:
    """Fit the tree and return its rule.

    Parameters
    ----------
    norm, member : (n,) the norm of each point and the truth.
    seed : for scikit-learn, which draws among equally good cuts.

    Returns
    -------
    direction, threshold : the tree calls a point a member where direction * norm > threshold.
        The direction is -1 if members have the smaller norms. If the tree calls all points the
        same, the threshold is the lowest or highest float.
    """
    model = DecisionTreeClassifier(max_depth=1, random_state=seed).fit(norm[:, None], member)
    tree = model.tree_
    limits = np.finfo(np.float64)
    if tree.node_count == 1:  # all norms are equal
        return 1.0, float(limits.min if member.mean() > 0.5 else limits.max)
    cut = float(tree.threshold[0])
    left, right = (float(tree.value[child, 0, 1]) for child in (1, 2))  # shares of members
    direction = 1.0 if right > left else -1.0
    calls = model.predict(np.array([[-np.inf], [np.inf]], np.float32).clip(-3e38, 3e38))
    if calls[0] == calls[1]:
        return direction, float(limits.min if calls[0] else limits.max)
    # The left leaf takes norm <= cut.
    return direction, cut if direction > 0 else float(np.nextafter(-cut, -np.inf))
