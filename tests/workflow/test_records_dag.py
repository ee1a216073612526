"""The record-based experiments, from the packaged data to every figure and table."""

import numpy as np
import pandas as pd
import pytest

from leakcore.influence.leave_one_out import LeaveOneOut
from leakcore.influence.revelations import Revelations
from leakcore.store import Dataset, Split

pytestmark = pytest.mark.workflow
FIGURES = ("fig6", "fig7", "fig8", "fig9", "fig10", "fig15")
TABLES = ("table2b", "table3", "table4", "traversal", "approximations")


@pytest.fixture(scope="module")
def results(complete):
    return complete.folder / "results"


@pytest.mark.parametrize("name", FIGURES)
def test_figures_come_with_picture_and_numbers(results, name):
    folder = results / "figures"
    assert (folder / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    assert len(pd.read_csv(folder / f"{name}.csv"))


@pytest.mark.parametrize("name", TABLES)
def test_tables_come_for_machines_pages_and_papers(results, name):
    folder = results / "tables"
    assert len(pd.read_csv(folder / f"{name}.csv"))
    assert "| " in (folder / f"{name}.md").read_text()
    assert "\\toprule" in (folder / f"{name}.tex").read_text()


def test_figure_6_says_what_refitting_says(results):
    """The share of self-revealing members, recomputed from the saved models by brute force."""
    rates = []
    for seed in (0, 1):
        dataset = Dataset.load(results / "datasets/breast_cancer.safetensors")
        split = Split.load(results / f"splits/records/breast_cancer/seed-{seed}.safetensors")
        models = LeaveOneOut.load(results / f"leave_one_out/breast_cancer/seed-{seed}.safetensors")
        x = dataset.features[split.members]

        def probability(w, x=x):
            return 1 / (1 + np.exp(-(x @ w[:-1] + w[-1])))

        size = np.stack([abs(probability(models.full) - probability(w)) for w in models.weights], 1)
        rates.append(np.mean(size.argmax(axis=1) == np.arange(len(x))))
    table = pd.read_csv(results / "figures/fig6.csv").set_index("k")
    assert table.loc[1, "rate"] == pytest.approx(np.mean(rates), abs=1e-9)
    assert table.loc[1, "samplings"] == 2


def test_algorithm_1_finds_members_and_no_more_than_it_can(results):
    table = pd.read_csv(results / "tables/table3.csv")
    assert set(table.variant) == {"weights", "subspace"}
    assert (table.recovered > 5).all()
    assert (table.recovered <= table.upper_bound).all()


def test_random_queries_never_lose_what_they_found(results):
    table = pd.read_csv(results / "figures/fig9.csv")
    for _, curve in table.groupby(["scenario", "k"]):
        assert curve.sort_values("queries")["share"].is_monotonic_increasing


def test_walks_reveal_what_can_be_reached(results):
    """From its random starts no walk reveals more than the start that reaches most."""
    walks = pd.read_csv(results / "tables/traversal.csv")
    most = max(
        pd.read_csv(results / f"revelations/breast_cancer/seed-{seed}/reachable.csv").share.max()
        for seed in (0, 1)
    )
    assert (walks.share <= most + 1e-12).all()
    assert (walks.ratio_to_last >= 1).all()


def test_revelations_name_members(results):
    path = results / "revelations/breast_cancer/seed-0/revelations.safetensors"
    ids = Revelations.load(path).ids
    assert ids.shape == (60, 10)
    assert ids.min() >= 0
    assert ids.max() < 60


def test_tables_have_the_columns_that_are_promised(results):
    columns = {
        "table2b": {
            "group", "share_percent", "k1", "k5", "k10", "k1_sd", "k5_sd", "k10_sd", "members",
        },
        "table3": {
            "dataset", "n_features", "n_train", "recovered", "recovered_sd", "recovered_percent",
            "upper_bound", "queries", "variant",
        },
        "table4": {"dataset", "statistic", "mean", "sd"},
    }  # fmt: skip
    for name, wanted in columns.items():
        table = pd.read_csv(results / f"tables/{name}.csv")
        assert wanted <= set(table.columns), name
    statistics = table.set_index("statistic")["mean"]
    graphs = [
        pd.read_csv(results / f"revelations/breast_cancer/seed-{seed}/graph.csv") for seed in (0, 1)
    ]
    assert statistics["scc"] == pd.concat(graphs)["scc"].mean()
