"""Draw members and non-members from a data set (paper sections 4.3.1 and 5.1.1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leakcore.errors import LeakcoreError
from leakcore.store import Split

_STREAM = 0x5917  # keeps this stage's random numbers apart from every other stage's


def draw(
    labels: NDArray[np.int64],
    n_members: int,
    n_nonmembers: int,
    seed: int,
    *,
    balanced: bool = False,
) -> Split:
    """Draw a split without replacement; members and non-members are disjoint by construction.

    Parameters
    ----------
    labels : (n,) class of every point of the data set.
    n_members, n_nonmembers : how many points to draw.
    seed : the same seed gives the same split.
    balanced : draw equally many points of each class, for members and for non-members.

    Raises
    ------
    LeakcoreError : if the data set (or one class, when balanced) has too few points.
    """
    rng = np.random.default_rng([seed, _STREAM])
    wanted = n_members + n_nonmembers
    if not balanced:
        if wanted > len(labels):
            raise LeakcoreError(
                f"members ({n_members}) + nonmembers ({n_nonmembers}) = {wanted}, but the data set "
                f"has {len(labels)} points; ask for fewer"
            )
        chosen = rng.permutation(len(labels))[:wanted]
        return Split(chosen[:n_members], chosen[n_members:], seed)

    classes = np.unique(labels)
    members, nonmembers = [], []
    for i, value in enumerate(classes):
        # Sizes that the classes do not divide: the first classes get one point more.
        take = [
            count // len(classes) + (i < count % len(classes))
            for count in (n_members, n_nonmembers)
        ]
        points = rng.permutation(np.flatnonzero(labels == value))
        if sum(take) > len(points):
            raise LeakcoreError(
                f"balanced: members ({n_members}) and nonmembers ({n_nonmembers}) need "
                f"{sum(take)} points of class {value}, but the data set has {len(points)}; "
                "ask for fewer, or set balanced: false"
            )
        members.append(points[: take[0]])
        nonmembers.append(points[take[0] : sum(take)])
    # Shuffled, so that no later stage can meet the classes in blocks.
    return Split(
        rng.permutation(np.concatenate(members)), rng.permutation(np.concatenate(nonmembers)), seed
    )
