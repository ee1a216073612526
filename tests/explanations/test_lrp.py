import pytest
import torch
from captum.attr import LRP
from captum.attr._utils.lrp_rules import EpsilonRule
from torch import nn

from leakcore.explanations import lrp

from .conftest import dense, scatter


def test_by_hand():
    """Two layers, two inputs; every share worked out on paper."""
    model = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1)).double()
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor([[1.0, 2.0], [3.0, -1.0]]))
        model[0].bias.copy_(torch.tensor([1.0, -1.0]))
        model[2].weight.copy_(torch.tensor([[2.0, -1.0]]))
        model[2].bias.copy_(torch.tensor([0.5]))
    # x = (2, 1): z = (2 + 2 + 1, 6 - 1 - 1) = (5, 4), logit = 10 - 4 + 0.5 = 6.5.
    # With epsilon 0.5 the hidden relevances are 10/7 * 6.5 and -4/7 * 6.5; then
    # input 1 gets 2/5.5 * 65/7 + 6/4.5 * -26/7, input 2 gets 2/5.5 * 65/7 - 1/4.5 * -26/7.
    expected = [2 / 5.5 * 65 / 7 - 6 / 4.5 * 26 / 7, 2 / 5.5 * 65 / 7 + 1 / 4.5 * 26 / 7]
    inputs = torch.tensor([[2.0, 1.0]]).double()
    found = lrp.explain(model, inputs, torch.tensor([0]), epsilon=0.5)
    assert found[0].tolist() == pytest.approx(expected, rel=1e-12)


def test_negative_output_moves_away_from_zero():
    """One layer: z = -3, epsilon 0.5, so each share is w x / -3.5."""
    model = nn.Sequential(nn.Linear(2, 1, bias=False)).double()
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor([[1.0, -2.0]]))
    found = lrp.explain(model, torch.tensor([[1.0, 2.0]]).double(), torch.tensor([0]), epsilon=0.5)
    expected = torch.tensor([[1 / -3.5 * -3, -4 / -3.5 * -3]]).double()
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("activation", [nn.Tanh, nn.ReLU])
def test_conservation(activation, points):
    """Without biases, as epsilon goes to 0, the relevances sum to the logit."""
    model = scatter(dense(6, 9, 7, 3, bias=False, activation=activation), 5).double()
    inputs = points.double()
    logits = model(inputs).detach()
    classes = logits.argmax(1)
    found = lrp.explain(model, inputs, classes, epsilon=1e-12)
    torch.testing.assert_close(found.sum(1), logits.amax(1), rtol=1e-7, atol=1e-9)
    absorbed = lrp.explain(model, inputs, classes, epsilon=0.1).sum(1) - logits.amax(1)
    assert absorbed.abs().min() > 1e-4


def test_conservation_convolutional(convolutional, images):
    model, inputs = convolutional.double(), images.double()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.zero_()
    logits = model(inputs).detach()
    found = lrp.explain(model, inputs, logits.argmax(1), epsilon=1e-12)
    torch.testing.assert_close(found.flatten(1).sum(1), logits.amax(1), rtol=1e-6, atol=1e-8)


def test_bias_absorbs_its_share():
    """One layer: the relevances sum to the logit less what falls to the bias."""
    model = nn.Sequential(nn.Linear(4, 3)).double()
    inputs = torch.randn(5, 4, generator=torch.Generator().manual_seed(0)).double()
    classes = torch.tensor([0, 1, 2, 0, 1])
    found = lrp.explain(model, inputs, classes, epsilon=0.0).sum(1)
    logit = model(inputs).detach().gather(1, classes[:, None])[:, 0]
    torch.testing.assert_close(found, logit - model[0].bias.detach()[classes])


def test_captum(case):
    model, inputs, classes = case
    model, inputs = model.double(), inputs.double()
    found = lrp.explain(model, inputs, classes, epsilon=1e-3)
    for layer in model:
        if isinstance(layer, nn.MaxPool2d | nn.Flatten):
            layer.rule = EpsilonRule(0.0)  # they only route; Captum has no default for Flatten
        elif not isinstance(layer, nn.Tanh):
            layer.rule = EpsilonRule(1e-3)
    expected = LRP(model).attribute(inputs.requires_grad_(), target=classes)
    torch.testing.assert_close(found, expected.detach(), rtol=1e-8, atol=1e-10)


def test_in_place_activation(points):
    model = scatter(dense(6, 9, 3, activation=nn.ReLU), 6)
    classes = model(points).argmax(1)
    expected = lrp.explain(model, points, classes)
    model[1] = nn.ReLU(inplace=True)
    torch.testing.assert_close(lrp.explain(model, points, classes), expected)


def test_zero_output_gives_finite_relevance():
    model = nn.Sequential(nn.Linear(2, 2, bias=False), nn.Tanh(), nn.Linear(2, 2))
    found = lrp.explain(model, torch.zeros(3, 2), torch.tensor([0, 1, 0]))
    assert torch.equal(found, torch.zeros(3, 2))
