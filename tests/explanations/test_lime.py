import numpy as np
import pytest
import torch
from captum._utils.models.linear_model import SkLearnRidge
from captum.attr import LimeBase
from scipy.stats import spearmanr
from sklearn.linear_model import Ridge
from torch import nn

from leakcore.explanations import lime


def masks_of(samples, features, seed=0):
    return lime._design(features, samples, seed, 0.01, 0.75)[0]


@pytest.mark.parametrize("ridge", [0.0, 0.01, 0.5])
def test_scikit_learn(case, ridge):
    """A weighted ridge regression with a free intercept, fitted for each point alone."""
    model, inputs, classes = case
    features, samples = inputs[0].numel(), 300
    found = lime.explain(model, inputs, classes, samples=samples, ridge=ridge)
    kept = masks_of(samples, features)
    weights = np.exp(-(1 - kept).sum(1) / (2 * features * 0.75**2))
    weights /= weights.sum()
    columns = kept - weights @ kept
    penalty = ridge * (weights @ columns**2).mean()
    for x, c, row in zip(inputs, classes, found, strict=True):
        masked = x.flatten() * torch.from_numpy(kept)
        with torch.no_grad():
            target = model(masked.view(-1, *x.shape))[:, c].double().numpy()
        fit = Ridge(alpha=penalty).fit(kept, target, sample_weight=weights)
        np.testing.assert_allclose(row.flatten(), fit.coef_, rtol=1e-3, atol=1e-4)


def test_captum(small, points):
    """Captum's LIME of one point, on the same copies with the same kernel and penalty."""
    kept = torch.from_numpy(masks_of(200, 6))
    x, c = points[:1], small(points[:1]).argmax(1)

    def weight(*copy, **_):
        return torch.exp(-(1 - copy[2].double()).sum() / (2 * 6 * 0.75**2))

    def perturbations(*_, **__):
        yield from kept[:, None]

    columns = kept.double()
    weights = torch.exp(-(1 - columns).sum(1) / (2 * 6 * 0.75**2))
    columns = columns - weights @ columns / weights.sum()
    penalty = float(0.3 * (weights @ columns**2).mean())
    captum = LimeBase(
        small,
        SkLearnRidge(alpha=penalty),
        weight,
        perturbations,
        perturb_interpretable_space=True,
        from_interp_rep_transform=lambda mask, original, **_: original * mask,
        to_interp_rep_transform=None,
    )
    expected = captum.attribute(x, target=c, n_samples=200).flatten()
    found = lime.explain(small, x, c, samples=200, ridge=0.3).flatten()
    torch.testing.assert_close(found, expected.to(found.dtype), rtol=1e-3, atol=1e-4)


def test_linear_network_of_many_features():
    model = nn.Sequential(nn.Linear(200, 4)).double()
    inputs = torch.randn(6, 200, generator=torch.Generator().manual_seed(1)).double()
    classes = model(inputs).argmax(1).detach()
    expected = model[0].weight.detach()[classes] * inputs
    exact = lime.explain(model, inputs, classes, samples=400, ridge=0.0)
    torch.testing.assert_close(exact, expected, rtol=1e-8, atol=1e-9)
    # Fewer copies than features: no longer exact, but the order is largely kept.
    few = lime.explain(model, inputs, classes, samples=150)
    ranks = [spearmanr(a, b).statistic for a, b in zip(few, expected, strict=True)]
    assert 0.6 < min(ranks) < max(ranks) < 0.99


def test_kernel_width_matters(small, points):
    classes = small(points).argmax(1)
    wide, narrow = (
        lime.explain(small, points, classes, samples=500, width=width) for width in (0.75, 0.1)
    )
    assert not torch.allclose(wide, narrow, atol=1e-2)


def test_seed_draws_the_copies(small, points):
    classes = small(points).argmax(1)
    first, other = (lime.explain(small, points, classes, samples=20, seed=s) for s in (0, 1))
    assert not torch.allclose(first, other, atol=1e-3)
