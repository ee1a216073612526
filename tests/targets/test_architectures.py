import numpy as np
import pytest
import torch
from torch import nn

from leakcore.errors import LeakcoreError
from leakcore.targets import architectures


def test_dense_layers_follow_the_description():
    model = architectures.build(architectures.describe((600,), 100, {"hidden": [1024, 512, 256]}))
    widths = [(m.in_features, m.out_features) for m in model if isinstance(m, nn.Linear)]
    assert widths == [(600, 1024), (1024, 512), (512, 256), (256, 100)]
    assert sum(isinstance(m, nn.Tanh) for m in model) == 3
    assert len({id(m) for m in model}) == len(list(model))


def test_the_image_network_is_the_protocols():
    settings = {"channels": [32, 32], "hidden": [128]}
    model = architectures.build(architectures.describe((3, 32, 32), 100, settings))
    convolutions = [(m.in_channels, m.out_channels) for m in model if isinstance(m, nn.Conv2d)]
    assert convolutions == [(3, 32), (32, 32)]
    assert [m.in_features for m in model if isinstance(m, nn.Linear)] == [32 * 8 * 8, 128]
    assert model(torch.zeros(2, 3, 32, 32)).shape == (2, 100)


def test_convolutions_need_images():
    with pytest.raises(LeakcoreError, match="needs image data"):
        architectures.describe((600,), 10, {"channels": [32], "hidden": [10]})


def test_first_weights_have_the_wanted_spread():
    architecture = architectures.describe((600,), 100, {"hidden": [1024]})
    model = architectures.build(architecture)
    architectures.initialise(model, 0.01, 0)
    assert model[0].weight.std().item() == pytest.approx(0.01, rel=0.01)
    assert model[0].bias.abs().max() == 0


def test_inputs_are_scaled():
    pixels = torch.tensor([[0, 51, 255]], dtype=torch.uint8)
    scaled = architectures.as_inputs(pixels, {"input_divisor": 255.0})
    np.testing.assert_allclose(scaled.numpy(), [[0, 0.2, 1]], rtol=1e-6)
