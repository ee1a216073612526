"""What every edit reruns: for each module, script and config key, exactly the rules that use it.

A new module, script or config key needs a line in the tables below.
"""

import copy
import json
import os
import re
import subprocess
import sys

import pytest
import yaml

from .conftest import ROOT, TINY, Checkout

pytestmark = pytest.mark.workflow

MEMBERSHIP_FIGURES = {"fig1", "fig2"}
RECORD_FIGURES = {"fig6", "fig7", "fig8", "fig9", "fig10", "fig15"}
DIMENSION_FIGURES = {"fig5", "fig14"}
AVERAGED_FIGURES = {"fig3", "fig4", "defence", *DIMENSION_FIGURES}
FINDINGS = {"finding_tolerance", "finding_rank", "finding_low_fpr"}
FIGURES = {
    "fig11", "fig12", "fig13",
    *MEMBERSHIP_FIGURES, *RECORD_FIGURES, *AVERAGED_FIGURES, *FINDINGS,
}  # fmt: skip
RECORD_TABLES = {"table2", "table3", "table4", "traversal", "approximations"}
RECONSTRUCT = {"reconstruct_by_sampling", "reconstruct_by_subspace", "reconstruct_by_traversal"}
REFITS = {"leave_one_out", "reveal", "approximate", "grow", "measure_tolerance", *RECONSTRUCT}
# What averages over samplings, and with it all that evaluation/records.py imports.
RECORD_EVALUATION = {
    "reveal", "grow", "reproduction", *RECORD_FIGURES, *RECORD_TABLES, *AVERAGED_FIGURES,
    *FINDINGS,
}  # fmt: skip
EVERY = {
    "fetch_raw", "code_dataset", "draw_split", "train_target", "explain", "attack",
    "measure_attack", "sweep_dimension", "list_layers", "reproduction", "table1", "software",
    "attack_explanation", "correlate_signals", "smooth", "measure_smoothing", "observations",
    "train_private", "attack_private", "measure_private", "test_groups", "minorities",
    *REFITS, *FIGURES, *RECORD_TABLES,
}  # fmt: skip
MEASURE = {"measure_attack", "measure_private", "measure_smoothing"}
AT_ONCE = {"attack_explanation", "attack_private"}  # observe and attack in one job
ATTACK = {"attack", "smooth", *AT_ONCE}
EXPLAIN = {"explain", "smooth", *AT_ONCE}
TRAIN = {"train_target", "train_private"}
STACKS = {"sweep_dimension", "list_layers"}
NO_TABLES = {
    "fetch_raw", "code_dataset", "draw_split", "explain", "attack", "leave_one_out",
    *TRAIN, *AT_ONCE,
}  # fmt: skip


def attacked_by(*names):
    """Return the users of what these attacks use."""
    rules = ("attack", "attack_explanation", "attack_private")
    return {f"{rule}:{name}" for rule in rules for name in names}


def explained_by(*names):
    """Return the users of what these explanations use."""
    rules = ("explain", "attack_explanation", "attack_private")
    return {f"{rule}:{name}" for rule in rules for name in names}


NETWORKS = {"smooth", *attacked_by("network", "normalised-network")}


def coded(*names):
    """Return the users of what the modules of these data sets use."""
    return {f"{rule}:{name}" for rule in ("fetch_raw", "code_dataset") for name in names}


