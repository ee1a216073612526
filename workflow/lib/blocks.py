"""Share the synthetic sweep out among jobs, by its config alone: never by the number of cores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

# Numbers of features in one job while their work is below this; it is the work of one network on
# 20,000 points with 1,000 features for 100 epochs, some ten seconds.
_WORK = 20_000 * 100 * 1_000
# What a point of few features costs in calls and 50 units, in features.
_OVERHEAD = 200
# Stored numbers of the seeds that train as one stack; above it stacking gains nothing.
_STACK = 2**25
# Megabytes that a job has before it makes any data: the interpreter and torch.
_PROGRAM = 350


def blocks(settings: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return for each job's name what it does: `n_features` (a list), `n_classes` and `seeds`.

    Small numbers of features share a job, and their seeds one stack; large ones have a job for each
    seed. Numbers of features whose cube has too few corners for the classes are left out. The
    largest come first.

    Parameters
    ----------
    settings : the section `dimension` of the config.
    """
    per_seed = settings["n_points"] * settings["training"]["epochs"]
    features = sorted(settings["features"], reverse=True)
    result = {}
    for seeds_most, group in _by_stack(features, settings):
        for seeds in _chunks(settings["seeds"], seeds_most):
            for n_classes in settings["classes"]:
                possible = [n for n in group if (n_classes - 1).bit_length() <= n]
                for part in _packed(possible, len(seeds) * per_seed):
                    name = (
                        f"features-{part[-1]}-{part[0]}_classes-{n_classes}"
                        f"_seeds-{seeds[0]}-{seeds[-1]}"
                    )
                    result[name] = {
                        "n_features": part,
                        "n_classes": n_classes,
                        "seeds": list(seeds),
                    }
    return result


def length(block: Mapping[str, Any], networks: int) -> int:
    """Return a number that is larger the longer a block takes with so many networks."""
    return networks * sum(block["n_features"]) * len(block["seeds"]) + block["n_classes"]


def memory(block: Mapping[str, Any], n_points: int) -> int:
    """Return the megabytes that a block needs at most.

    At the most features all seeds' points are in memory, and while the last of them are made also
    the mixing matrix in double precision, or a second, shuffled copy of the points.
    """
    n = max(block["n_features"])
    points = 4 * n_points * n
    numbers = len(block["seeds"]) * points + max(8 * n * n, points)
    return int(_PROGRAM + numbers / 1e6)


def _by_stack(
    features: Sequence[int], settings: Mapping[str, Any]
) -> Iterator[tuple[int, list[int]]]:
    """Group numbers of features, large to small, by how many seeds of them make one stack."""
    group: list[int] = []
    before = 0
    for n in features:
        most = min(len(settings["seeds"]), max(1, _STACK // (settings["n_points"] * n)))
        if group and most != before:
            yield before, group
            group = []
        before = most
        group.append(n)
    yield before, group


def _packed(features: Sequence[int], points: int) -> Iterator[list[int]]:
    """Put numbers of features together, in their order, while the work is small."""
    part: list[int] = []
    work = 0
    for n in features:
        more = points * (_OVERHEAD + n)
        if part and work + more > _WORK:
            yield part
            part, work = [], 0
        part.append(n)
        work += more
    if part:
        yield part


def _chunks(values: Sequence[int], most: int) -> Iterator[Sequence[int]]:
    """Cut into as few parts as there can be with `most` values each, of about the same length."""
    count = -(-len(values) // most)
    ends = [len(values) * part // count for part in range(count + 1)]
    for start, end in pairwise(ends):
        yield values[start:end]
