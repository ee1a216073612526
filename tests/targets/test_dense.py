import pytest
import torch
from torch import nn

from leakcore.targets import architectures, dense


@pytest.fixture(params=["tanh", "relu"])
def activation(request):
    return request.param


def network(activation, shape=(7,), hidden=(5, 4)):
    settings = {"hidden": list(hidden), "activation": activation, "weight_std": 0.5}
    model = architectures.build(architectures.describe(shape, 3, settings))
    architectures.initialise(model, 0.5, 1)
    for module in model:
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.bias, generator=torch.Generator().manual_seed(2))
    return model


@pytest.mark.parametrize(("shape", "hidden"), [((7,), (5, 4)), ((2, 3), ()), ((7,), (6,))])
def test_loss_and_gradients_are_those_of_autograd(activation, shape, hidden):
    model = network(activation, shape, hidden)
    inputs = torch.randn(11, *shape, generator=torch.Generator().manual_seed(3))
    labels = torch.arange(11) % 3
    expected = nn.functional.cross_entropy(model(inputs), labels)
    expected.backward()

    with torch.no_grad():
        learner = dense.Classifier(model, activation)
        total = learner.loss(inputs, labels)
    assert total == pytest.approx(11 * expected.item(), rel=1e-5)
    # The gradients' buffer is laid out as the weights': read it through the same names.
    learner.weights.copy_(learner.gradients)
    for name, gradient in learner.state().items():
        torch.testing.assert_close(gradient, model.get_parameter(name).grad, rtol=1e-5, atol=1e-7)


def test_the_state_goes_back_into_the_network(activation):
    model = network(activation)
    learner = dense.Classifier(model, activation)
    inputs = torch.randn(4, 7)
    torch.testing.assert_close(learner(inputs), model(inputs))
    twin = network(activation)
    nn.init.zeros_(twin[0].weight)
    twin.load_state_dict(learner.state())
    assert torch.equal(twin(inputs), model(inputs))


def test_the_slope_in_the_input_is_that_of_autograd(activation):
    layers = dense.Layers((6, 5, 2), activation)
    weights = torch.randn(layers.size, generator=torch.Generator().manual_seed(4))
    layers.bind(weights, torch.zeros_like(weights))
    inputs = torch.randn(3, 6, requires_grad=True)
    (first, b), (second, c) = layers.weights
    function = torch.tanh if activation == "tanh" else torch.relu
    (function(inputs @ first + b) @ second + c).square().sum().backward()
    with torch.no_grad():
        output = layers.forward(inputs)
        slope = layers.backward(2 * output, to_input=True)
    torch.testing.assert_close(slope, inputs.grad, rtol=1e-5, atol=1e-6)