# Module of leakcore -> the rules that run its code: `rule`, or `rule:wildcard:...` where only the
# jobs with these wildcards do. What comes after these in the DAG reruns as well.
USERS = {
    "__init__.py": EVERY,
    "errors.py": EVERY,
    "runtime.py": EVERY,
    "script.py": EVERY,
    "provenance.py": set(),
    "sampling.py": {"draw_split", "grow"},
    "store.py": EVERY - {"software", "fig11", "fig13", "observations", "minorities"},
    "attacks/__init__.py": {"list_layers", "correlate_signals", *ATTACK, *RECONSTRUCT},
    "attacks/checks.py": {"list_layers", "correlate_signals", *ATTACK},
    "attacks/layout.py": {"list_layers"},
    "attacks/loss_threshold.py": attacked_by("loss-threshold"),
    "attacks/membership.py": ATTACK,
    "attacks/network.py": {"list_layers", *NETWORKS},
    "attacks/norm_tree.py": {"smooth", *attacked_by("norm-tree")},
    "attacks/normalised_network.py": attacked_by("normalised-network"),
    "attacks/oracle.py": RECONSTRUCT,
    "attacks/partition.py": ATTACK,
    "attacks/registry.py": set(),
    "attacks/sampling_baseline.py": {"reconstruct_by_sampling"},
    "attacks/subspace.py": {"reconstruct_by_subspace"},
    "attacks/traversal.py": {"reconstruct_by_traversal"},
    "datasets/__init__.py": {"fetch_raw", "code_dataset", "table1", "fig13", "sweep_dimension"},
    "datasets/adult.py": coded("adult"),
    "datasets/archives.py": {"fetch_raw", "code_dataset"},
    "datasets/breast_cancer.py": coded("breast_cancer"),
    "datasets/cifar100.py": coded("cifar100", "fish_carnivores"),
    "datasets/coding.py": {"fetch_raw", "code_dataset"},
    "datasets/description.py": {"table1"},
    "datasets/digits.py": coded("digits"),
    "datasets/dogfish.py": coded("dogfish"),
    "datasets/fish_carnivores.py": coded("fish_carnivores"),
    "datasets/hospital.py": coded("hospital"),
    "datasets/purchase.py": coded("purchase"),
    "datasets/registry.py": set(),
    "datasets/sources.py": {"fetch_raw", "code_dataset"},
    "datasets/standins.py": coded("cifar100", "dogfish", "fish_carnivores", "purchase", "texas"),
    "datasets/synthetic.py": {"fig13", "sweep_dimension"},
    "datasets/tabular.py": coded("adult", "hospital", "purchase", "texas"),
    "datasets/texas.py": coded("texas"),
    "evaluation/__init__.py": EVERY - NO_TABLES,
    "evaluation/claims.py": {"defence", "observations", "reproduction"},
    "evaluation/dimension.py": {"sweep_dimension"},
    "evaluation/findings.py": FINDINGS,
    "evaluation/generator.py": {"fig13"},
    "evaluation/groups.py": {"test_groups", "table2"},
    "evaluation/intervals.py": {
        *("correlate_signals", "fig12", "observations"),
        *FINDINGS,
        *(MEASURE | MEMBERSHIP_FIGURES | RECORD_EVALUATION),
    },
    "evaluation/membership.py": {"fig12", *MEASURE, *MEMBERSHIP_FIGURES, *FINDINGS},
    "evaluation/minorities.py": {"minorities"},
    "evaluation/paper.py": {"reproduction"},
    "evaluation/paper_networks.py": {"reproduction"},
    "evaluation/paper_records.py": {"reproduction", "minorities"},
    "evaluation/statement.py": {"reproduction", "minorities"},
    "evaluation/rates.py": {"fig12", *MEASURE, *MEMBERSHIP_FIGURES, *FINDINGS},
    "evaluation/records.py": RECORD_EVALUATION,
    "evaluation/reproduction.py": {"reproduction"},
    "evaluation/resources.py": set(),  # `all` does not make its table
    "evaluation/signals.py": {"correlate_signals"},
    "evaluation/software.py": {"software"},
    "evaluation/tables.py": EVERY - NO_TABLES,
    "evaluation/verdicts.py": {"reproduction"},
    "explanations/__init__.py": {"sweep_dimension", *EXPLAIN},
    "explanations/checks.py": explained_by("deeplift", "lrp"),
    "explanations/coalitions.py": explained_by("kernel-shap", "lime"),
    "explanations/deeplift.py": explained_by("deeplift"),
    "explanations/forward.py": {
        *("sweep_dimension", "smooth"),
        *explained_by("gradient", "input-times-gradient", "integrated-gradients", "smoothgrad"),
    },
    "explanations/gradient.py": {
        *("sweep_dimension", "smooth"),
        *explained_by("gradient", "integrated-gradients", "smoothgrad"),
    },
    "explanations/input_times_gradient.py": explained_by("input-times-gradient"),
    "explanations/integrated_gradients.py": explained_by("integrated-gradients"),
    "explanations/kernel_shap.py": explained_by("kernel-shap"),
    "explanations/layerwise.py": explained_by("deeplift", "lrp"),
    "explanations/lime.py": explained_by("lime"),
    "explanations/lrp.py": explained_by("lrp"),
    "explanations/observe.py": EXPLAIN,
    "explanations/registry.py": set(),
    "explanations/smoothgrad.py": {"smooth", *explained_by("smoothgrad")},
    "explanations/smoothing.py": {"smooth"},
    "explanations/stem.py": {"smooth", *explained_by("integrated-gradients", "smoothgrad")},
    "figures/__init__.py": FIGURES,
    "figures/defence.py": {"defence"},
    "figures/fig1.py": {"fig12", *MEMBERSHIP_FIGURES},
    "figures/fig2.py": {"fig2"},
    "figures/fig3.py": {"fig3"},
    "figures/fig4.py": {"fig4"},
    "figures/fig5.py": DIMENSION_FIGURES,
    "figures/fig6.py": {"fig6"},
    "figures/fig7.py": {"fig7"},
    "figures/fig8.py": {"fig8"},
    "figures/fig9.py": {"fig9"},
    "figures/fig10.py": {"fig10"},
    "figures/fig11.py": {"fig11"},
    "figures/fig12.py": {"fig12"},
    "figures/fig13.py": {"fig13"},
    "figures/fig14.py": {"fig14"},
    "figures/fig15.py": {"fig15"},
    "figures/finding_low_fpr.py": {"finding_low_fpr"},
    "figures/finding_rank.py": {"finding_rank"},
    "figures/finding_tolerance.py": {"finding_tolerance"},
    "figures/style.py": FIGURES,
    "influence/__init__.py": {"test_groups", *REFITS, *RECORD_EVALUATION},
    "influence/approximations.py": {"approximate"},
    "influence/constructions.py": RECORD_EVALUATION,
    "influence/graph.py": {"reveal"},
    "influence/influence.py": {"approximate", "test_groups", *RECONSTRUCT, *RECORD_EVALUATION},
    "influence/leave_one_out.py": REFITS,
    "influence/logistic.py": REFITS,
    "influence/revelations.py": {"test_groups", *RECORD_EVALUATION},
    "influence/tolerance.py": {"measure_tolerance", "finding_tolerance"},
    "targets/__init__.py": {*TRAIN, *EXPLAIN, *STACKS, *NETWORKS},
    "targets/architectures.py": {"sweep_dimension", *TRAIN, *EXPLAIN},
    "targets/dense.py": {*TRAIN, *EXPLAIN, *STACKS, *NETWORKS},
    "targets/devices.py": {*TRAIN, *EXPLAIN, *STACKS, *NETWORKS},
    "targets/optimisers.py": {*TRAIN, *EXPLAIN, *STACKS, *NETWORKS},
    "targets/private.py": {"train_private"},
    "targets/stacked.py": {"sweep_dimension"},
    "targets/training.py": {"sweep_dimension", *TRAIN, *EXPLAIN},
}

