"""Influence of training points on predictions: what a record-based explanation shows.

The influence of training point i on query y is f(y) - f_i(y): the predicted probability of the
full model minus that of the model trained without i (paper section 5.2). A record-based
explanation of y gives the k training points of largest absolute influence (paper section 3.2).

A model is a vector (d+1,): the weights, then the intercept.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from leakcore.errors import LeakcoreError

FloatArray = NDArray[np.float64]

_BLOCK_ELEMENTS = 1 << 20  # 8 MB a temporary: memory stays bounded, caches stay useful


class RecordExplainer:
    """The leave-one-out models, laid out to explain many queries.

    Small differences are exact: they are formed from the weights' differences and never as a
    difference of two probabilities, so that they do not drown where a probability is near 0 or 1.
    Points whose leave-one-out weights are equal get equal influence, bit for bit.

    Parameters
    ----------
    full : (d+1,) the full model, intercept last.
    weights : (n, d+1) the models without each training point.

    Raises
    ------
    ValueError : if the shapes do not fit.
    """

    def __init__(self, full: ArrayLike, weights: ArrayLike) -> None:
        self.full: FloatArray = np.asarray(full, dtype=np.float64)
        weights = np.ascontiguousarray(weights, dtype=np.float64)
        if self.full.ndim != 1 or weights.ndim != 2 or weights.shape[1] != len(self.full):
            raise ValueError(
                f"need (d+1,) and (n, d+1), found full {self.full.shape}, weights {weights.shape}"
            )
        self._again, self._first = _copies(weights)
        # One row a feature: a query along an axis reads one of them.
        self._shift = np.ascontiguousarray((weights - self.full).T)

    @property
    def n_points(self) -> int:
        """Number n of training points."""
        return len(self._shift[0])

    def influence(self, queries: ArrayLike) -> FloatArray:
        """Return the influence (m, n) of every training point at every query (m, d)."""
        queries = self._checked(queries)
        return _influence(self.margin(queries), self._change(queries))

    def margin(self, queries: FloatArray) -> FloatArray:
        """Return the full model's logit (m,) at every query (m, d)."""
        margin: FloatArray = queries @ self.full[:-1] + self.full[-1]
        return margin

    def top_k(self, queries: ArrayLike, k: int) -> tuple[NDArray[np.int64], FloatArray]:
        """Explain every query (m, d); see the function `top_k`."""
        queries = self._checked(queries)

        def block(rows: slice) -> tuple[FloatArray, FloatArray]:
            return self.margin(queries[rows]), self._change(queries[rows])

        return self._top(block, len(queries), k)

    def top_k_along_axes(
        self, point: FloatArray, axes: NDArray[np.int64], steps: FloatArray, k: int
    ) -> tuple[NDArray[np.int64], FloatArray]:
        """Explain the queries point + steps[j] * (unit vector of axes[j]), without making them.

        They differ from the point in one coordinate each, so a query costs n operations and not
        n * d. The result is that of `top_k` up to rounding.

        Parameters
        ----------
        point : (d,).
        axes, steps : (m,) which coordinate of the point is changed, and by how much.
        k : how many points a query reveals.
        """
        point = self._checked(point[None])
        margin = self.margin(point) + steps * self.full[axes]
        change = self._change(point)

        def block(rows: slice) -> tuple[FloatArray, FloatArray]:
            moved = change + steps[rows, None] * self._shift[axes[rows]]
            return margin[rows], self._tied(moved)

        return self._top(block, len(axes), k)

    def _top(
        self, block: Callable[[slice], tuple[FloatArray, FloatArray]], m: int, k: int
    ) -> tuple[NDArray[np.int64], FloatArray]:
        if not 1 <= k <= self.n_points:
            raise LeakcoreError(
                f"k: found {k}; choose 1 to {self.n_points}, the number of training points"
            )
        indices, values = np.empty((m, k), dtype=np.int64), np.empty((m, k))
        height = max(1, _BLOCK_ELEMENTS // self.n_points)
        for start in range(0, m, height):
            rows = slice(start, start + height)
            margin, change = block(rows)
            if k == 1:
                # The influence is monotone in the change of the logit, so its largest is at an end.
                near = np.stack([change.argmin(axis=1), change.argmax(axis=1)], axis=1)
                near.sort(axis=1)  # ties by lowest index
                found = _influence(margin, np.take_along_axis(change, near, axis=1))
                place = _largest(np.abs(found), 1)
                indices[rows] = np.take_along_axis(near, place, axis=1)
            else:
                found = _influence(margin, change)
                indices[rows] = place = _largest(np.abs(found), k)
            values[rows] = np.take_along_axis(found, place, axis=1)
        return indices, values

    def _change(self, queries: FloatArray) -> FloatArray:
        """Change of the logit (m, n) at every query by leaving each point out."""
        return self._tied(queries @ self._shift[:-1] + self._shift[-1])

    def _tied(self, change: FloatArray) -> FloatArray:
        # A matrix product may round equal columns differently; ties must stay ties.
        change[:, self._again] = change[:, self._first]
        return change

    def _checked(self, queries: ArrayLike) -> FloatArray:
        queries = np.asarray(queries, dtype=np.float64)
        if queries.ndim != 2 or queries.shape[1] + 1 != len(self.full):
            raise ValueError(f"need queries (m, {len(self.full) - 1}), found {queries.shape}")
        return queries


def influence(full: FloatArray, weights: FloatArray, queries: FloatArray) -> FloatArray:
    """Influence of every training point on the predicted probability at every query.

    Parameters
    ----------
    full, weights : as in `RecordExplainer`.
    queries : (m, d).

    Returns
    -------
    (m, n) float64, f(y) - f_i(y) for query y and training point i (paper section 5.2).

    Raises
    ------
    ValueError : if the shapes do not fit.
    """
    return RecordExplainer(full, weights).influence(queries)


def top_k(
    full: FloatArray, weights: FloatArray, queries: FloatArray, k: int
) -> tuple[NDArray[np.int64], FloatArray]:
    """Record-based explanations: the k most influential training points of every query.

    Ordered by descending absolute influence; ties break by lowest index (paper section 3.2). The
    queries are treated in blocks: no (m, n) array is held.

    Parameters
    ----------
    full, weights, queries : as in `influence`.
    k : how many points a query reveals, 1 <= k <= n.

    Returns
    -------
    indices : (m, k) int64 training points.
    values : (m, k) float64 their (signed) influence.

    Raises
    ------
    LeakcoreError : if k is not between 1 and n.
    ValueError : if the shapes do not fit.
    """
    return RecordExplainer(full, weights).top_k(queries, k)


def _influence(margin: FloatArray, change: FloatArray) -> FloatArray:
    """f - f_i, (m, n), from the logits (m,) and their changes (m, n)."""
    margin = margin[:, None]
    # sigma(b) - sigma(a) = sigma(b) sigma(-a) (1 - exp(a-b)) for a <= b: nothing cancels.
    size: FloatArray = expit(margin + np.maximum(change, 0))
    size *= expit(-margin - np.minimum(change, 0))
    size *= np.expm1(-np.abs(change))
    np.copysign(size, -change, out=size)
    return size


def _largest(size: FloatArray, k: int) -> NDArray[np.int64]:
    """Columns of the k largest of every row, in descending order, ties by lowest column."""
    n = size.shape[1]
    if k == 1:
        first: NDArray[np.int64] = np.argmax(size, axis=1, keepdims=True)
        return first
    chosen = np.argpartition(size, n - k, axis=1)[:, n - k :]
    chosen.sort(axis=1)  # with the stable sort below: ties by lowest column
    smallest = np.take_along_axis(size, chosen, axis=1).min(axis=1)
    # Where a tie straddles the k-th place, argpartition picks any of the tied columns.
    for row in np.flatnonzero(np.count_nonzero(size >= smallest[:, None], axis=1) > k):
        chosen[row] = np.argsort(-size[row], kind="stable")[:k]
    order = np.argsort(-np.take_along_axis(size, chosen, axis=1), axis=1, kind="stable")
    return np.take_along_axis(chosen, order, axis=1)


def _copies(weights: FloatArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows that repeat an earlier row, and the first row that each of them repeats."""
    total = weights.sum(axis=1)  # equal rows have equal sums; rows of equal sums are compared
    order = np.argsort(total, kind="stable")
    if not np.any(np.diff(total[order]) == 0):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    first: dict[bytes, int] = {}
    source = np.array([first.setdefault(row.tobytes(), i) for i, row in enumerate(weights)])
    again = np.flatnonzero(source != np.arange(len(weights)))
    return again, source[again]
