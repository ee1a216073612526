"""Refits by scikit-learn against the exact engine."""

import numpy as np

from leakcore.influence.leave_one_out import leave_one_out
from leakcore.influence.tolerance import refit_errors


def case(n=80, d=5):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, d))
    y = (X[:, 0] + rng.normal(size=n) > 0).astype(int)
    return X, y, leave_one_out(X, y)


def test_a_solver_that_converges_agrees_with_the_engine():
    """Negative control: Newton's method at a tight tolerance has next to no error."""
    X, y, models = case()
    options = {"points": 10, "seed": 0, "max_iter": 1000}
    tight = refit_errors(X, y, models, [1e-10], solver="newton-cholesky", **options)
    assert tight.refit.max() < 1e-6
    assert tight.change.max() < 1e-6


def test_a_loose_tolerance_errs_more_and_stops_earlier():
    X, y, models = case()
    calls = []
    errors = refit_errors(
        X,
        y,
        models,
        [1e-1, 1e-8],
        points=6,
        seed=1,
        max_iter=1000,
        progress=lambda *call: calls.append(call),
    )
    assert errors.refit.shape == errors.change.shape == errors.iterations.shape == (2, 6)
    assert np.median(errors.refit[0]) > 1
    assert errors.refit[1].max() < 1e-2
    assert (errors.iterations[0] < errors.iterations[1]).all()
    assert calls[-1] == (12, 12, "tolerance 1e-08")


def test_the_error_of_the_change_is_that_of_two_fits_at_the_same_tolerance():
    from sklearn.linear_model import LogisticRegression

    X, y, models = case()
    errors = refit_errors(X, y, models, [1e-2], points=1, seed=2, max_iter=50)
    point = errors.points[0]

    def fit(rows):
        model = LogisticRegression(tol=1e-2, max_iter=50).fit(X[rows], y[rows])
        return np.append(model.coef_[0], model.intercept_[0])

    whole, rest = fit(np.arange(80)), fit(np.arange(80) != point)
    exact = models.weights[point] - models.full
    size = np.linalg.norm(exact)
    np.testing.assert_allclose(
        errors.refit[0, 0], np.linalg.norm(rest - models.weights[point]) / size
    )
    np.testing.assert_allclose(errors.change[0, 0], np.linalg.norm(rest - whole - exact) / size)


def test_the_limit_of_iterations_is_kept_and_few_members_are_all_taken():
    X, y, models = case(n=12)
    errors = refit_errors(X, y, models, [1e-10], points=50, seed=0, max_iter=2)
    assert sorted(errors.points) == list(range(12))
    assert (errors.iterations == 2).all()
