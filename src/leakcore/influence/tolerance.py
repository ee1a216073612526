"""How far a general solver's leave-one-out refits are from the exact ones, by its tolerance."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leakcore.influence.leave_one_out import LeaveOneOut

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Progress = Callable[[int, int, str], None]

DEFAULT = 1e-4  # scikit-learn's own tolerance
_STREAM = 0x701E


@dataclass(frozen=True)
class RefitErrors:
    """Errors of refits, each relative to the exact leave-one-out change (Euclidean norms).

    Attributes
    ----------
    points : (p,) which members were left out.
    refit : (t, p) error of the refit's weights, one row a tolerance.
    change : (t, p) error of the change: the refit minus the solver's own fit of all points at the
        same tolerance.
    iterations : (t, p) the solver's iterations.
    """

    points: IntArray
    refit: FloatArray
    change: FloatArray
    iterations: IntArray


def refit_errors(
    X: FloatArray,
    y: IntArray,
    models: LeaveOneOut,
    tolerances: Sequence[float],
    *,
    points: int,
    seed: int,
    max_iter: int,
    solver: str = "lbfgs",
    progress: Progress | None = None,
) -> RefitErrors:
    """Refit without a few random points by scikit-learn, from scratch, as users do.

    Parameters
    ----------
    X : (n, d) features of the members.
    y : (n,) classes 0 and 1.
    models : the exact refits.
    tolerances : of the solver.
    points : how many random members to leave out, one at a time; lowered to n if there are fewer.
    seed : of their draw.
    max_iter : iterations after which the solver gives up.
    solver : of scikit-learn's LogisticRegression (C = 1).
    progress : called with (done fits, all fits, a few words).
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    chosen = np.random.default_rng([seed, _STREAM]).permutation(len(X))[:points]
    shape = (len(tolerances), len(chosen))
    refit, change, iterations = np.empty(shape), np.empty(shape), np.empty(shape, np.int64)

    def fit(rows: IntArray, tolerance: float) -> tuple[FloatArray, int]:
        model = LogisticRegression(C=1.0, solver=solver, tol=tolerance, max_iter=max_iter)
        model.fit(X[rows], y[rows])
        return np.append(model.coef_[0], model.intercept_), int(model.n_iter_[0])

    everyone = np.arange(len(X))
    with warnings.catch_warnings():
        # The number of iterations says it.
        warnings.simplefilter("ignore", ConvergenceWarning)
        for t, tolerance in enumerate(tolerances):
            whole, _ = fit(everyone, tolerance)
            for p, point in enumerate(chosen):
                weights, iterations[t, p] = fit(np.delete(everyone, point), tolerance)
                exact = models.change[point]
                refit[t, p] = np.linalg.norm(weights - models.full - exact)
                change[t, p] = np.linalg.norm(weights - whole - exact)
                if progress is not None:
                    progress(t * len(chosen) + p + 1, refit.size, f"tolerance {tolerance:g}")
    shift = models.shift[chosen]
    return RefitErrors(chosen, refit / shift, change / shift, iterations)
