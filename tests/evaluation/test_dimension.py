import numpy as np
import pytest
import torch
from scipy import stats

from leakcore.datasets import synthetic
from leakcore.evaluation import dimension
from leakcore.targets import architectures, stacked, training

SETTINGS = {"learning_rate": 0.01, "decay": 1e-7, "epochs": 15, "batch_size": 64}
NETWORKS = {"small": {"hidden": [5]}, "base": {"hidden": [16, 16]}}


def network(d=7, k=4, seed=0):
    description = architectures.describe((d,), k, {"hidden": [8, 6], "weight_std": 0.7})
    model = architectures.build(description)
    architectures.initialise(model, 0.7, seed)
    return model.eval()


def test_norms_agree_with_finite_differences(monkeypatch):
    monkeypatch.setattr(dimension, "_BLOCK", 7 * 3)  # several blocks, the last one smaller
    model = network()
    x = np.random.default_rng(0).normal(size=(20, 7)).astype(np.float32)
    norm, predicted = dimension.gradient_norms(model, x)
    precise = network().double()
    points = torch.from_numpy(x).double()
    with torch.no_grad():
        classes = precise(points).argmax(1)
        expected = torch.zeros(20, dtype=torch.float64)
        for step in 1e-5 * torch.eye(7, dtype=torch.float64):
            change = precise(points + step) - precise(points - step)
            expected += (change.gather(1, classes[:, None])[:, 0] / 2e-5).abs()
    np.testing.assert_array_equal(predicted, classes)
    assert len(set(predicted)) > 1
    np.testing.assert_allclose(norm, expected, rtol=1e-5)


def test_correlation_is_pearsons_with_members_as_one():
    rng = np.random.default_rng(0)
    member = rng.random(200) < 0.4
    norm = rng.random(200) + 0.2 * member
    expected = stats.pearsonr(norm, member.astype(float)).statistic
    assert expected > 0.1
    assert dimension.correlation(norm, member) == pytest.approx(expected, abs=1e-14)
    assert dimension.correlation(-norm, member) == pytest.approx(-expected, abs=1e-14)
    assert np.isnan(dimension.correlation(np.zeros(200), member))


def test_a_row_agrees_with_the_steps_taken_by_hand():
    table = dimension.sweep(8, [3], NETWORKS, SETTINGS, n_points=600, seeds=[4])
    row = table[table["network"] == "base"].iloc[0]
    x, y = synthetic.make(8, 3, 600, 4)
    description = architectures.describe((8,), 3, NETWORKS["base"])
    members, others = (x[:300], y[:300]), (x[300:], y[300:])
    (kept,), curve = training.train(*members, *others, description, SETTINGS, [0.9], seed=4)
    assert not kept.reached
    assert row["train_accuracy"] == pytest.approx(curve["train_accuracy"][-1], abs=0.005)
    assert row["test_accuracy"] == pytest.approx(curve["test_accuracy"][-1], abs=0.005)


def test_overfitting_shows_and_networks_that_saw_no_member_show_nothing():
    settings = SETTINGS | {"epochs": 60}
    base = {"base": {"hidden": [50, 50]}}
    row = dimension.sweep(200, [2], base, settings, n_points=1200, seeds=[0]).iloc[0]
    assert row["train_accuracy"] == 1.0
    assert row["test_accuracy"] < 0.95
    assert row["correlation"] < -0.15
    assert row["norm_members"] < row["norm_nonmembers"]
    # Points that the network never saw, half of them called members: no more than sampling error,
    # which is 1 / sqrt(n) for a correlation of 0. The same number of points shows true members.
    x, y = synthetic.make(200, 2, 2400, 0)
    description = architectures.describe((200,), 2, base["base"])
    (model,) = stacked.train([x[:600]], [y[:600]], description, settings, seeds=[0])
    norm, _ = dimension.gradient_norms(model, x)
    called, seen = np.arange(1800) < 900, np.arange(1800) < 600
    assert abs(dimension.correlation(norm[600:], called)) < 4 / np.sqrt(1800)
    assert abs(dimension.correlation(norm[:1800], seen)) > 4 / np.sqrt(1800)


def test_rows_are_tidy_and_repeat():
    arguments = (5, [2, 100], NETWORKS, SETTINGS | {"epochs": 2})
    states = []
    table = dimension.sweep(
        *arguments, n_points=200, seeds=[0, 1], progress=lambda *state: states.append(state)
    )
    assert states[-1][0] == states[-1][1]
    assert list(table["n_classes"].unique()) == [2]  # a cube of 5 features has 32 corners
    assert list(zip(table["network"], table["seed"], strict=True)) == [
        ("small", 0),
        ("small", 1),
        ("base", 0),
        ("base", 1),
    ]
    again = dimension.sweep(*arguments, n_points=200, seeds=[0, 1])
    assert table.to_csv() == again.to_csv()
    assert table.groupby("network")["norm_members"].nunique().eq(2).all()
    apart = dimension.sweep(*arguments, n_points=200, seeds=[1])
    both = table[table["seed"] == 1].drop(columns="network").to_numpy()
    np.testing.assert_allclose(both, apart.drop(columns="network").to_numpy(), rtol=1e-3, atol=1e-4)


def test_no_possible_number_of_classes_gives_an_empty_table():
    table = dimension.sweep(1, [100], NETWORKS, SETTINGS, n_points=200, seeds=[0])
    assert len(table) == 0
    assert "correlation" in table.columns
