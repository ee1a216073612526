import math
import warnings

import pytest
import torch
from captum.attr import DeepLift
from torch import nn

from leakcore.explanations import deeplift

from .conftest import dense, scatter


def captum(model, inputs, classes):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return DeepLift(model).attribute(inputs, 0.0, target=classes).detach()


def identity(channels):
    layer = nn.Conv2d(channels, channels, 1, bias=False)
    nn.init.dirac_(layer.weight)
    return layer.double()


def test_captum(case):
    model, inputs, classes = case
    model, inputs = model.double(), inputs.double()
    found = deeplift.explain(model, inputs, classes)
    # Captum is wrong where a pool follows an activation; an identity keeps the two apart.
    layers, channels = [], 0
    for layer in model:
        channels = getattr(layer, "out_channels", channels)
        layers += [identity(channels), layer] if isinstance(layer, nn.MaxPool2d) else [layer]
    expected = captum(nn.Sequential(*layers), inputs, classes)
    torch.testing.assert_close(found, expected, rtol=1e-7, atol=1e-9)


def test_captum_relu(points):
    model, inputs = scatter(dense(6, 9, 7, 3, activation=nn.ReLU), 7).double(), points.double()
    classes = model(inputs).argmax(1)
    found = deeplift.explain(model, inputs, classes)
    torch.testing.assert_close(found, captum(model, inputs, classes), rtol=1e-7, atol=1e-9)


def test_by_hand():
    """logit = 3 tanh(x1 + 2 x2 + 0.5) + b: the rescale rule by its definition."""
    model = nn.Sequential(nn.Linear(2, 1), nn.Tanh(), nn.Linear(1, 1)).double()
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor([[1.0, 2.0]]))
        model[0].bias.fill_(0.5)
        model[2].weight.fill_(3.0)
    x = torch.tensor([[0.4, -0.3]], dtype=torch.float64)
    slope = 3 * (math.tanh(0.3) - math.tanh(0.5)) / (0.3 - 0.5)
    found = deeplift.explain(model, x, torch.tensor([0]))
    assert found[0].tolist() == pytest.approx([0.4 * slope, -0.6 * slope], rel=1e-9)


def test_near_the_baseline_nothing_cancels(small):
    """In single precision, close to the baseline, DeepLIFT is input times gradient at 0."""
    x = torch.tensor([[1.0, -2.0, 0.5, 1.5, -1.0, 2.0]]) * 1e-6
    single = deeplift.explain(small, x, torch.tensor([1]))
    double = deeplift.explain(small.double(), x.double(), torch.tensor([1]))
    torch.testing.assert_close(single.double(), double, rtol=1e-5, atol=0)


@pytest.mark.parametrize("activation", [nn.Tanh, nn.ReLU])
def test_at_the_baseline(activation):
    """A hidden unit that does not move hands on its derivative, never 0/0."""
    model = scatter(dense(2, 3, 2, activation=activation), 8).double()
    with torch.no_grad():
        model[0].weight[0] = torch.tensor([1.0, -1.0])
    at, near = torch.tensor([[1.0, 1.0], [1.0, 1.0 + 1e-7]]).double().split(1)
    one = torch.tensor([1])
    found, close = deeplift.explain(model, at, one), deeplift.explain(model, near, one)
    assert torch.isfinite(found).all()
    torch.testing.assert_close(found, close, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("activation", [nn.Tanh, nn.ReLU])
def test_pools_with_points_that_touch_the_baseline(stride, activation):
    """Black corners equal the baseline; completeness holds and points stay apart."""
    model = nn.Sequential(
        nn.MaxPool2d(2, stride), nn.Conv2d(1, 2, 3, padding=1), activation(),
        nn.MaxPool2d(2, stride), nn.Flatten(), nn.LazyLinear(3),
    ).double()  # fmt: skip
    inputs = torch.randn(5, 1, 8, 8, generator=torch.Generator().manual_seed(9)).double()
    inputs[:, :, :4, :5] = 0
    model(inputs)
    scatter(model, 10)
    model[-1] = model[-1].double()
    with torch.no_grad():
        logits, zero = model(inputs), model(torch.zeros_like(inputs))
    classes = logits.argmax(1)
    found = deeplift.explain(model, inputs, classes)
    change = (logits - zero).gather(1, classes[:, None])[:, 0]
    torch.testing.assert_close(found.flatten(1).sum(1), change, rtol=1e-9, atol=1e-9)
    turned = deeplift.explain(model, inputs.flip(0), classes.flip(0)).flip(0)
    torch.testing.assert_close(found, turned, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("activation", [nn.Tanh, nn.ReLU])
def test_through_activation_and_pool_by_hand(activation):
    """One window of two pixels: up to the larger maximum at the point's winner, down from there."""
    model = nn.Sequential(activation(), nn.MaxPool2d((1, 2)), nn.Flatten(), nn.Linear(1, 1, False))
    model = model.double()
    with torch.no_grad():
        model[-1].weight.fill_(3.0)
    shifted = nn.Sequential(nn.Conv2d(1, 1, 1), *model).double()
    with torch.no_grad():
        shifted[0].weight.fill_(1.0)
        shifted[0].bias.fill_(0.5)
    f = math.tanh if activation is nn.Tanh else (lambda x: max(x, 0.0))
    inputs = torch.tensor([[[[0.7, -0.3]]], [[[-0.9, -0.2]]], [[[0.0, 0.4]]]]).double()
    found = deeplift.explain(shifted, inputs, torch.zeros(3, dtype=torch.int64))[:, 0, 0]
    # At the baseline both pixels are f(0.5), and the first wins.
    assert found[0].tolist() == pytest.approx([3 * (f(1.2) - f(0.5)), 0.0])
    assert found[1].tolist() == pytest.approx([3 * (f(0.3) - f(0.5)), 0.0])
    assert found[2].tolist() == pytest.approx([0.0, 3 * (f(0.9) - f(0.5))])


def test_single_precision(case):
    """No point's explanation loses digits to what cancels near the baseline."""
    model, inputs, classes = case
    for scale in (1.0, 1e-2):
        single = deeplift.explain(model.float(), (inputs * scale).float(), classes)
        double = deeplift.explain(model.double(), inputs.double() * scale, classes)
        error = (single.double() - double).flatten(1).norm(dim=1) / double.flatten(1).norm(dim=1)
        assert float(error.max()) < 1e-5
