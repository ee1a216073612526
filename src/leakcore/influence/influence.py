"""Influence of training points on predictions: what a record-based explanation shows.

The influence of training point i on query y is f(y) - f_i(y): the predicted probability of the
full model minus that of the model trained without i (paper section 5.2). A record-based
explanation of y gives the k training points of largest absolute influence (paper section 3.2).

A model is a vector (d+1,): the weights, then the intercept.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from leakcore.errors import LeakcoreError

FloatArray = NDArray[np.float64]

_BLOCK_ELEMENTS = 1 << 20  # 8 MB a temporary: memory stays bounded, caches stay useful


def influence(full: FloatArray, weights: FloatArray, queries: FloatArray) -> FloatArray:
    """Influence of every training point on the predicted probability at every query.

    Small differences are exact: they are formed from the weights' differences and never as a
    difference of two probabilities, so that they do not drown where a probability is near 0 or 1.
    Points whose leave-one-out weights are equal get equal influence, bit for bit.

    Parameters
    ----------
    full : (d+1,) the full model, intercept last.
    weights : (n, d+1) the models without each training point.
    queries : (m, d).

    Returns
    -------
    (m, n) float64, f(y) - f_i(y) for query y and training point i (paper section 5.2).

    Raises
    ------
    ValueError : if the shapes do not fit.
    """
    full, weights, queries = _checked(full, weights, queries)
    return _influence(full, weights - full, _copies(weights), queries)


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
    full, weights, queries = _checked(full, weights, queries)
    n = len(weights)
    if not 1 <= k <= n:
        raise LeakcoreError(f"k: found {k}; choose 1 to {n}, the number of training points")
    shift, copies = weights - full, _copies(weights)
    indices = np.empty((len(queries), k), dtype=np.int64)
    values = np.empty((len(queries), k))
    rows = max(1, _BLOCK_ELEMENTS // n)
    for start in range(0, len(queries), rows):
        block = _influence(full, shift, copies, queries[start : start + rows])
        chosen = _largest(np.abs(block), k)
        indices[start : start + rows] = chosen
        values[start : start + rows] = np.take_along_axis(block, chosen, axis=1)
    return indices, values


def _influence(
    full: FloatArray,
    shift: FloatArray,
    copies: tuple[NDArray[np.int64], NDArray[np.int64]],
    queries: FloatArray,
) -> FloatArray:
    margin = (queries @ full[:-1] + full[-1])[:, None]
    change = queries @ shift[:, :-1].T
    change += shift[:, -1]
    # A matrix product may round equal columns differently; ties must stay ties.
    change[:, copies[0]] = change[:, copies[1]]
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


def _checked(
    full: FloatArray, weights: FloatArray, queries: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    full = np.asarray(full, dtype=np.float64)
    weights = np.ascontiguousarray(weights, dtype=np.float64)
    queries = np.asarray(queries, dtype=np.float64)
    shapes = f"full {full.shape}, weights {weights.shape}, queries {queries.shape}"
    if full.ndim != 1 or weights.ndim != 2 or queries.ndim != 2:
        raise ValueError(f"need (d+1,), (n, d+1) and (m, d), found {shapes}")
    if weights.shape[1] != len(full) or queries.shape[1] + 1 != len(full):
        raise ValueError(f"need (d+1,), (n, d+1) and (m, d), found {shapes}")
    return full, weights, queries
