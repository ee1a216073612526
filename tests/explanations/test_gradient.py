import torch

from leakcore.explanations import gradient


def central_differences(model, inputs, classes, step=1e-6):
    """Gradient of the explained logit, one input at a time."""
    result = torch.zeros_like(inputs)
    columns = result.view(len(inputs), -1)
    with torch.no_grad():
        for j in range(columns.shape[1]):
            shift = torch.zeros_like(inputs)
            shift.view(len(inputs), -1)[:, j] = step
            difference = model(inputs + shift) - model(inputs - shift)
            columns[:, j] = difference.gather(1, classes[:, None])[:, 0] / (2 * step)
    return result


def test_finite_differences(case):
    model, inputs, classes = case
    model, inputs = model.double(), inputs.double()
    expected = central_differences(model, inputs, classes)
    assert expected.abs().max() > 0.1
    torch.testing.assert_close(
        gradient.explain(model, inputs, classes), expected, rtol=1e-6, atol=1e-8
    )


def test_the_asked_class_is_explained(case):
    model, inputs, classes = case
    model, inputs = model.double(), inputs.double()
    other = (classes + 1) % 3
    expected = central_differences(model, inputs, other)
    torch.testing.assert_close(
        gradient.explain(model, inputs, other), expected, rtol=1e-6, atol=1e-8
    )
    assert not torch.allclose(gradient.explain(model, inputs, classes), expected, atol=1e-3)


def test_one_pass_gives_the_same_as_two(case):
    model, inputs, classes = case
    logits, explanation = gradient.explain_predicted(model, inputs)
    torch.testing.assert_close(logits, model(inputs).detach())
    torch.testing.assert_close(explanation, gradient.explain(model, inputs, classes))
    assert not explanation.requires_grad
    assert not inputs.requires_grad
    assert all(parameter.grad is None for parameter in model.parameters())


def test_points_do_not_see_one_another(case):
    model, inputs, classes = case
    together = gradient.explain(model, inputs, classes)
    alone = [
        gradient.explain(model, x[None], c[None]) for x, c in zip(inputs, classes, strict=True)
    ]
    torch.testing.assert_close(together, torch.cat(alone), rtol=1e-5, atol=1e-6)