# Config key -> a new value, and the rules whose part of the config it is. `*` stands for a name.
SIZES = {"members": 90, "nonmembers": 90}
KEYS = {
    "mirrors": (["nowhere"], set()),
    "data_directory": ("elsewhere", {"fetch_raw"}),
    "device": ("auto", {*TRAIN, *EXPLAIN, *NETWORKS}),
    "seeds_per_job": (2, {"draw_split"}),
    "keep_observations": (False, set()),
    "bootstrap": (101, MEASURE),
    "datasets.purchase.sources": (["mirror", "synthetic"], {"fetch_raw:purchase"}),
    "datasets.purchase.standin.n_points": (401, {"code_dataset:purchase"}),
    "datasets.texas.standin.n_points": (401, set()),
    "datasets.digits.balanced": (True, {"draw_split:digits"}),
    "datasets.breast_cancer.balanced": (True, {"draw_split:breast_cancer", "grow:breast_cancer"}),
    "datasets.digits.n_points": (1797, {"code_dataset:digits"}),
    "targets.purchase.channels": ([4], {"train_target:purchase"}),
    "targets.purchase.hidden": ([16], {"train_target:purchase"}),
    "targets.digits.input_divisor": (8, {"train_target:digits", "train_private:digits"}),
    "targets.digits.weight_std": (0.5, {"train_target:digits"}),
    "targets.digits.optimizer": ("adam", {"train_target:digits"}),
    "targets.digits.learning_rate": (0.5, {"train_target:digits"}),
    "targets.digits.decay": (0.5, {"train_target:digits", "train_private:digits"}),
    "targets.digits.epochs": (5, {"train_target:digits"}),
    "targets.digits.batch_size": (16, {"train_target:digits"}),
    "targets.texas.epochs": (5, set()),
    "membership.datasets": (
        ["digits"],
        {"fig3", "fig12", "observations", "table1", "reproduction", "list_layers:digits"}
        | {"finding_low_fpr"}
        | MEMBERSHIP_FIGURES,
    ),
    "membership.members": (90, {"draw_split:membership"}),
    "membership.nonmembers": (90, {"draw_split:membership"}),
    "membership.sizes.digits": (SIZES, {"draw_split:membership:digits"}),
    "membership.seeds": ([0, 1, 2], {"draw_split:membership:2"}),
    "membership.levels": ([0.0, 0.2], {"train_target"}),
    "membership.attack_train_fraction": (0.6, ATTACK),
    "attacks.network.initialisation": ("normal", {"smooth", *attacked_by("network")}),
    "attacks.network.learning_rate": (0.5, {"smooth", *attacked_by("network")}),
    "attacks.network.decay": (0.5, {"smooth", *attacked_by("network")}),
    "attacks.network.epochs": (3, {"smooth", *attacked_by("network")}),
    "attacks.network.batch_size": (16, {"smooth", *attacked_by("network")}),
    "attacks.normalised-network.epochs": (3, attacked_by("normalised-network")),
    "records.datasets": (["breast_cancer", "adult"], {"fetch_raw:adult"}),
    "records.members": (90, set()),
    "records.nonmembers": (90, set()),
    "records.sizes.breast_cancer": (SIZES, {"draw_split:records"}),
    "records.seeds": ([0, 1, 2], {"draw_split:records:2", "grow:2"}),
    "records.ks": ([1, 5], {"reveal", "grow", "reconstruct_by_sampling", "test_groups"}),
    "records.tolerance.values": ([1e-4], {"measure_tolerance"}),
    "records.tolerance.points": (3, {"measure_tolerance"}),
    "records.tolerance.max_iter": (500, {"measure_tolerance"}),
    "records.graph_k": (4, {"reveal", "reconstruct_by_traversal"}),
    "records.queries": (50, {"reconstruct_by_sampling"}),
    "records.starts": (1, {"reconstruct_by_traversal"}),
    "records.table2": ({"a": "breast_cancer"}, set()),
    "records.growth": ([{"dataset": "breast_cancer", "sizes": [30]}], {"grow"}),
    "dimension.features": ([2, 9], {"sweep_dimension"}),
    "dimension.classes": ([2], DIMENSION_FIGURES),
    "dimension.n_points": (200, {"sweep_dimension"}),
    "dimension.seeds": ([0, 1, 2], {"sweep_dimension"}),
    "dimension.networks.base.hidden": ([9], {"sweep_dimension:base"}),
    "dimension.networks.small.hidden": ([9], {"sweep_dimension:others"}),
    "dimension.networks.small.weight_std": (0.5, {"sweep_dimension:others"}),
    "dimension.training.optimizer": ("adam", {"sweep_dimension"}),
    "dimension.training.learning_rate": (0.5, {"sweep_dimension"}),
    "dimension.training.decay": (0.5, {"sweep_dimension"}),
    "dimension.training.epochs": (3, {"sweep_dimension"}),
    "dimension.training.batch_size": (16, {"sweep_dimension"}),
    "reproduction.without": (["explanations", "observations", "growth"], {"reproduction"}),
    "membership.attacks": (["network"], {"fig1", "finding_low_fpr"}),
    "explanations.integrated-gradients.steps": (4, explained_by("integrated-gradients")),
    "explanations.smoothgrad.noise": (2.0, {"smooth", "fig4", *explained_by("smoothgrad")}),
    "explanations.smoothgrad.samples": (4, explained_by("smoothgrad")),
    "explanations.lime.samples": (21, explained_by("lime")),
    "explanations.kernel-shap.samples": (21, explained_by("kernel-shap")),
    "comparison.explanations": (["gradient", "lime"], {"fig12"}),
    "comparison.limits.lime": (["purchase"], {"fig12", "attack_explanation:lime:purchase"}),
    "smoothing.dataset": ("purchase", {"smooth:purchase", "fig4"}),
    "smoothing.samples": ([0, 1], {"smooth"}),
    "defence.datasets": (["digits", "purchase"], {"train_private:purchase", "defence"}),
    "defence.epsilons": ([8, 2], {"train_private:2", "defence"}),
    "defence.delta": (1e-4, {"train_private", "defence"}),
    "defence.clipping_norm": (2.0, {"train_private"}),
    "defence.training.digits.weight_std": (0.5, {"train_private:digits"}),
    "defence.training.digits.optimizer": ("adagrad", {"train_private:digits"}),
    "defence.training.digits.learning_rate": (0.5, {"train_private:digits"}),
    "defence.training.digits.epochs": (3, {"train_private:digits"}),
    "defence.training.digits.batch_size": (20, {"train_private:digits"}),
}
NAMED = (
    "datasets",
    "targets",
    "attacks",
    "sizes",
    "networks",
    "explanations",
    "limits",
)  # sections whose keys are names


