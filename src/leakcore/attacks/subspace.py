"""Algorithm 1: recover training records by making the influence of known ones vanish.

Paper section 5.2 and Theorem 5.1. Removing record x from the training set shifts the model's
logit at query y by an affine function of y, which is zero exactly where the influence of x is
zero. Every round queries a point where the influence of all recovered records is zero, so that the
explanation must name a new one; finite differences then give the new record's shift as a function
of y, and with it the next, smaller, affine subspace of queries.

The two variants differ in the directions of the finite differences:

- `weights`, as the authors ran it (paper section 5.3.2): all d axes, which recovers the record's
  whole leave-one-out weight vector.
- `subspace`, as printed: a basis of the current subspace, n - q + 1 queries for record q + 1.

Both start at y = 0, where the first d + 1 queries recover the model itself as well.

Numerics. The shift is affine, so a finite difference has no truncation error and its step can be
large; only rounding (unit roundoff over step) and the region in which the record stays revealed
limit it. Features are measured in units of `scale`. Queries are the point of the subspace nearest
to the origin plus a random step of about one unit a feature (less where shifts are too large to
be measured), moved within the subspace only as far as a moderate logit needs: near probability 1
the released numbers say little about the logit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from leakcore.attacks.oracle import Answer, Oracle
from leakcore.errors import LeakcoreError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Variant = Literal["weights", "subspace"]
Stop = Literal["exhausted", "repeated", "unresolved"]

_STREAM = 0xA160  # keeps this attack's random numbers apart from every other stage's
_STEP = 2.0**-10  # of a query's largest coordinate: relative rounding error 2**-52 / _STEP
_SMALLEST_STEP = 2.0**-30
_MAX_LOGIT = 4.0
_MAX_SHIFT = 12.0  # f - influence still gives f_x to ten digits
_MAX_MOVE = 2.0  # of the logit within a finite difference
_BOUND = 1e6  # largest coordinate of a query, in units of scale
# What counts as zero, relative to the largest gradient seen. On real data the gradients of
# new records are above 5e-5 and those that are zero up to rounding are below 1e-9.
_RANK_TOLERANCE = 1e-8
_TRIES = 5


@dataclass(frozen=True)
class Recovery:
    """What Algorithm 1 found.

    Attributes
    ----------
    ids : (r,) recovered training records in the order of recovery.
    queries_used : (r,) queries spent when each of them was named.
    queries : queries spent in all.
    stop : why it stopped. `exhausted`: on the rest of the subspace no influence can be changed
        (line 19 of Algorithm 1). `repeated`: five random points of the subspace named known
        records only. `unresolved`: the shift could not be measured, because of a tie or because
        a probability is too close to 0 or 1 wherever queries are bounded.
    """

    ids: IntArray
    queries_used: IntArray
    queries: int
    stop: Stop


def upper_bound(full: FloatArray, weights: FloatArray) -> int:
    """How many records Algorithm 1 can recover at most, from any start.

    Every recovered record's shift is nonzero at a query (y, 1) where all earlier shifts are zero.
    So their rows (w_x - w, b_x - b) are linearly independent, and the rank of all rows is the
    bound. Collinear columns (a one-hot group sums to one) and empty columns lower it below d + 1.

    Parameters
    ----------
    full : (d+1,) the model, intercept last.
    weights : (n, d+1) the model without each training record.
    """
    values = np.linalg.svd(weights - full, compute_uv=False)
    return int(np.count_nonzero(values > 1e-10 * values[0]))


def reconstruct(
    oracle: Oracle, *, variant: Variant, seed: int, scale: FloatArray | None = None
) -> Recovery:
    """Run Algorithm 1 against an oracle (paper section 5.2).

    Only the most influential record of an answer is used, as in the paper.

    Parameters
    ----------
    oracle : the model under attack.
    variant : `weights` or `subspace`, see above.
    seed : of the random points in the subspaces.
    scale : (d,) the public size of each feature, for example its range; 1 if not known.

    Raises
    ------
    LeakcoreError : if the variant is unknown, or a scale is not positive.
    """
    if variant not in ("weights", "subspace"):
        raise LeakcoreError(f"variant: found {variant!r}; choose 'weights' or 'subspace'")
    d = oracle.n_features
    scale = np.ones(d) if scale is None else np.asarray(scale, dtype=np.float64)
    if scale.shape != (d,) or not np.all(np.isfinite(scale) & (scale > 0)):
        raise LeakcoreError(f"scale: need {d} positive numbers, one a feature")

    rng = np.random.default_rng([seed, _STREAM])
    begun = oracle.queries
    ids: list[int] = []
    used: list[int] = []

    def result(stop: Stop) -> Recovery:
        return Recovery(
            np.array(ids, dtype=np.int64),
            np.array(used, dtype=np.int64),
            oracle.queries - begun,
            stop,
        )

    subspace = _Subspace(np.zeros(d), np.eye(d))
    model: FloatArray | None = None
    largest, spread, tries = 0.0, 1.0, 0
    while True:
        if model is None:
            point, answer = _start(oracle, scale)
        else:
            point = _pick(subspace, model, spread, rng)
            answer = oracle.query((point * scale)[None])
        record, change = int(answer.ids[0, 0]), _shift(answer)[0]
        if abs(change) <= _RANK_TOLERANCE * largest * max(1.0, np.abs(point).max()):
            return result("exhausted")
        new, measurable = record not in ids, abs(change) <= _MAX_SHIFT
        if not (new and measurable) and model is not None and tries < _TRIES - 1:
            tries += 1
            spread *= 1.0 if measurable else 0.25
            continue
        if not new:
            return result("repeated")
        ids.append(record)
        used.append(oracle.queries - begun)
        tries, spread = 0, min(1.0, 2.0 * spread)
        directions = subspace.basis if variant == "subspace" else None
        measured = _differences(oracle, point, directions, scale, record, answer)
        if measured is None:
            return result("unresolved")
        gradient, slope = measured
        if model is None:
            model = np.append(slope, logit(answer.probability[0]) - slope @ point)
        largest = max(largest, float(np.linalg.norm(gradient)))
        if variant == "weights":
            gradient = subspace.basis.T @ gradient
        size = float(np.linalg.norm(gradient))
        if size <= max(_RANK_TOLERANCE * largest, abs(change) / _BOUND):
            return result("exhausted")
        subspace = subspace.restrict(point, change, gradient)


@dataclass(frozen=True)
class _Subspace:
    """Points origin + basis z; origin (d,) is the nearest to 0, basis (d, m) is orthonormal."""

    origin: FloatArray
    basis: FloatArray

    def restrict(self, point: FloatArray, value: float, gradient: FloatArray) -> _Subspace:
        """Part of the subspace where value + gradient . basis.T (y - point) is zero."""
        size = np.linalg.norm(gradient)
        # The Householder reflection that takes the gradient to the first axis: the other axes
        # then span what is orthogonal to it.
        axis = gradient / size
        axis[0] += np.copysign(1.0, axis[0])
        axis /= np.linalg.norm(axis)
        origin = point - self.basis @ (gradient * (value / size**2))
        basis = (self.basis - 2.0 * np.outer(self.basis @ axis, axis))[:, 1:]
        return _Subspace(origin - basis @ (basis.T @ origin), basis)


def _start(oracle: Oracle, scale: FloatArray) -> tuple[FloatArray, Answer]:
    """The origin and its answer; if the probability there is near 1, of a more moderate point."""
    point = np.zeros(len(scale))
    for _ in range(_TRIES):
        answer = oracle.query((point * scale)[None])
        margin = logit(answer.probability[0])
        if not _MAX_LOGIT < margin < np.inf:
            break
        near = oracle.query((point + np.eye(len(scale))) * scale)
        slope = logit(near.probability) - margin
        slope[~np.isfinite(slope)] = 0.0
        if not slope.any():
            break
        point = point - slope * (margin / (slope @ slope))
    return point, answer


def _pick(
    subspace: _Subspace, model: FloatArray, spread: float, rng: np.random.Generator
) -> FloatArray:
    """A random point of the subspace, bounded, of moderate logit as far as the bound allows."""
    step = spread * rng.normal(size=subspace.basis.shape[1])
    point = subspace.origin + subspace.basis @ step
    margin = point @ model[:-1] + model[-1]
    slope = subspace.basis.T @ model[:-1]
    excess = margin - np.clip(margin, -_MAX_LOGIT, _MAX_LOGIT)
    if abs(excess) < _BOUND * np.linalg.norm(slope):
        point = point - subspace.basis @ (slope * (excess / (slope @ slope)))
    return point


def _differences(
    oracle: Oracle,
    point: FloatArray,
    directions: FloatArray | None,
    scale: FloatArray,
    record: int,
    answer: Answer,
) -> tuple[FloatArray, FloatArray] | None:
    """Slopes of the record's shift and of the model's logit along every column of directions.

    The axes are the directions where none are given.

    Lines 9 to 18 of Algorithm 1: the step is halved where another record is revealed. None if
    a step would become too small to measure with.
    """
    change, margin = _shift(answer)[0], logit(answer.probability[0])
    if not np.isfinite([change, margin]).all():
        return None
    count = len(point) if directions is None else directions.shape[1]
    gradient, slope = np.empty(count), np.empty(count)
    todo = np.arange(count)
    size = max(1.0, float(np.abs(point).max()))
    step = _STEP * size
    while len(todo):
        if step < _SMALLEST_STEP * size:
            return None
        if directions is None:
            near = oracle.query_along_axes(point * scale, todo, step * scale[todo])
        else:
            near = oracle.query((point + step * directions[:, todo].T) * scale)
        shift, move = _shift(near) - change, logit(near.probability) - margin
        good = (near.ids[:, 0] == record) & (np.abs(move) <= _MAX_MOVE) & np.isfinite(shift)
        gradient[todo[good]] = shift[good] / step
        slope[todo[good]] = move[good] / step
        todo = todo[~good]
        step /= 2
    return gradient, slope


def _shift(answer: Answer) -> FloatArray:
    """Shift of the logit without the most influential record, at every query of an answer.

    In terms of log1p it keeps the relative precision that a small influence is released with.
    """
    p, influence = answer.probability, answer.influence[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):  # saturated: not finite, and checked
        shift: FloatArray = np.log1p(-influence / p) - np.log1p(influence / (1.0 - p))
    return shift
