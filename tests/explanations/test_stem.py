import pytest
import torch
from torch import nn

from leakcore.explanations import gradient, integrated_gradients, smoothgrad, stem

from .conftest import scatter


class Opaque(nn.Module):
    """The same network, but what it computes first cannot be known."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return self.model(x)


NETWORKS = {
    "dense": (nn.Linear(6, 4), nn.Tanh(), nn.Linear(4, 3)),
    "flattened": (nn.Flatten(), nn.Linear(32, 4), nn.ReLU(), nn.Linear(4, 3)),
    "convolution": (nn.Conv2d(2, 3, 3, padding="same"), nn.Tanh(), nn.Flatten(), nn.Linear(48, 3)),
    "strided": (nn.Conv2d(2, 3, 3, 2, 1), nn.Tanh(), nn.Flatten(), nn.Linear(12, 3)),
}


@pytest.fixture(params=NETWORKS)
def network(request):
    model = scatter(nn.Sequential(*NETWORKS[request.param]), 1).double()
    shape = (6,) if request.param == "dense" else (2, 4, 4)
    return model, torch.randn(5, *shape, generator=torch.Generator().manual_seed(2)).double()


def test_parts_are_the_network_and_its_gradient(network):
    model, inputs = network
    parts = stem.split(model)
    assert not isinstance(parts.first, nn.Identity)
    classes = torch.arange(5) % 3
    there = parts.forward(inputs)
    torch.testing.assert_close(parts.rest(there), model(inputs))
    taken_back = parts.pull_back(gradient.explain(parts.rest, there, classes), inputs)
    torch.testing.assert_close(taken_back, gradient.explain(model, inputs, classes))


@pytest.mark.parametrize("explain", [smoothgrad.explain, integrated_gradients.explain])
def test_explanations_do_not_depend_on_it(network, explain):
    model, inputs = network
    classes = torch.arange(5) % 3
    found, expected = explain(model, inputs, classes), explain(Opaque(model), inputs, classes)
    assert isinstance(stem.split(Opaque(model)).first, nn.Identity)
    torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-12)


def test_what_is_not_affine_is_left_whole():
    for layers in ((nn.Tanh(), nn.Linear(2, 2)), (nn.Linear(2, 2),), (nn.Flatten(),)):
        model = nn.Sequential(*layers)
        parts = stem.split(model)
        assert isinstance(parts.first, nn.Identity)
        assert parts.rest is model
