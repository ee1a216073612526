import numpy as np
import torch
from scipy import stats
from torch import nn

from leakcore.explanations import gradient, smoothgrad


def test_no_noise_is_the_gradient(case):
    model, inputs, classes = case
    found = smoothgrad.explain(model, inputs, classes, noise=0.0, samples=3)
    assert torch.equal(found, gradient.explain(model, inputs, classes))


def test_little_noise_is_nearly_the_gradient(case):
    model, inputs, classes = case
    model, inputs = model.double(), inputs.double()
    found = smoothgrad.explain(model, inputs, classes, noise=1e-7, samples=3)
    expected = gradient.explain(model, inputs, classes)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)
    assert not torch.equal(found, expected)


def test_known_mean():
    """logit = |x|^2 has gradient 2x, so the smoothed one is 2 (x + noise * mean of the draws)."""

    class Square(nn.Module):
        def forward(self, x):
            return (x**2).sum(1, keepdim=True)

    inputs, classes = torch.zeros(400, 5).double(), torch.zeros(400, dtype=torch.int64)
    samples, noise = 16, 0.7
    found = smoothgrad.explain(Square(), inputs, classes, noise=noise, samples=samples)
    scaled = found / (2 * noise) * samples**0.5  # (400, 5) independent standard normal numbers
    assert abs(float(scaled.mean())) < 4 / 2000**0.5
    assert abs(float(scaled.var()) - 1) < 4 * (2 / 2000) ** 0.5
    correlation = np.corrcoef(scaled.numpy())
    off = correlation[~np.eye(400, dtype=bool)]
    assert abs(off.mean()) < 0.02  # two points do not share their noise


def test_noise_belongs_to_seed_and_point(small, points):
    classes = small(points).argmax(1)
    same = points[:1].repeat(3, 1)
    options = {"noise": 0.5, "samples": 4}
    first = smoothgrad.explain(
        small, same, classes[:1].repeat(3), index=torch.tensor([7, 8, 7]), **options
    )
    torch.testing.assert_close(first[0], first[2])
    assert not torch.allclose(first[0], first[1], atol=1e-3)
    other = smoothgrad.explain(
        small, same, classes[:1].repeat(3), index=torch.tensor([7, 8, 7]), seed=1, **options
    )
    assert not torch.allclose(first, other, atol=1e-3)


def test_passes_are_no_wider_than_the_batch(small, points):
    widths = []
    small[-1].register_forward_hook(lambda *call: widths.append(len(call[2])))
    classes = torch.zeros(len(points), dtype=torch.int64)
    for samples in (1, 3, 11, 40):
        widths.clear()
        smoothgrad.explain(small, points, classes, samples=samples)
        assert max(widths) <= len(points)
        assert sum(widths) == samples * len(points)


def test_nested_counts_are_beginnings_of_one_draw(case):
    model, inputs, classes = case
    options = {"noise": 0.6, "seed": 3}
    counts = [0, 1, 5, 12, 40]
    found = smoothgrad.nested(model, inputs, classes, counts, **options)
    assert torch.equal(found[0], gradient.explain(model, inputs, classes))
    assert torch.equal(found[-1], smoothgrad.explain(model, inputs, classes, samples=40, **options))
    noise = smoothgrad._noise(3, torch.arange(len(inputs)), (40, *inputs.shape[1:]))
    for place, count in enumerate(counts[1:], start=1):
        expected = torch.stack(
            [gradient.explain(model, inputs + 0.6 * noise[:, i], classes) for i in range(count)]
        ).mean(0)
        torch.testing.assert_close(found[place], expected, rtol=1e-4, atol=1e-5)


def test_nested_counts_cost_the_passes_of_the_largest(small, points):
    rows = []
    small[-1].register_forward_hook(lambda *call: rows.append(len(call[2])))
    classes = torch.zeros(len(points), dtype=torch.int64)
    smoothgrad.nested(small, points, classes, [1, 2, 4, 9])
    assert sum(rows) == 9 * len(points)


def test_nested_counts_without_noise_are_all_the_gradient(case):
    model, inputs, classes = case
    expected = gradient.explain(model, inputs, classes)
    for found in smoothgrad.nested(model, inputs, classes, [0, 3], noise=0.0):
        assert torch.equal(found, expected)


def test_places_are_those_of_splitmix64():
    states = (1234567 + np.arange(3, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)).astype(
        np.uint64
    )
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert smoothgrad._mixed(states).tolist() == published


def test_noise_is_normal_and_independent():
    noise = smoothgrad._noise(0, torch.arange(500), (20, 30)).double().numpy()
    assert stats.kstest(noise.ravel(), "norm").pvalue > 1e-3
    rows = noise.reshape(-1, 30)
    # Of 2^20 places 10,000 copies take 48 twice on average; that many are Poisson's.
    assert len(rows) - len(np.unique(rows, axis=0)) <= 48 + 5 * 7
    # Neighbouring copies, points and features: 300,000 products of independent normal numbers.
    for left, right in (
        (noise[:, :-1], noise[:, 1:]),
        (noise[:-1], noise[1:]),
        (noise[..., :-1], noise[..., 1:]),
    ):
        assert abs((left * right).mean()) < 4 / left.size**0.5


def test_noise_of_a_point_does_not_depend_on_the_batch():
    alone = smoothgrad._noise(2, torch.tensor([17]), (5, 3, 4, 4))
    among = smoothgrad._noise(2, torch.tensor([3, 17, 2**31]), (9, 3, 4, 4))
    assert torch.equal(alone[0], among[1, :5])
    assert not torch.equal(among[0], among[1])
