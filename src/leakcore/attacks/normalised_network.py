"""The attack network on explanations scaled to 1-norm 1 (Hypothesis 4.4 (2)).

If the norm is what leaks, this attack does no better than a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leakcore.attacks import network
from leakcore.attacks.checks import check_finite, choose_accesses, one_norm
from leakcore.runtime import Progress
from leakcore.store import Observations

ACCESSES: tuple[str, ...] = ("normalised-gradient",)


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
    """Attack as `network` does with access to the gradient, once the gradient is normalised.

    The parameters, settings, result and errors are those of `leakcore.attacks.network.run`.
    """
    result = {}
    for access in choose_accesses(ACCESSES, accesses):
        check_finite("explanation", observations.explanation)
        normalised = replace(observations, explanation=normalise(observations.explanation))
        result[access] = network.run(
            normalised,
            train,
            test,
            seed=seed,
            accesses=("gradient",),
            settings=settings,
            progress=progress,
        )["gradient"]
    return result


def normalise(explanation: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return explanations, (n, ...), scaled to 1-norm 1; one that is all 0 stays so."""
    norm = one_norm(explanation)
    norm[norm == 0] = 1.0
    # In float64 the quotient is right even where the norm is below float32's smallest number.
    scaled = np.empty(explanation.shape, np.float32)
    shape = (-1,) + (1,) * (explanation.ndim - 1)
    np.divide(explanation, norm.reshape(shape), out=scaled, casting="same_kind")
    return scaled
