import pytest
import torch
from captum.attr import IntegratedGradients

from leakcore.explanations import integrated_gradients


def test_captum(case):
    model, inputs, classes = case
    model, inputs = model.double(), inputs.double()
    expected = IntegratedGradients(model).attribute(
        inputs, baselines=0.0, target=classes, n_steps=20, method="gausslegendre"
    )
    found = integrated_gradients.explain(model, inputs, classes, steps=20)
    torch.testing.assert_close(found, expected, rtol=1e-6, atol=1e-8)


def test_quadrature_error_falls_with_the_steps(small, points):
    model, inputs = small.double(), points.double()
    classes = model(inputs).argmax(1)
    with torch.no_grad():
        change = model(inputs) - model(torch.zeros_like(inputs))
    change = change.gather(1, classes[:, None])[:, 0]
    errors = []
    for steps in (2, 5, 20, 50):
        found = integrated_gradients.explain(model, inputs, classes, steps=steps)
        errors.append(float((found.flatten(1).sum(1) - change).abs().max()))
    assert errors[0] > 1e-3
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 1e-10


def test_one_step_is_the_midpoint(small, points):
    classes = small(points).argmax(1)
    half = (points / 2).requires_grad_()
    (gradient,) = torch.autograd.grad(small(half).gather(1, classes[:, None]).sum(), half)
    found = integrated_gradients.explain(small, points, classes, steps=1)
    assert found.flatten().tolist() == pytest.approx(
        (gradient * points).flatten().tolist(), rel=1e-5
    )
