"""Adaptive reconstruction: query the records that earlier answers revealed.

Paper sections 5.2.1 and 5.3.3. The attacker starts with one record and walks along the influence
graph without knowing it. The order of queries cannot change what is found in the end, only how
soon; the greedy omniscient attacker, who knows the graph, is the measure for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from leakcore.attacks.oracle import Oracle
from leakcore.errors import LeakcoreError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Schedule = Literal["bfs", "dfs", "random_walk", "highest_influence"]
SCHEDULES: tuple[Schedule, ...] = ("bfs", "dfs", "random_walk", "highest_influence")

_STREAM = 0x7A4E  # keeps this attack's random numbers apart from every other stage's


@dataclass(frozen=True)
class Traversal:
    """The course of one traversal.

    Attributes
    ----------
    ids : (r,) revealed records in the order in which they were revealed.
    recovered : (q,) number of distinct records revealed after each query.
    """

    ids: IntArray
    recovered: IntArray

    @property
    def queries(self) -> int:
        """Queries until every known record had been asked about."""
        return len(self.recovered)

    @property
    def queries_to_last(self) -> int:
        """Queries until the last new record was revealed."""
        return int(np.searchsorted(self.recovered, self.recovered[-1])) + 1


def traverse(
    oracle: Oracle, start: NDArray[np.generic], schedule: Schedule, seed: int
) -> Traversal:
    """Query a record, then the records it reveals, until no unasked record is known.

    Records with equal features have equal answers; only the first of them is asked about.

    Parameters
    ----------
    oracle : the model under attack; all k records of an answer are used.
    start : (d,) the features of a record that the attacker has.
    schedule : which known record to ask about next. `bfs`: the one revealed first. `dfs`: the one
        revealed last, the most influential one of an answer first. `random_walk`: a random one of
        the last answer, or of all if none of those is left. `highest_influence`: the one that was
        revealed with the largest absolute influence so far.
    seed : of the random walk.

    Raises
    ------
    LeakcoreError : if the schedule is unknown.
    """
    if schedule not in SCHEDULES:
        raise LeakcoreError(f"schedule: found {schedule!r}; choose one of {', '.join(SCHEDULES)}")
    rng = np.random.default_rng([seed, _STREAM])
    point = np.asarray(start, dtype=np.float64)
    asked: set[bytes] = set()
    features: dict[int, FloatArray] = {}  # of every known record
    waiting: dict[int, float] = {}  # known, not asked about: the largest influence seen
    recovered: list[int] = []
    while True:
        asked.add(point.tobytes())
        answer = oracle.query(point[None])
        ids = [int(i) for i in answer.ids[0]]
        new = [i for i in ids if i not in features]
        if new:
            found, _ = oracle.records(np.array(new))
            features |= zip(new, found.astype(np.float64), strict=True)
            waiting |= dict.fromkeys(new, 0.0)
        recovered.append(len(features))

        ranked = list(zip(ids, np.abs(answer.influence[0]).tolist(), strict=True))
        for record, size in reversed(ranked) if schedule == "dfs" else ranked:
            if record in waiting:
                largest = max(waiting[record], size)
                if schedule == "dfs":  # to the end: it is the next to be asked about
                    del waiting[record]
                waiting[record] = largest
        while waiting:
            record = _next(schedule, waiting, ids, rng)
            del waiting[record]
            point = features[record]
            if point.tobytes() not in asked:
                break
        else:
            return Traversal(np.array(list(features), dtype=np.int64), np.array(recovered))


def _next(
    schedule: Schedule, waiting: dict[int, float], ids: list[int], rng: np.random.Generator
) -> int:
    if schedule == "bfs":
        return next(iter(waiting))
    if schedule == "dfs":
        return next(reversed(waiting))
    if schedule == "highest_influence":
        return max(waiting, key=waiting.__getitem__)
    choices = [i for i in ids if i in waiting] or list(waiting)
    return choices[rng.integers(len(choices))]


def omniscient(ids: IntArray, start: int) -> Traversal:
    """The greedy attacker who knows the influence graph (paper section 5.2.1).

    Always asks about the known record that reveals most unknown ones (the lowest index among
    equals), and stops as soon as nothing new can be reached.

    Parameters
    ----------
    ids : (n, k) the records that each training record reveals.
    start : the training record to start from.
    """
    n = len(ids)
    unknown = np.ones(n, dtype=np.bool_)
    candidate = np.zeros(n, dtype=np.bool_)  # records that it has
    order: list[int] = []
    recovered: list[int] = []
    gain = np.full(n, ids.shape[1])
    reveals = _reverse(ids)
    record = start
    while True:
        new = ids[record][unknown[ids[record]]]
        unknown[new] = False
        candidate[new] = True
        for i in new:
            gain[reveals[i]] -= 1
        order.extend(int(i) for i in new)
        recovered.append(len(order))
        record = int(np.argmax(np.where(candidate, gain, 0)))
        if gain[record] == 0 or not candidate[record]:
            return Traversal(np.array(order, dtype=np.int64), np.array(recovered))


def _reverse(ids: IntArray) -> list[IntArray]:
    """For every record the records that reveal it."""
    order = np.argsort(ids, axis=None, kind="stable")
    ends = np.cumsum(np.bincount(ids.ravel(), minlength=len(ids)))
    return np.split(order // ids.shape[1], ends[:-1])
