"""The whole way from nothing to Figure 1, and what makes parts of it run again."""

import shutil

import pandas as pd
import pytest

from leakcore import store

from .conftest import ROOT, TINY

pytestmark = pytest.mark.workflow
TARGETS = ("results/figures/fig1.pdf", "results/tables/table1.csv")


def test_figure_1_is_made(finished):
    table = pd.read_csv(finished.folder / "results/figures/fig1.csv")
    assert {
        "dataset", "source", "seed", "level", "gap", "train_accuracy", "test_accuracy", "access",
        "accuracy", "auc", "tpr_at_fpr_0.01", "tpr_at_fpr_0.001",
    } <= set(table.columns)  # fmt: skip
    assert set(table.dataset) == {"purchase", "digits"}
    assert dict(zip(table.dataset, table.source, strict=True)) == {
        "purchase": "synthetic", "digits": "package",
    }  # fmt: skip
    assert set(table.access) == {
        "gradient", "gradient+label", "prediction", "gradient+prediction", "loss",
    }  # fmt: skip
    assert set(table.seed) == {0, 1}
    assert table.accuracy.between(0, 1).all()
    for suffix, magic in ((".pdf", b"%PDF"), (".png", b"\x89PNG")):
        content = (finished.folder / "results/figures/fig1").with_suffix(suffix).read_bytes()
        assert content.startswith(magic)


def test_the_finding_about_low_rates_shows_the_metrics_of_figure_1(finished):
    folder = finished.folder / "results/figures"
    assert (folder / "finding_low_fpr.pdf").read_bytes().startswith(b"%PDF")
    table = pd.read_csv(folder / "finding_low_fpr.csv")
    measured = pd.read_csv(folder / "fig1.csv")
    keys = ["dataset", "attack", "access", "level"]
    means = measured.groupby(keys)["tpr_at_fpr_0.01"].mean()
    assert len(table) == len(means)
    for _, row in table.iterrows():
        assert row["tpr_at_fpr_0.01"] == pytest.approx(means[tuple(row[keys])], abs=1e-9)
    assert (table["nonmembers"] == 30).all()


def test_table_1_says_what_is_a_standin(finished):
    table = pd.read_csv(finished.folder / "results/tables/table1.csv").set_index("dataset")
    assert table.loc["purchase", ["points", "features", "type", "classes"]].tolist() == [
        400, 600, "Binary", 100,
    ]  # fmt: skip
    assert "stand-in" in table.loc["purchase", "source"]
    assert table.loc["digits", "source"] == "package"


def test_standins_and_what_the_paper_lacks_decide_nothing_about_it(complete):
    table = pd.read_csv(complete.folder / "results/reproduction.csv")
    decided = table[table["verdict"] != "not run"]
    assert set(decided["measured_on"]) <= {"synthetic"}  # the paper's own generator
    shown = table[table["measured_on"] == "purchase"]
    assert (shown["statement"] == "number of features").any()
    assert set(shown["why"]) == {"measured on generated stand-in data"}


def test_levels_that_were_not_reached_are_missing(finished):
    table = pd.read_csv(finished.folder / "results/figures/fig1.csv")
    for name in ("purchase", "digits"):
        for seed in (0, 1):
            folder = finished.folder / f"results/targets/{name}/seed-{seed}"
            reached = {
                target.level
                for target in map(store.Target.load, folder.glob("level-*.safetensors"))
                if target.reached
            }
            rows = table[(table.dataset == name) & (table.seed == seed)]
            assert set(rows.level) == reached


def test_members_and_nonmembers_are_disjoint_everywhere(finished):
    for path in (finished.folder / "results/splits").rglob("*.safetensors"):
        split = store.Split.load(path)
        assert not set(split.members) & set(split.nonmembers)


def test_nothing_runs_again(finished):
    assert "Nothing to be done" in finished.run(*TARGETS, "-n").stdout


