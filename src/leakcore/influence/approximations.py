"""Approximate leave-one-out models, and how well they explain compared with the exact ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import cholesky, solve_triangular
from scipy.special import expit

from leakcore.influence import logistic
from leakcore.influence.influence import top_k

FloatArray = NDArray[np.float64]


def influence_functions(full: FloatArray, X: ArrayLike, y: ArrayLike) -> FloatArray:
    """First-order influence functions (Koh and Liang 2017): a Newton step with the full Hessian.

    The change of the model by leaving out point i is H^-1 (p_i - y_i) (x_i, 1), where H is the
    Hessian of the full objective.

    Parameters
    ----------
    full : (d+1,) the full model, from `logistic.fit`.
    X : (n, d) features.
    y : (n,) classes 0 and 1.

    Returns
    -------
    (n, d+1) approximate models without each point, intercept last.
    """
    return _one_step(full, X, y, downdate=False)


def one_step_newton(full: FloatArray, X: ArrayLike, y: ArrayLike) -> FloatArray:
    """One Newton step from the full model with the exact Hessian without the point.

    By the Sherman-Morrison formula it is the first-order step divided by 1 - h_i, where
    h_i = p_i (1 - p_i) (x_i, 1) H^-1 (x_i, 1)^T is the leverage (Pregibon 1981).
    Parameters and result are those of `influence_functions`.
    """
    return _one_step(full, X, y, downdate=True)


def _one_step(full: FloatArray, X: ArrayLike, y: ArrayLike, *, downdate: bool) -> FloatArray:
    X, y = logistic.checked(X, y)
    reduced, basis = logistic.coordinates(X)
    A = logistic.with_intercept(reduced)
    margin = X @ full[:-1] + full[-1]
    factor = cholesky(logistic.hessian(A, margin), lower=True)
    white = solve_triangular(factor, A.T, lower=True)
    size = logistic.error(margin, y)
    if downdate:
        size /= 1 - expit(margin) * expit(-margin) * np.einsum("ji,ji->i", white, white)
    change = solve_triangular(factor, white * size, lower=True, trans=1).T
    return full + logistic.expand(change, basis)


@dataclass(frozen=True)
class Agreement:
    """How explanations by approximate models agree with those by exact ones.

    Attributes
    ----------
    top1 : share of the points whose most influential point is the same.
    top5 : mean share of the five most influential points in common, in whatever order.
    self_reveal_exact, self_reveal_approximate : share of the points that are their own most
        influential point (paper section 5.1).
    """

    top1: float
    top5: float
    self_reveal_exact: float
    self_reveal_approximate: float


def agreement(
    full: FloatArray, exact: FloatArray, approximate: FloatArray, X: ArrayLike
) -> Agreement:
    """Compare record-based explanations of the training points themselves.

    Parameters
    ----------
    full : (d+1,) the full model.
    exact, approximate : (n, d+1) models without each point.
    X : (n, d) the training points, which are the queries.

    Raises
    ------
    LeakcoreError : if there are fewer than five points.
    """
    queries = np.asarray(X, dtype=np.float64)
    own = np.arange(len(queries))
    right = top_k(full, exact, queries, 5)[0]
    found = top_k(full, approximate, queries, 5)[0]
    common = (right[:, :, None] == found[:, None, :]).any(axis=2)
    return Agreement(
        top1=float(np.mean(right[:, 0] == found[:, 0])),
        top5=float(np.mean(common)),
        self_reveal_exact=float(np.mean(right[:, 0] == own)),
        self_reveal_approximate=float(np.mean(found[:, 0] == own)),
    )
