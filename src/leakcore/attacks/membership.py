"""One membership attack on one target model at all its overfitting levels."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from leakcore.attacks.checks import check_finite
from leakcore.attacks.partition import partition
from leakcore.errors import LeakcoreError
from leakcore.runtime import Progress, part_of
from leakcore.store import Observations, ScoreColumn, Scores


def attack(
    module: str,
    observations: Iterable[Observations | None],
    *,
    fraction: float,
    seed: int,
    settings: Mapping[str, Any],
    accesses: Sequence[str] | None = None,
    levels: int = 1,
    progress: Progress | None = None,
) -> Scores:
    """Train the attack at each level on the same part of the points and score the others.

    Parameters
    ----------
    module : path of the attack's module (see `leakcore.attacks.registry`).
    observations : of each level, None where the target never reached it. They are taken one by
        one, so that a generator which loads them holds one level in memory.
    fraction : share of the points that trains the attack.
    seed : for the partition and the attack.
    settings : the attack's own.
    accesses : kinds of access; None is all that the attack offers.
    levels : how many observations there will be, for `progress`.
    progress : called with (done, total, what) as the attack's work goes on.

    Returns
    -------
    the test points' scores; without points or columns if no level was reached.

    Raises
    ------
    LeakcoreError : if the levels show different points, or the attack refuses them.
    """
    run = importlib.import_module(module).run
    first: tuple[Any, ...] | None = None
    columns = []
    for turn, seen in enumerate(observations):
        if seen is None:
            continue
        if first is None:
            first = (seen.index, seen.member, *partition(seen.member, fraction, seed))
        index, member, train, test = first
        if not (np.array_equal(seen.index, index) and np.array_equal(seen.member, member)):
            raise LeakcoreError(
                f"the observations of level {seen.level} show other points than the first level's; "
                "delete the observations and run again"
            )

        def report(
            done: int, total: int, what: str, turn: int = turn, level: float = seen.level
        ) -> None:
            if progress is not None:
                part_of(progress, turn, levels)(done, total, f"level {level:g}, {what}")

        results = run(
            seen, train, test, seed=seed, accesses=accesses, settings=settings, progress=report
        )
        for access, (score, threshold) in results.items():
            check_finite(f"the score ({access}, level {seen.level:g})", score)
            columns.append(
                ScoreColumn(
                    level=seen.level,
                    train_accuracy=seen.train_accuracy,
                    test_accuracy=seen.test_accuracy,
                    access=access,
                    score=score,
                    threshold=threshold,
                )
            )
        del seen, results  # before the next level is loaded
    if first is None:
        return Scores(np.empty(0, np.int64), np.empty(0, np.bool_), ())
    index, member, _, test = first
    return Scores(index[test], member[test], tuple(columns))
