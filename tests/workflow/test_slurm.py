"""Figure 1 by a real Slurm cluster: one node, brought up and taken down here."""

import importlib.util
import sys

import pytest

from .conftest import ROOT, TINY, Checkout, contents, differences
from .profiles import groups, rule_names

sys.path.insert(0, str(ROOT / "tests" / "workflow"))
import slurm

pytestmark = pytest.mark.workflow
FIGURE_1 = "results/figures/fig1.pdf"


def why_not():
    if importlib.util.find_spec("snakemake_executor_plugin_slurm") is None:
        return "snakemake-executor-plugin-slurm is not installed (extra `cluster`)"
    return slurm.missing()


@pytest.mark.skipif(why_not() is not None, reason=f"{why_not()}")
def test_slurm_makes_the_same_bytes_as_the_local_run(complete, tmp_path):
    (tmp_path / "there").mkdir()
    there = Checkout(tmp_path / "there", TINY)
    with slurm.cluster(tmp_path / "cluster"):
        done = there.run(
            *("--profile", "workflow/profiles/slurm"),
            *("--slurm-no-account", "--slurm-status-command", "squeue"),
            # A toy's jobs are over in seconds: look often.
            *("--latency-wait", "5", "--seconds-between-status-checks", "1"),
            *("--slurm-init-seconds-before-status-checks", "1"),
            FIGURE_1,
        )
    made = contents(there)
    local = contents(complete)
    assert "figures/fig1.csv" in made
    assert sum(name.startswith("scores/") for name in made) == 8
    assert differences(made, {name: local[name] for name in made}) == []
    # Short jobs go together: 2 data sets, 4 trainings, 4 explanations with their attacks, 1 figure.
    assert done.stdout.count("has been submitted with SLURM jobid") == 11, done.stdout


def test_every_short_rule_has_a_group():
    """A figure or table alone is not worth a Slurm job."""
    rules = rule_names()
    for name in groups():
        assert name in rules, f"workflow/profiles/slurm groups {name}, which is no rule; remove it"
    for name in rules:
        if name.startswith(("fig", "table")):
            assert groups().get(name) == "results", (
                f"add `{name}: results` to the groups of workflow/profiles/slurm/config.yaml"
            )
