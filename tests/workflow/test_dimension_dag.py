"""The synthetic sweep and the drawings that need no attack, from nothing to their figures."""

import numpy as np
import pandas as pd
import pytest
import yaml

from leakcore.evaluation import dimension

from .conftest import ROOT, TINY, Checkout

pytestmark = pytest.mark.workflow
FIGURES = ("fig5", "fig11", "fig13", "fig14")
KEYS = ["network", "n_classes", "n_features", "seed"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    checkout = Checkout(tmp_path_factory.mktemp("dimension"), TINY)
    checkout.first = checkout.run("results/figures/fig5.pdf").stdout
    checkout.run(*(f"results/figures/{name}.pdf" for name in FIGURES))
    return checkout


@pytest.mark.parametrize("name", FIGURES)
def test_figures_come_with_picture_and_numbers(made, name):
    folder = made.folder / "results/figures"
    assert (folder / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    assert len(pd.read_csv(folder / f"{name}.csv"))


def test_figure_5_trains_the_base_network_alone(made):
    assert "others" not in made.first
    table = pd.read_csv(made.folder / "results/figures/fig5.csv")
    assert set(table.network) == {"base"}
    whole = pd.read_csv(made.folder / "results/figures/fig14.csv")
    assert set(whole.network) == {"small", "base", "big"}
    again = whole[whole.network == "base"].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, table)


def test_jobs_give_what_one_call_gives(made):
    """One call for all seeds and both numbers of classes, in this process."""
    settings = yaml.safe_load((ROOT / "config.yaml").read_text())["dimension"]
    tiny = TINY["dimension"]
    training = settings["training"] | tiny["training"]
    expected = pd.concat(
        dimension.sweep(
            n,
            tiny["classes"],
            settings["networks"],
            training,
            n_points=tiny["n_points"],
            seeds=tiny["seeds"],
        )
        for n in tiny["features"]
    )
    expected = expected.sort_values(KEYS, ignore_index=True)
    table = pd.read_csv(made.folder / "results/figures/fig14.csv")
    assert table[KEYS].to_numpy().tolist() == expected[KEYS].to_numpy().tolist()
    assert (2, 5) not in set(zip(table.n_features, table.n_classes, strict=True))
    values = [name for name in expected if name not in KEYS]
    np.testing.assert_allclose(table[values], expected[values], rtol=1e-4, atol=1e-5)


def test_figure_11_has_the_shape_of_the_first_data_set(made):
    table = pd.read_csv(made.folder / "results/figures/fig11.csv")
    first = table[table.layer == 1].set_index("sub_network")["inputs"]
    assert first.to_dict() == {
        "predicted": 100, "label": 100, "probabilities": 100, "explanation": 600, "joint": 256,
    }  # fmt: skip


def test_another_number_of_epochs_reruns_the_sweep_and_nothing_else(made):
    targets = [f"results/figures/{name}.pdf" for name in FIGURES]
    assert "Nothing to be done" in made.run(*targets, "-n").stdout
    dimension_settings = TINY["dimension"] | {"training": {"epochs": 3}}
    made.configure({**TINY, "dimension": dimension_settings})
    try:
        output = made.run(*targets, "-n").stdout
    finally:
        made.configure(TINY)
    assert "Sweep features-8-8_classes-5_seeds-0-1: base" in output
    assert "Draw Figure 5" in output
    assert "Draw Figure 11" not in output
    assert "Draw Figure 13" not in output
