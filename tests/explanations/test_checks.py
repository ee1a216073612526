import pytest
import torch
from torch import nn

from leakcore.errors import LeakcoreError
from leakcore.explanations import deeplift, gradient, layerwise, lrp
from leakcore.explanations.checks import layers_of

METHODS = {"lrp": lrp, "deeplift": deeplift}


class Functional(nn.Module):
    """Hides its activation: its only child is a linear layer."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 3)

    def forward(self, x):
        return torch.tanh(self.linear(x))


class Scaled(nn.Linear):
    """Computes something else than the layer that it derives from."""

    def forward(self, x):
        return super().forward(x) ** 2


class Subclass(nn.Sequential):
    """Computes something between its layers."""

    def forward(self, x):
        return super().forward(x).exp()


def reused():
    tanh = nn.Tanh()
    return nn.Sequential(nn.Linear(6, 6), tanh, nn.Linear(6, 5), tanh, nn.Linear(5, 3))


def reused_deep():
    linear = nn.Linear(6, 6)
    return nn.Sequential(nn.Sequential(linear, nn.Tanh()), nn.Sequential(linear, nn.Tanh()))


REFUSED = {
    "functional activation": (Functional, "Functional.*the network itself"),
    "functional inside": (lambda: nn.Sequential(Functional()), "Functional.*layer 0"),
    "derived layer": (lambda: nn.Sequential(Scaled(6, 3)), "Scaled"),
    "derived container": (lambda: Subclass(nn.Linear(6, 3)), "Subclass"),
    "no rule": (lambda: nn.Sequential(nn.Linear(6, 3), nn.Softmax(1)), "Softmax.*layer 1"),
    "reused activation": (reused, "one Tanh twice.*layers 1 and 3"),
    "reused weights": (reused_deep, "one Linear twice.*layers 0.0 and 1.0"),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_name(method, name, points):
    make, words = REFUSED[name]
    model, classes = make(), torch.zeros(len(points), dtype=torch.int64)
    with pytest.raises(LeakcoreError, match=f"{method} cannot explain.*{words}"):
        METHODS[method].explain(model, points, classes)
    with pytest.raises(LeakcoreError, match=method):
        METHODS[method].explain_predicted(model, points)


def test_the_gradient_explains_a_reused_module(points):
    model, classes = reused(), torch.zeros(len(points), dtype=torch.int64)
    apart = nn.Sequential(model[0], nn.Tanh(), model[2], nn.Tanh(), model[4])
    torch.testing.assert_close(
        gradient.explain(model, points, classes), gradient.explain(apart, points, classes)
    )


def test_nested_layers_come_in_order(small):
    nested = nn.Sequential(nn.Sequential(small[0], small[1]), nn.Sequential(*small[2:]))
    assert layers_of(nested, "lrp", layerwise.SUPPORTED) == list(small)