@pytest.fixture(scope="module")
def dry_runs(complete, tmp_path_factory):
    """Return a function that gives the jobs of many edited checkouts."""
    edited = Checkout.copy_of(complete, tmp_path_factory.mktemp("edited") / "checkout")

    def answer(edits):
        done = subprocess.run(
            [sys.executable, ROOT / "tests" / "workflow" / "dryruns.py"],
            input=json.dumps(edits),
            cwd=edited.folder,
            env={**os.environ, "PYTHONPATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return answer


def rerun(jobs):
    return {job["rule"] for job in jobs if job["runs"]} - {"all"}


def matches(job, spec):
    rule, *values = spec.split(":")
    return job["rule"] == rule and set(values) <= set(job["wildcards"].values())


def with_all_after(jobs, specs):
    """Return the rules of the jobs that the specs name, and of all jobs that come after these."""
    reached = {job["job"] for job in jobs if any(matches(job, spec) for spec in specs)}
    while True:
        further = {job["job"] for job in jobs if reached & set(job["after"])} - reached
        if not further:
            break
        reached |= further
    return {job["rule"] for job in jobs if job["job"] in reached} - {"all"}


def wrong(names, answers, specs, table):
    """Return one line for each name whose edit would rerun other rules than expected."""
    lines = []
    for name, jobs in zip(names, answers, strict=True):
        expected, found = with_all_after(jobs, specs[name]), rerun(jobs)
        if expected != found:
            lines.append(
                f"{name}: reruns {sorted(found - expected) or 'nothing'} that the table does not "
                f"say, leaves out {sorted(expected - found) or 'nothing'} that it says; mend the "
                f"code, or correct the line of {table} in tests/workflow/test_invalidation.py"
            )
    return lines


def test_every_module_has_a_line():
    root = ROOT / "src" / "leakcore"
    found = {str(path.relative_to(root)) for path in root.rglob("*.py")}
    unlisted, gone = sorted(found - set(USERS)), sorted(set(USERS) - found)
    assert not unlisted, f"add to USERS which rules run the code of: {', '.join(unlisted)}"
    assert not gone, f"remove from USERS: {', '.join(gone)}"


def test_every_config_key_has_a_line():
    def leaves(section, path=()):
        for key, value in section.items():
            name = "*" if path and path[-1] in NAMED else str(key)
            if isinstance(value, dict) and (*path, name) != ("records", "table2"):
                yield from leaves(value, (*path, name))
            else:
                yield ".".join((*path, name))

    def starred(key):
        parts = key.split(".")
        return ".".join("*" if i and parts[i - 1] in NAMED else p for i, p in enumerate(parts))

    config = yaml.safe_load((ROOT / "config.yaml").read_text())
    wanted = {re.sub(r"\*\.(non)?members$", "*", key) for key in leaves(config)}
    missing = sorted(wanted - {starred(key) for key in KEYS})
    assert not missing, f"add to KEYS a new value of, and the rules that read: {', '.join(missing)}"


def test_nothing_runs_in_a_finished_checkout(dry_runs):
    (jobs,) = dry_runs([{}])
    assert rerun(jobs) == set()
    unnamed = {job["rule"] for job in jobs} - EVERY - {"all"}
    assert not unnamed, f"add to EVERY, and to the lines of USERS: {', '.join(sorted(unnamed))}"


def test_an_edited_module_reruns_its_users_and_what_follows(dry_runs):
    names = sorted(USERS)
    edits = [{"file": f"src/leakcore/{name}", "append": "\nUNUSED = 1\n"} for name in names]
    assert wrong(names, dry_runs(edits), USERS, "USERS") == []


def test_an_edited_script_reruns_its_rule_and_what_follows(dry_runs):
    names = sorted(path.stem for path in (ROOT / "workflow" / "scripts").glob("*.py"))
    edits = [{"file": f"workflow/scripts/{name}.py", "append": "\nUNUSED = 1\n"} for name in names]
    # Scripts have the names of their rules; `summarise_resources` is run on demand only.
    specs = {name: {name} - {"summarise_resources"} for name in names}
    specs["measure_attack"] = {"measure_attack", "measure_private"}
    specs["attack_explanation"] = AT_ONCE
    assert wrong(names, dry_runs(edits), specs, "`specs`") == []


def test_comments_rerun_nothing(dry_runs):
    names = ["src/leakcore/store.py", "workflow/scripts/attack.py", "workflow/rules/common.smk"]
    answers = dry_runs([{"file": name, "append": "\n# why\n"} for name in names])
    assert [rerun(jobs) for jobs in answers] == [set()] * len(names)


def test_a_changed_setting_reruns_its_users_and_what_follows(dry_runs):
    names = sorted(KEYS)
    edits = []
    for name in names:
        config = copy.deepcopy(KEYS[name][0])
        for key in reversed(name.split(".")):
            config = {key: config}
        edits.append({"config": config})
    specs = {name: users for name, (_, users) in KEYS.items()}
    assert wrong(names, dry_runs(edits), specs, "KEYS") == []


def test_a_pinned_version_reruns_what_imports_the_package(dry_runs):
    edits = [
        {"file": "envs/requirements.lock", "append": f"\n{line}\n"}
        for line in ("torch==0.0.1", "jinja2==0.0.1")
    ]
    torch, jinja = dry_runs(edits)
    networks = {"software", *TRAIN, *EXPLAIN, *STACKS, *NETWORKS}
    assert rerun(torch) == with_all_after(torch, networks)
    assert rerun(jinja) == {"software"}


def test_a_clone_with_other_file_times_reruns_nothing(complete, tmp_path):
    clone = Checkout.copy_of(complete, tmp_path / "clone")
    for path in sorted(clone.folder.rglob("*")):
        if path.is_file() and "results" not in path.parts and ".snakemake" not in path.parts:
            path.touch()
    assert "Nothing to be done" in clone.run("-n").stdout


def test_a_changed_raw_file_reruns_its_data_set(tmp_path):
    """By content: a touched or moved raw file reruns nothing."""
    import io
    import tarfile

    import numpy as np

    def write(folder, seed):
        rows = np.random.default_rng(seed).integers(0, 2, (200, 601))
        rows[:, 0] = np.arange(200) % 100 + 1
        text = "\n".join(",".join(map(str, row)) for row in rows).encode() + b"\n"
        (folder / "purchase").mkdir(parents=True, exist_ok=True)
        with tarfile.open(folder / "purchase" / "dataset_purchase.tgz", "w:gz") as archive:
            member = tarfile.TarInfo("dataset_purchase")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))

    config = copy.deepcopy(TINY)
    config["datasets"]["purchase"] = {"sources": ["mirror"], "n_points": 200}
    (tmp_path / "checkout").mkdir()
    checkout = Checkout(tmp_path / "checkout", config)
    target = "results/datasets/purchase.safetensors"
    write(tmp_path / "here", 0)
    checkout.run(target, LEAKCORE_MIRRORS=str(tmp_path / "here"))
    (tmp_path / "here").rename(tmp_path / "there")
    moved = checkout.run(target, "-n", LEAKCORE_MIRRORS=str(tmp_path / "there"))
    assert "Nothing to be done" in moved.stdout
    write(tmp_path / "there", 1)
    changed = checkout.run(target, "-n", LEAKCORE_MIRRORS=str(tmp_path / "there")).stdout
    assert "Params have changed" in changed
    assert "Fetch the raw files of purchase" in changed
    assert "Code purchase" in changed
