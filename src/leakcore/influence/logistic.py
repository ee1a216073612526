"""L2 logistic regression: the objective of the record-based experiments and its full fit.

The objective over the model (w, b), with s_i = +1 for class 1 and -1 for class 0, is

    sum_i log(1 + exp(-s_i (w . x_i + b))) + ||w||^2 / 2,

scikit-learn's at C = 1: the intercept is not penalised. The sum is strictly convex and has a
minimum wherever both classes are present.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import minimize
from scipy.special import expit

from leakcore.errors import LeakcoreError

FloatArray = NDArray[np.float64]

_MAX_STEPS = 100
_MAX_HALVINGS = 60
_MANY_FEATURES = 500


def fit(
    X: ArrayLike, y: ArrayLike, *, tolerance: float = 1e-12, start: FloatArray | None = None
) -> tuple[FloatArray, float]:
    """Minimise the objective by Newton's method, to convergence.

    Parameters
    ----------
    X : (n, d) features.
    y : (n,) classes 0 and 1.
    tolerance : the Newton decrement (gradient norm in the metric of the inverse Hessian) below
        which the fit is done; it is lowered no further than rounding lets it.
    start : (d+1,) where to start from, intercept last; zeros if not given.

    Returns
    -------
    model : (d+1,) weights, then the intercept.
    residual : bound on the Euclidean distance of `model` from the exact minimum, see
        `weight_error`.

    Raises
    ------
    LeakcoreError : if the features are not finite, or y is not of two classes 0 and 1.
    """
    X, y = checked(X, y)
    reduced, basis = coordinates(X)
    if start is not None and basis is not None:
        start = np.append(basis.T @ start[:-1], start[-1])
    model, factor, decrement = newton(with_intercept(reduced), y, start=start, tolerance=tolerance)
    return expand(model, basis), weight_error(factor, decrement)


def checked(X: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Features and classes as float64 arrays, or a `LeakcoreError` that says what is wrong."""
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y)
    if X.ndim != 2 or y.shape != X.shape[:1] or X.shape[1] == 0:
        raise LeakcoreError(
            f"features {X.shape} and labels {y.shape}: need (n, d) and (n,); flatten the features"
        )
    if not np.isfinite(X).all():
        row = int(np.flatnonzero(~np.isfinite(X).all(axis=1))[0])
        raise LeakcoreError(f"features of point {row}: found a value that is not finite; remove it")
    classes = np.unique(y)
    if not np.array_equal(classes, [0, 1]):
        raise LeakcoreError(
            f"labels: found classes {classes[:5].tolist()}; logistic regression needs both 0 and 1"
        )
    return X, y.astype(np.float64)


def coordinates(X: FloatArray) -> tuple[FloatArray, FloatArray | None]:
    """Coordinates of the points in their span, where these are much fewer than the features.

    The penalty keeps the weights in the span of the points, so for d > 1.5 n the problem is
    solved in an orthonormal basis of it, with the same norms. For a d that is only a little
    larger than n finding the basis costs more than it saves.

    Returns
    -------
    reduced : (n, n), or `X` itself.
    basis : (d, n) orthonormal columns with `X = reduced @ basis.T`, or None for `X` itself.
    """
    n, d = X.shape
    if d <= 1.5 * n:
        return X, None
    basis, triangle = np.linalg.qr(X.T)
    return np.ascontiguousarray(triangle.T), basis


def expand(models: FloatArray, basis: FloatArray | None) -> FloatArray:
    """Models (..., r+1) in the coordinates of `basis` as models (..., d+1) of the features."""
    if basis is None:
        return models
    return np.concatenate([models[..., :-1] @ basis.T, models[..., -1:]], axis=-1)


def with_intercept(X: FloatArray) -> FloatArray:
    """(n, d+1): a column of ones is put last."""
    return np.concatenate([X, np.ones((len(X), 1))], axis=1)


