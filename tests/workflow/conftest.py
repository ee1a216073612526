import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]

# Everything at once, but as small as it can be.
TINY = {
    "datasets": {
        "purchase": {"sources": ["synthetic"], "standin": {"n_points": 400}},
        "digits": {"sources": ["package"]},
    },
    "membership": {
        "datasets": ["purchase", "digits"],
        "members": 100,
        "nonmembers": 100,
        "seeds": [0, 1],
        "levels": [0.0, 0.1],
    },
    "targets": {"purchase": {"epochs": 4, "hidden": [32]}, "digits": {"epochs": 4}},
    "attacks": {"network": {"epochs": 2}},
    "bootstrap": 100,
    "explanations": {
        "integrated-gradients": {"steps": 3},
        "smoothgrad": {"samples": 3},
        "lime": {"samples": 20},
    },
    "comparison": {
        "explanations": ["gradient", "smoothgrad", "lime"],
        "limits": {"lime": ["digits"]},
    },
    "smoothing": {"dataset": "digits", "samples": [0, 1, 3]},
    "defence": {
        "datasets": ["digits"],
        "epsilons": [8],
        "delta": 1e-3,
        "training": {"digits": {"epochs": 2, "batch_size": 25}},
    },
    "records": {
        "datasets": ["breast_cancer"],
        "sizes": {"breast_cancer": {"members": 60, "nonmembers": 80}},
        "seeds": [0, 1],
        "queries": 100,
        "starts": 2,
        "tolerance": {"values": [1.0e-2, 1.0e-8], "points": 4},
        "table2": {"a": "breast_cancer", "b": "breast_cancer", "c": "breast_cancer"},
        "growth": [{"dataset": "breast_cancer", "sizes": [30, 60]}],
    },
    "dimension": {
        "features": [2, 8],
        "classes": [2, 5],
        "n_points": 100,
        "seeds": [0, 1],
        "training": {"epochs": 2},
    },
}


class Checkout:
    """A copy of the workflow in a folder of its own."""

    def __init__(self, folder: Path, config: dict) -> None:
        self.folder = folder
        for name in ("Snakefile", "config.yaml", "config", "workflow", "profiles", "src", "envs"):
            source = ROOT / name
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            copy(source, folder / name)
        self.configure(config)

    def configure(self, config: dict) -> None:
        (self.folder / "tiny.yaml").write_text(yaml.safe_dump(config))

    def run(self, *arguments: str, check: bool = True, **environment: str):
        # --configfile takes all words up to the next option
        command = [sys.executable, "-m", "snakemake", "--configfile", "tiny.yaml", "--cores", "2"]
        done = subprocess.run(
            [*command, *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": "", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if check:
            assert done.returncode == 0, done.stdout
        return done


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path, TINY)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A checkout in which Figure 1, Table 1 and what else needs the same metrics have been made."""
    made = Checkout(tmp_path_factory.mktemp("checkout"), TINY)
    made.run(
        "results/figures/fig1.pdf",
        "results/tables/table1.csv",
        "results/figures/finding_low_fpr.pdf",
    )
    return made
