"""Approximate leave-one-out models against dense linear algebra and the exact models."""

import numpy as np
import pytest

from leakcore.errors import LeakcoreError
from leakcore.influence import logistic
from leakcore.influence.approximations import (
    agreement,
    influence_functions,
    one_step_newton,
)
from leakcore.influence.influence import influence
from leakcore.influence.leave_one_out import leave_one_out


def problem(n=120, d=5, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    y = (X @ rng.normal(size=d) + rng.normal(size=n) > 0).astype(int)
    return X, y, logistic.fit(X, y)[0]


def numerical_gradient_and_hessian(X, y, model, step=1e-4):
    """Central differences of the objective as it is written down."""

    def value(w):
        margin = (2 * y - 1) * (X @ w[:-1] + w[-1])
        return np.log1p(np.exp(-margin)).sum() + 0.5 * w[:-1] @ w[:-1]

    unit = step * np.eye(len(model))
    gradient = [(value(model + e) - value(model - e)) / (2 * step) for e in unit]
    hessian = [
        [
            (
                value(model + a + b)
                - value(model + a - b)
                - value(model - a + b)
                + value(model - a - b)
            )
            / (4 * step**2)
            for b in unit
        ]
        for a in unit
    ]
    return np.array(gradient), np.array(hessian)


@pytest.mark.parametrize("shape", [(120, 5), (30, 60)])
def test_steps_solve_the_newton_equations(shape):
    X, y, full = problem(*shape)
    A = np.concatenate([X, np.ones((len(X), 1))], axis=1)
    p = 1 / (1 + np.exp(-A @ full))
    penalty = np.diag([1.0] * X.shape[1] + [0.0])
    first, one = influence_functions(full, X, y), one_step_newton(full, X, y)
    for i in range(0, len(X), 7):
        rest = np.arange(len(X)) != i
        for found, kept in ((first, slice(None)), (one, rest)):
            hessian = (A[kept] * (p * (1 - p))[kept, None]).T @ A[kept] + penalty
            step = np.linalg.solve(hessian, (p[i] - y[i]) * A[i])
            np.testing.assert_allclose(found[i] - full, step, rtol=1e-9, atol=1e-13)


def test_one_step_is_newton_s_step_by_finite_differences():
    X, y, full = problem(40, 3)
    one = one_step_newton(full, X, y)
    for i in (0, 11, 39):
        gradient, hessian = numerical_gradient_and_hessian(
            np.delete(X, i, axis=0), np.delete(y, i), full
        )
        expected = -np.linalg.solve(hessian, gradient)
        np.testing.assert_allclose(one[i] - full, expected, rtol=1e-3, atol=1e-6)


def test_first_order_is_the_derivative_with_respect_to_the_point_s_weight():
    """Influence functions are exact in the limit: each point is n copies with one left out."""
    X, y, _ = problem(40, 3)
    error = []
    for copies in (1, 4, 16):
        many, labels = np.repeat(X, copies, axis=0), np.repeat(y, copies)
        exact = leave_one_out(many, labels)
        first = influence_functions(exact.full, many, labels)
        distance = np.linalg.norm(first - exact.weights, axis=1) / exact.shift
        error.append(np.median(distance))
    assert error[0] > 3 * error[1] > 9 * error[2]


def test_one_step_is_closer_to_exact_than_first_order():
    X, y, _ = problem()
    exact = leave_one_out(X, y)
    near, far = (
        np.linalg.norm(f(exact.full, X, y) - exact.weights, axis=1)
        for f in (one_step_newton, influence_functions)
    )
    assert np.mean(near < far) > 0.9
    assert np.median(near / exact.shift) < 0.05


def test_agreement_by_brute_force():
    X, y, _ = problem()
    exact = leave_one_out(X, y)
    rough = exact.full + 1.5 * (influence_functions(exact.full, X[::-1], y[::-1]) - exact.full)
    found = agreement(exact.full, exact.weights, rough, X)
    ranks = [
        np.argsort(-np.abs(influence(exact.full, w, X)), axis=1, kind="stable")
        for w in (exact.weights, rough)
    ]
    same = [len(set(a[:5]) & set(b[:5])) / 5 for a, b in zip(*ranks, strict=True)]
    assert found.top1 == np.mean(ranks[0][:, 0] == ranks[1][:, 0])
    assert found.top5 == pytest.approx(np.mean(same))
    assert found.self_reveal_exact == np.mean(ranks[0][:, 0] == np.arange(len(X)))
    assert found.self_reveal_approximate == np.mean(ranks[1][:, 0] == np.arange(len(X)))
    assert found.top1 < 0.5


def test_agreement_of_good_approximations_is_high_and_with_itself_complete():
    X, y, _ = problem()
    exact = leave_one_out(X, y)
    itself = agreement(exact.full, exact.weights, exact.weights, X)
    assert (itself.top1, itself.top5) == (1.0, 1.0)
    close = agreement(exact.full, exact.weights, one_step_newton(exact.full, X, y), X)
    assert close.top1 > 0.9
    assert close.top5 > 0.9


def test_too_few_points_are_refused():
    X, _, full = problem()
    with pytest.raises(LeakcoreError, match="k: found 5"):
        agreement(full, np.tile(full, (4, 1)), np.tile(full, (4, 1)), X[:4])
