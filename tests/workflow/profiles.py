"""What the profiles say of the rules."""

import yaml

from .conftest import ROOT


def groups():
    """Return for each rule that the Slurm profile groups, its group."""
    text = (ROOT / "workflow" / "profiles" / "slurm" / "config.yaml").read_text()
    return yaml.safe_load(text)["groups"]


def rule_names():
    """Return the names of all rules."""
    names = []
    for path in [ROOT / "Snakefile", *(ROOT / "workflow" / "rules").glob("*.smk")]:
        lines = path.read_text().splitlines()
        names += [line[5:-1] for line in lines if line.startswith("rule ") and line.endswith(":")]
    return names
