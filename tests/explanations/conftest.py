import itertools

import pytest
import torch
from torch import nn


def dense(*widths: int, bias: bool = True, activation: type[nn.Module] = nn.Tanh) -> nn.Sequential:
    layers: list[nn.Module] = []
    for a, b in itertools.pairwise(widths):
        layers += [nn.Linear(a, b, bias=bias), activation()]
    return nn.Sequential(*layers[:-1])


def scatter(model: nn.Module, seed: int) -> nn.Module:
    """Give the network weights that are large enough for its activations to bend."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            fan = parameter[0].numel() if parameter.dim() > 1 else 4
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * (2 / fan) ** 0.5)
    return model.eval()


@pytest.fixture
def small() -> nn.Module:
    return scatter(dense(6, 9, 7, 3), 1)


@pytest.fixture
def convolutional() -> nn.Module:
    """The shape of the cifar target, small."""
    model = nn.Sequential(
        nn.Conv2d(2, 4, 3, padding="same"),
        nn.Tanh(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 3, 3, padding="same"),
        nn.Tanh(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(12, 8),
        nn.Tanh(),
        nn.Linear(8, 5),
    )
    return scatter(model, 2)


@pytest.fixture
def points() -> torch.Tensor:
    return torch.randn(11, 6, generator=torch.Generator().manual_seed(3))


@pytest.fixture
def images() -> torch.Tensor:
    return torch.randn(7, 2, 8, 8, generator=torch.Generator().manual_seed(4))


@pytest.fixture(params=["dense", "convolutional"])
def case(
    request: pytest.FixtureRequest,
    small: nn.Module,
    convolutional: nn.Module,
    points: torch.Tensor,
    images: torch.Tensor,
) -> tuple[nn.Module, torch.Tensor, torch.Tensor]:
    """A network, inputs and their predicted classes."""
    model, inputs = (small, points) if request.param == "dense" else (convolutional, images)
    with torch.no_grad():
        return model, inputs, model(inputs).argmax(1)