def test_a_clone_with_other_file_times_runs_nothing_again(finished, tmp_path):
    clone = shutil.copytree(finished.folder, tmp_path / "clone")
    for path in sorted((clone / "src").rglob("*.py")) + sorted((clone / "workflow").rglob("*.*")):
        path.touch()
    finished_there = type(finished).__new__(type(finished))
    finished_there.folder = clone
    assert "Nothing to be done" in finished_there.run(*TARGETS, "-n").stdout


def rules_to_run(output):
    lines = output.split("Job stats:")[1].splitlines()[3:]
    names = []
    for line in lines:
        if not line.strip() or line.startswith("total"):
            break
        names.append(line.split()[0])
    return set(names)


AFTER_SCORES = {"measure_attack", "fig1"}
AFTER_EXPLANATION = {"attack", *AFTER_SCORES}


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("src/leakcore/figures/fig1.py", "Figure", "Figure", set()),
        ("src/leakcore/evaluation/rates.py", None, "UNUSED = 1", {"measure_attack", "fig1"}),
        ("src/leakcore/attacks/loss_threshold.py", None, "UNUSED = 1", AFTER_EXPLANATION),
        (
            "src/leakcore/explanations/gradient.py",
            None,
            "UNUSED = 1",
            {"explain", *AFTER_EXPLANATION},
        ),
        ("src/leakcore/explanations/lrp.py", None, "UNUSED = 1", set()),
        ("src/leakcore/targets/training.py", None, "# only a comment", set()),
        ("src/leakcore/figures/style.py", None, "UNUSED = 1", {"fig1"}),
        ("workflow/scripts/fig1.py", None, "UNUSED = 1", {"fig1"}),
        (
            "src/leakcore/targets/training.py",
            None,
            "UNUSED = 1",
            {"train_target", "explain", *AFTER_EXPLANATION},
        ),
    ],
)
def test_an_edit_reruns_its_users_and_nothing_else(finished, file, old, new, expected):
    path = finished.folder / file
    before = path.read_text()
    path.write_text(before.replace(old, new) if old else f"{before}\n\n{new}\n")
    try:
        output = finished.run(*TARGETS, "-n").stdout
    finally:
        path.write_text(before)
    if expected:
        assert rules_to_run(output) == expected
    else:
        assert "Nothing to be done" in output


@pytest.mark.parametrize(
    ("section", "change", "expected"),
    [
        ("attacks", {"network": {"epochs": 3}}, AFTER_EXPLANATION),
        ("bootstrap", 200, {"measure_attack", "fig1"}),
    ],
)
def test_a_setting_reruns_its_users_and_nothing_else(finished, section, change, expected):
    finished.configure({**TINY, section: change})
    try:
        output = finished.run(*TARGETS, "-n").stdout
    finally:
        finished.configure(TINY)
    assert rules_to_run(output) == expected


def test_an_edited_dataset_leaves_the_others_alone(finished):
    path = finished.folder / "src/leakcore/datasets/purchase.py"
    before = path.read_text()
    path.write_text(before + "\n\nUNUSED = 1\n")
    try:
        output = finished.run(*TARGETS, "-n").stdout
    finally:
        path.write_text(before)
    assert "Code purchase" in output
    assert "Code digits" not in output
    assert "Train the network of digits" not in output


def test_a_misspelt_key_stops_before_anything_runs(checkout):
    checkout.configure({**TINY, "membreship": {}})
    done = checkout.run(*TARGETS, check=False)
    assert done.returncode != 0
    assert "unknown key 'membreship' (did you mean 'membership'?)" in done.stdout
    assert not (checkout.folder / "results").exists()


def test_an_unknown_target_is_named(checkout):
    done = checkout.run("results/figures/fig99.pdf", check=False)
    assert done.returncode != 0
    assert "fig99" in done.stdout


def test_the_two_environments_agree():
    lock = {x for x in (ROOT / "envs/requirements.lock").read_text().splitlines() if "==" in x}
    conda = (ROOT / "envs/leakcore.yaml").read_text().splitlines()
    assert {x.strip().removeprefix("- ") for x in conda if "==" in x} == lock
