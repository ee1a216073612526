"""Baseline reconstruction: a fixed batch of queries drawn without looking at answers.

Paper section 5.3.1 and Figure 9. The three scenarios differ in what the attacker knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from leakcore.attacks.oracle import Oracle
from leakcore.errors import LeakcoreError

Scenario = Literal["uniform", "marginals", "records"]
SCENARIOS: tuple[Scenario, ...] = ("uniform", "marginals", "records")

_STREAM = 0xBA5E  # keeps this attack's random numbers apart from every other stage's


def draw_queries(
    scenario: Scenario, records: NDArray[np.generic], count: int, seed: int
) -> NDArray[np.float64]:
    """Points to query, from what the attacker knows.

    Parameters
    ----------
    scenario : `uniform`: uniform between each feature's minimum and maximum. `marginals`: every
        feature drawn from its own values, independently of the others. `records`: real records,
        without replacement.
    records : (m, d) real records that were not used in training; the first two scenarios use
        only their ranges and their marginals.
    count : how many points.
    seed : the same seed gives the same points.

    Returns
    -------
    (count, d) float64.

    Raises
    ------
    LeakcoreError : if the scenario is unknown, or `records` has fewer than `count` of them.
    """
    rng = np.random.default_rng([seed, _STREAM, len(scenario)])
    if scenario == "uniform":
        low = records.min(axis=0).astype(np.float64)
        span = records.max(axis=0).astype(np.float64) - low
        uniform: NDArray[np.float64] = low + span * rng.random((count, records.shape[1]))
        return uniform
    if scenario == "marginals":
        rows = rng.integers(len(records), size=(count, records.shape[1]))
        return np.take_along_axis(records, rows, axis=0).astype(np.float64)
    if scenario == "records":
        if count > len(records):
            raise LeakcoreError(
                f"queries: found {count}, but there are {len(records)} records that were not used "
                "in training; ask for fewer queries, or sample more non-members"
            )
        return records[rng.permutation(len(records))[:count]].astype(np.float64)
    raise LeakcoreError(f"scenario: found {scenario!r}; choose one of {', '.join(SCENARIOS)}")


def revealed_curves(
    oracle: Oracle, points: NDArray[np.float64], ks: Sequence[int] = (1, 5, 10)
) -> NDArray[np.int64]:
    """Number of distinct records revealed after each query, for every k.

    The k most influential records of an answer are its first k, so one answer serves all k.

    Parameters
    ----------
    oracle : the model; must reveal at least max(ks) records an answer.
    points : (m, d) queries, in order.
    ks : how many records of each answer are looked at.

    Returns
    -------
    (len(ks), m) int64, non-decreasing along the second axis.

    Raises
    ------
    LeakcoreError : if the oracle reveals too few records an answer.
    """
    if max(ks) > oracle.k:
        raise LeakcoreError(f"k: found {max(ks)}; the oracle reveals {oracle.k} records an answer")
    ids = oracle.query(points).ids
    curves = np.empty((len(ks), len(points)), dtype=np.int64)
    for row, k in enumerate(ks):
        _, first = np.unique(ids[:, :k], return_index=True)
        curves[row] = np.cumsum(np.bincount(first // k, minlength=len(points)))
    return curves
