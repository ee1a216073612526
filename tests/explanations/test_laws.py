"""Laws that hold for several explanations at once."""

import importlib

import pytest
import torch
from torch import nn

from leakcore.explanations.registry import EXPLANATIONS

SETTINGS = {
    "smoothgrad": {"samples": 5, "noise": 0.3},
    "lime": {"samples": 150},
    "kernel-shap": {"samples": 150},
}


def explain(name, model, inputs, classes, **options):
    module = importlib.import_module(EXPLANATIONS[name])
    return module.explain(model, inputs, classes, **(SETTINGS.get(name, {}) | options))


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_batch_size_does_not_matter(name, case):
    model, inputs, classes = case
    index = torch.arange(100, 100 + len(inputs))
    whole = explain(name, model, inputs, classes, index=index)
    assert whole.shape == inputs.shape
    assert whole.dtype == torch.float32
    assert not whole.requires_grad
    for size in (1, 3):
        parts = [
            explain(name, model, x, c, index=i)
            for x, c, i in zip(*(t.split(size) for t in (inputs, classes, index)), strict=True)
        ]
        torch.testing.assert_close(whole, torch.cat(parts), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_order_of_the_points_does_not_matter(name, case):
    model, inputs, classes = case
    index = torch.arange(len(inputs))
    turned = explain(name, model, inputs.flip(0), classes.flip(0), index=index.flip(0)).flip(0)
    expected = explain(name, model, inputs, classes, index=index)
    torch.testing.assert_close(turned, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_same_seed_same_bits(name, case):
    model, inputs, classes = case
    first = explain(name, model, inputs, classes, seed=3)
    assert torch.equal(first, explain(name, model, inputs, classes, seed=3))


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_nothing_is_left_behind(name, case):
    """Neither hooks nor gradients nor changed weights nor a changed input."""
    model, inputs, classes = case
    weights = {key: value.clone() for key, value in model.state_dict().items()}
    before = inputs.clone()
    explain(name, model, inputs, classes)
    assert all(torch.equal(weights[key], value) for key, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())
    assert not any(m._forward_hooks or m._backward_hooks for m in model.modules())
    assert torch.equal(inputs, before)
    assert not inputs.requires_grad


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_explained_class_is_the_asked_one(name, small, points):
    """With the other outputs' weights at zero, only the asked class has an explanation."""
    with torch.no_grad():
        small[-1].weight[[0, 2]] = 0.0
        small[-1].bias.zero_()
    one = torch.full((len(points),), 1)
    assert explain(name, small, points, one).abs().amax(1).min() > 1e-3
    assert explain(name, small, points, 0 * one).abs().max() < 1e-12


@pytest.mark.parametrize("name", ["gradient", "input-times-gradient", "lrp", "deeplift"])
def test_one_pass_gives_the_same_as_two(name, case):
    model, inputs, classes = case
    module = importlib.import_module(EXPLANATIONS[name])
    logits, explanation = module.explain_predicted(model, inputs)
    torch.testing.assert_close(logits, model(inputs).detach())
    torch.testing.assert_close(explanation, module.explain(model, inputs, classes))


TIMES_INPUT = [
    "input-times-gradient", "integrated-gradients", "lrp", "deeplift", "lime", "kernel-shap"
]  # fmt: skip


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_linear_network(name, points):
    """On logit = W x every method is exact: W, or W x."""
    model = nn.Sequential(nn.Linear(6, 3, bias=False)).double()
    inputs = points.double()
    classes = model(inputs).argmax(1)
    options = {"ridge": 0.0} if name in ("lime", "kernel-shap") else {}
    expected = model[0].weight.detach()[classes] * (inputs if name in TIMES_INPUT else 1)
    found = explain(name, model, inputs, classes, **options)
    tolerance = 1e-5 if name == "lrp" else 1e-9  # the default epsilon of LRP absorbs a little
    torch.testing.assert_close(found, expected, rtol=tolerance, atol=tolerance)


def change_from_zero(model, inputs, classes):
    with torch.no_grad():
        change = model(inputs) - model(torch.zeros_like(inputs[:1]))
    return change.gather(1, classes[:, None])[:, 0]


@pytest.mark.parametrize("name", ["integrated-gradients", "deeplift", "kernel-shap"])
def test_completeness(name, case):
    model, inputs, classes = case
    change = change_from_zero(model, inputs, classes)
    assert change.abs().max() > 0.1
    found = explain(name, model, inputs, classes).flatten(1).sum(1)
    # The pools switch their winner along the line, where the quadrature jumps.
    pooled = any(isinstance(m, nn.MaxPool2d) for m in model.modules())
    tolerance = 0.02 if name == "integrated-gradients" and pooled else 1e-5
    torch.testing.assert_close(found, change, rtol=0, atol=tolerance)
