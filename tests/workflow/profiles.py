"""What the profiles say of the rules."""

import re

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
        text = path.read_text()
        names += re.findall(r"^rule (\w+):$", text, re.MULTILINE)
        # Rules for groups of seeds; only the first group's has no number.
        names += re.findall(r'(?:pack\.name|packing\.numbered)\("(\w+)"', text)
    return names
