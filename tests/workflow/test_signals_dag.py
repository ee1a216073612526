"""Figures 3, 4 and 12, the defences and the observations, from nothing."""

import textwrap

import pandas as pd
import pytest
import yaml

from leakcore.store import Target

from .conftest import ROOT, TINY, Checkout
from .test_dag import rules_to_run

pytestmark = pytest.mark.workflow
FIGURES = ("fig3", "fig4", "fig12", "defence")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    checkout = Checkout(tmp_path_factory.mktemp("signals"), TINY)
    checkout.run(
        *(f"results/figures/{name}.pdf" for name in FIGURES), "results/tables/observations.csv"
    )
    return checkout


def figure(made, name):
    return pd.read_csv(made.folder / f"results/figures/{name}.csv")


@pytest.mark.parametrize("name", FIGURES)
def test_figures_come_with_picture_and_numbers(made, name):
    folder = made.folder / "results/figures"
    assert (folder / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    assert len(figure(made, name))


def test_figure_3_has_all_pairs_with_their_sign(made):
    table = figure(made, "fig3")
    assert set(zip(table["first"], table["second"], strict=True)) == {
        ("membership", "variance"), ("membership", "norm"), ("variance", "norm"),
    }  # fmt: skip
    assert set(table["dataset"]) <= {"purchase", "digits"}
    assert table["correlation"].min() < 0
    assert table["correlation"].between(-1, 1).all()


def test_figure_4_has_points_and_accuracies_for_every_number_of_samples(made):
    table = figure(made, "fig4")
    norms, accuracy = (table[table["panel"] == name] for name in ("norm", "accuracy"))
    assert norms.groupby("samples").size().to_dict() == {0: 200, 1: 200, 3: 200}
    assert set(accuracy["samples"]) == {0, 1, 3}
    assert set(accuracy["attack"]) == {"network", "norm-tree"}
    # Without noise it is the very gradient that Figure 1 attacks, with the same result.
    level = accuracy[(accuracy["seed"] == 0)]["level"].iloc[0]
    plain = figure(made, "fig12")
    keys = {"dataset": "digits", "explanation": "gradient", "seed": 0, "level": level}
    expected = plain[(plain[list(keys)] == pd.Series(keys)).all(axis=1)]["auc"].item()
    found = accuracy[
        (accuracy["samples"] == 0) & (accuracy["attack"] == "network") & (accuracy["seed"] == 0)
    ]
    assert found["auc"].item() == expected
    # At the largest number it is the SmoothGrad that Figure 12 attacks.
    keys["explanation"] = "smoothgrad"
    expected = plain[(plain[list(keys)] == pd.Series(keys)).all(axis=1)]["auc"].item()
    found = accuracy[
        (accuracy["samples"] == 3) & (accuracy["attack"] == "network") & (accuracy["seed"] == 0)
    ]
    assert found["auc"].item() == expected


def test_figure_12_has_the_explanations_of_the_config_where_it_allows_them(made):
    table = figure(made, "fig12")
    assert set(table["explanation"]) == {"gradient", "smoothgrad", "lime"}
    assert set(table["access"]) == {"gradient"}
    assert set(table.loc[table["explanation"] == "lime", "dataset"]) <= {"digits"}
    assert not (made.folder / "results/observations/digits/seed-0/lime").exists()


def test_the_defence_is_private_and_says_how_much(made):
    table = figure(made, "defence")
    assert set(table["defence"]) == {"none", "smoothgrad", "dp-sgd", "sgd"}
    assert table.loc[table["defence"] == "dp-sgd", "epsilon"].tolist() == [8, 8]
    assert table.loc[table["defence"] != "dp-sgd", "epsilon"].isna().all()
    for seed in (0, 1):
        path = made.folder / f"results/targets/digits/dp-8/seed-{seed}/final.safetensors"
        target = Target.load(path)
        assert 7.9 < target.privacy["epsilon"] <= 8
        assert target.privacy["delta"] == 1e-3
        assert target.privacy["steps"] == 8
        row = table[(table["defence"] == "dp-sgd") & (table["seed"] == seed)]
        assert row["test_accuracy"].item() == pytest.approx(target.test_accuracy)


def test_observations_come_for_machines_pages_and_papers(made):
    folder = made.folder / "results/tables"
    table = pd.read_csv(folder / "observations.csv")
    assert {f"Observation 4.{i}" for i in (1, 2, 3)} <= set(table["claim"])
    assert {f"Hypothesis 4.4 ({i})" for i in (1, 2, 3)} <= set(table["claim"])
    assert table["verdict"].isin(["holds", "does not hold", "undecided"]).all()
    page = (folder / "observations.md").read_text()
    assert "holds: interval above 0" in page
    assert "purchase (stand-in)" in page
    assert "\\toprule" in (folder / "observations.tex").read_text()


def test_nothing_runs_again(made):
    done = made.run(
        *(f"results/figures/{name}.pdf" for name in FIGURES),
        "results/tables/observations.csv",
        "-n",
    )
    assert "Nothing to be done" in done.stdout


def test_an_explanation_is_added_as_the_document_says(made):
    """The code and the lines are taken from docs/add-an-explanation.md as they stand there."""
    page = (ROOT / "docs/add-an-explanation.md").read_text()
    steps = page.split("## Step by step")[1].split("\n## ")[0]
    blocks = (block.split("\n", 1)[1] for block in steps.split("```")[1::2])
    module, line, config = map(textwrap.dedent, blocks)
    package = made.folder / "src/leakcore/explanations"
    (package / "signed_gradient.py").write_text(module)
    registry = package / "registry.py"
    registry.write_text(registry.read_text().replace("\n}\n", f"\n{line}}}\n"))
    comparison = TINY["comparison"]
    names = comparison["explanations"] + yaml.safe_load(config)
    made.configure({**TINY, "comparison": {**comparison, "explanations": names}})
    dry = made.run("results/figures/fig12.pdf", "-n").stdout
    assert rules_to_run(dry) == {"attack_explanation", "measure_attack", "fig12"}
    assert "on signed-gradient" in dry
    assert "on smoothgrad" not in dry
    made.run("results/figures/fig12.pdf")
    assert "signed-gradient" in set(figure(made, "fig12")["explanation"])
