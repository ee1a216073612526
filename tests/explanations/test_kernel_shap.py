import itertools
import math

import numpy as np
import pytest
import torch
from captum.attr import KernelShap

from leakcore.explanations import kernel_shap

from .conftest import dense, scatter


def shapley_values(value, features):
    """The definition: every feature's mean contribution over all orders, by subsets."""
    result = np.zeros(features)
    for i in range(features):
        others = [j for j in range(features) if j != i]
        for size in range(features):
            share = math.factorial(size) * math.factorial(features - size - 1)
            for subset in itertools.combinations(others, size):
                gain = value({*subset, i}) - value(set(subset))
                result[i] += share / math.factorial(features) * gain
    return result


@pytest.mark.parametrize("features", [1, 2, 4, 6])
def test_brute_force(features):
    model = scatter(dense(features, 8, 3), features)
    inputs = torch.randn(3, features, generator=torch.Generator().manual_seed(1))
    classes = model(inputs).argmax(1)
    found = kernel_shap.explain(model, inputs, classes, samples=2**features - 2)
    for x, c, row in zip(inputs, classes, found, strict=True):

        def value(kept, x=x, c=c):
            mask = torch.tensor([float(j in kept) for j in range(features)])
            with torch.no_grad():
                return model((x * mask)[None])[0, c].item()

        np.testing.assert_allclose(row, shapley_values(value, features), atol=1e-5)


@pytest.mark.parametrize("samples", [8, 40, 400])
@pytest.mark.parametrize("ridge", [0.0, 0.01, 1.0])
def test_efficiency(convolutional, images, samples, ridge):
    """The values sum to logit(x) - logit(0), however few samples and whatever the ridge."""
    classes = convolutional(images).argmax(1)
    with torch.no_grad():
        change = convolutional(images) - convolutional(torch.zeros_like(images))
    found = kernel_shap.explain(convolutional, images, classes, samples=samples, ridge=ridge)
    expected = change.gather(1, classes[:, None])[:, 0]
    torch.testing.assert_close(found.flatten(1).sum(1), expected, rtol=1e-4, atol=1e-4)


def test_samples_come_near_the_exact_values():
    """Ten features, drawn coalitions against all of them; more samples, smaller error."""
    model = scatter(dense(10, 12, 3), 11)
    inputs = torch.randn(20, 10, generator=torch.Generator().manual_seed(2))
    classes = model(inputs).argmax(1)
    exact = kernel_shap.explain(model, inputs, classes, samples=2**10)
    errors = []
    for samples in (20, 100, 800):
        drawn = kernel_shap.explain(model, inputs, classes, samples=samples, ridge=1e-6)
        errors.append(float((drawn - exact).square().mean().sqrt() / exact.square().mean().sqrt()))
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 0.05
    assert errors[0] > 0.1


def test_captum(small, points):
    """Captum's own sampled estimate of the same values, per point, comes near ours."""
    torch.manual_seed(0)
    x = points[:1]
    classes = small(x).argmax(1)
    expected = KernelShap(small).attribute(
        x, 0.0, target=classes, n_samples=3000, perturbations_per_eval=500
    )
    found = kernel_shap.explain(small, x, classes, samples=62)
    torch.testing.assert_close(found, expected, rtol=0, atol=0.05)


def test_dummy_and_symmetry():
    """A feature that the network ignores gets 0, two that it treats alike get the same."""
    model = scatter(dense(5, 8, 2), 12)
    with torch.no_grad():
        model[0].weight[:, 4] = 0
        model[0].weight[:, 1] = model[0].weight[:, 0]
    inputs = torch.tensor([[0.7, 0.7, -1.0, 0.4, 3.0]])
    found = kernel_shap.explain(model, inputs, model(inputs).argmax(1))[0]
    assert abs(found[4]) < 1e-6
    assert abs(found[0] - found[1]) < 1e-6
    assert abs(found[0]) > 1e-3


def test_seed_draws_the_coalitions(convolutional, images):
    classes = convolutional(images).argmax(1)
    first, other = (
        kernel_shap.explain(convolutional, images, classes, samples=50, seed=seed)
        for seed in (0, 1)
    )
    assert not torch.allclose(first, other, atol=1e-3)
