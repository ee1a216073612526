import numpy as np
import pytest
import torch
from sklearn.linear_model import Ridge

from leakcore.explanations import coalitions


@pytest.mark.parametrize("rows", [5, 30])
@pytest.mark.parametrize("ridge", [1e-3, 0.1, 2.0])
def test_solver_against_scikit_learn(rows, ridge):
    rng = np.random.default_rng(0)
    columns, target = rng.standard_normal((rows, 9)), rng.standard_normal(rows)
    weights = rng.random(rows)
    penalty = ridge * (weights @ columns**2).mean()
    model = Ridge(alpha=penalty, fit_intercept=False, tol=1e-12)
    expected = model.fit(columns, target, sample_weight=weights).coef_
    found = coalitions.solver(columns, weights, ridge) @ target
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("rows", [5, 30])
def test_solver_without_ridge_is_the_shortest_least_squares_solution(rows):
    rng = np.random.default_rng(1)
    columns, target = rng.standard_normal((rows, 9)), rng.standard_normal(rows)
    columns[:, 3] = columns[:, 2]  # rank deficient
    weights = rng.random(rows)
    root = np.sqrt(weights)
    expected = np.linalg.lstsq(columns * root[:, None], target * root, rcond=None)[0]
    found = coalitions.solver(columns, weights, 0.0) @ target
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-9)


def test_outputs(case):
    model, inputs, classes = case
    features = inputs[0].numel()
    kept = np.random.default_rng(0).random((25, features)) < 0.5
    found = coalitions.outputs(model, inputs, classes, kept)
    for i, (x, c) in enumerate(zip(inputs, classes, strict=True)):
        for j, row in enumerate(kept):
            masked = x.flatten() * torch.from_numpy(row)
            expected = model(masked.view(1, *x.shape))[0, c].item()
            assert found[i, j].item() == pytest.approx(expected, rel=1e-4, abs=1e-5)


def test_passes_are_no_wider_than_the_batch(small, points):
    widths = []
    small.register_forward_hook(lambda *call: widths.append(len(call[2])))
    classes = torch.zeros(len(points), dtype=torch.int64)
    for size in (1, 3, 11, 40):
        widths.clear()
        coalitions.outputs(small, points, classes, np.ones((size, 6), dtype=bool))
        assert max(widths) <= len(points)
        assert sum(widths) == size * len(points)
