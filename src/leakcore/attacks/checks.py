"""What every membership attack demands of the data that it is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leakcore.errors import LeakcoreError

MIN_TRAIN = 10
_BLOCK = 1024  # rows looked at together, so that no second copy of a large array is made


def check_train(member: NDArray[np.bool_], train: NDArray[np.int64]) -> None:
    """Refuse a training part that no attack can learn from.

    Parameters
    ----------
    member : (n,) the truth about every point.
    train : row indices of the attack's training part.

    Raises
    ------
    LeakcoreError : if there are fewer than `MIN_TRAIN` rows, or only members, or only non-members.
    """
    if len(train) < MIN_TRAIN:
        raise LeakcoreError(
            f"the attack's training part has {len(train)} points, at least {MIN_TRAIN} are needed; "
            "sample more points or give the attack a larger fraction"
        )
    members = int(member[train].sum())
    if members in (0, len(train)):
        raise LeakcoreError(
            f"the attack's training part has {members} members among {len(train)} points, it needs "
            "members and non-members; sample more points of both"
        )


def check_finite(name: str, values: NDArray[Any]) -> None:
    """Refuse NaN and infinity.

    Parameters
    ----------
    name : what the values are called in the message.
    values : (n, ...) array of floats.

    Raises
    ------
    LeakcoreError : naming the first row with such a value.
    """
    for start in range(0, len(values), _BLOCK):
        block = values[start : start + _BLOCK]
        finite = np.isfinite(block.reshape(len(block), -1)).all(axis=1)
        if not finite.all():
            row = start + int(np.argmin(finite))
            raise LeakcoreError(
                f"{name} of row {row} is not finite (NaN or infinity); the target model or the "
                "explanation has diverged: lower the target's learning rate or leave this level out"
            )


def choose_accesses(offered: Sequence[str], wanted: Sequence[str] | None) -> tuple[str, ...]:
    """Return the kinds of access to attack with: those wanted, or all that the attack offers.

    Raises
    ------
    LeakcoreError : if the attack does not offer a kind of access that is wanted.
    """
    if wanted is None:
        return tuple(offered)
    for access in wanted:
        if access not in offered:
            raise LeakcoreError(
                f"accesses: the attack has no access {access!r}; choose from {', '.join(offered)}"
            )
    return tuple(wanted)


def choose_settings(defaults: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    """Return the defaults, overridden by the settings.

    Raises
    ------
    LeakcoreError : if a setting has a name that the attack does not know.
    """
    for key in settings:
        if key not in defaults:
            known = ", ".join(sorted(defaults)) or "none"
            raise LeakcoreError(
                f"attack setting {key!r} is unknown; the attack's settings: {known}"
            )
    return {**defaults, **settings}


def one_norm(explanation: NDArray[Any]) -> NDArray[np.float64]:
    """Return the 1-norm of each explanation, (n,), of an array (n, ...)."""
    norm = np.empty(len(explanation))
    for start in range(0, len(explanation), _BLOCK):
        block = explanation[start : start + _BLOCK]
        np.abs(block.reshape(len(block), -1)).sum(
            axis=1, dtype=np.float64, out=norm[start : start + _BLOCK]
        )
    return norm