def newton(
    A: FloatArray, y: FloatArray, *, start: FloatArray | None, tolerance: float
) -> tuple[FloatArray, FloatArray, float]:
    """Damped Newton's method on points with an intercept column.

    Returns
    -------
    model : (d+1,) the minimum.
    factor : (d+1, d+1) lower Cholesky factor of the Hessian there.
    decrement : norm of the gradient there in the metric of the inverse Hessian.
    """
    model = np.array(_rough_start(A, y) if start is None else start)
    margin = A @ model
    best = np.inf
    for _ in range(_MAX_STEPS):
        factor = cholesky(hessian(A, margin), lower=True, overwrite_a=True, check_finite=False)
        step, decrement = _newton_step(factor, gradient(A, margin, model, y))
        # Below 1e-7 a step squares the decrement; when it no longer does, rounding is reached.
        if decrement <= tolerance or (best < 1e-7 and decrement > 0.5 * best):
            return model, factor, decrement
        model = model - _line_search(A @ step, step, decrement, margin, model, y) * step
        # The Hessian serves for further steps as long as they gain a digit each.
        last = decrement
        while True:
            margin = A @ model
            step, decrement = _newton_step(factor, gradient(A, margin, model, y))
            if not decrement < 0.1 * last:
                break
            model, last = model - step, decrement
        best = min(best, last)
    raise LeakcoreError(
        f"logistic regression: Newton decrement {best:.1e} after {_MAX_STEPS} steps; "
        "scale the features to comparable sizes"
    )


def _rough_start(A: FloatArray, y: FloatArray) -> FloatArray:
    """Where to start from: for many features, where gradients alone lead cheaply."""
    zero = np.zeros(A.shape[1])
    if A.shape[1] <= _MANY_FEATURES:
        return zero

    def value_and_slope(model: FloatArray) -> tuple[float, FloatArray]:
        margin = A @ model
        return objective(margin, model, y), gradient(A, margin, model, y)

    found = minimize(
        value_and_slope,
        zero,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 100, "ftol": 1e-15, "gtol": 1e-6},
    )
    rough: FloatArray = found.x
    return rough


def _newton_step(factor: FloatArray, slope: FloatArray) -> tuple[FloatArray, float]:
    """The Newton step and its decrement, given the Hessian's Cholesky factor."""
    white = solve_triangular(factor, slope, lower=True, check_finite=False)
    step = solve_triangular(factor, white, lower=True, trans=1, check_finite=False)
    return step, float(np.linalg.norm(white))


def _line_search(
    change: FloatArray,
    step: FloatArray,
    decrement: float,
    margin: FloatArray,
    model: FloatArray,
    y: FloatArray,
) -> float:
    """The share of a Newton step to take, halved from 1 until the objective falls enough."""
    if decrement < 1e-5:  # the fall is lost in the objective's own rounding
        return 1.0
    value = objective(margin, model, y)
    scale = 1.0
    for _ in range(_MAX_HALVINGS):
        trial = objective(margin - scale * change, model - scale * step, y)
        if trial < value - 1e-4 * scale * decrement**2:
            break
        scale /= 2
    return scale


def objective(margin: FloatArray, model: FloatArray, y: FloatArray) -> float:
    """Value of the objective, from the margins w . x + b."""
    return float(np.logaddexp(0, (1 - 2 * y) * margin).sum() + 0.5 * model[:-1] @ model[:-1])


def gradient(A: FloatArray, margin: FloatArray, model: FloatArray, y: FloatArray) -> FloatArray:
    """(d+1,) gradient of the objective."""
    slope = error(margin, y) @ A
    slope[:-1] += model[:-1]
    return slope


def error(margin: FloatArray, y: FloatArray) -> FloatArray:
    """(n,) p - y, without the cancellation of that difference where p is near 1."""
    sign = 1 - 2 * y
    signed: FloatArray = sign * expit(sign * margin)
    return signed


def hessian(A: FloatArray, margin: FloatArray) -> FloatArray:
    """(d+1, d+1) Hessian of the objective."""
    scaled = A * np.sqrt(expit(margin) * expit(-margin))[:, None]
    matrix: FloatArray = scaled.T @ scaled
    matrix.flat[: -1 : len(matrix) + 1] += 1.0  # every diagonal entry but the intercept's
    return matrix


def weight_error(factor: FloatArray, decrement: float) -> float:
    """Bound on the Euclidean error of a model from the norm of its whitened error.

    The Hessian H is at least the identity on the weights, so ||w|| <= ||(w, b)||_H; the intercept
    is at most sqrt((H^-1)_bb) times that norm. For the last row of the Cholesky factor
    (H^-1)_bb = 1 / factor[-1, -1]^2.
    """
    return decrement * float(np.sqrt(1 + 1 / factor[-1, -1] ** 2))
