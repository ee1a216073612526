import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from filelock import FileLock

ROOT = Path(__file__).parents[2]

# Everything at once, but as small as it can be.
TINY = {
    "seeds_per_job": 1,
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


# What the machine was doing at the time is part of these.
NOT_REPRODUCIBLE = {"resources.csv", "resources.md", "resources.tex", "resources.html"}


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

    @classmethod
    def copy_of(cls, other: "Checkout", folder: Path) -> "Checkout":
        """Copy a checkout with its results and file times."""
        made = cls.__new__(cls)
        made.folder = shutil.copytree(other.folder, folder, symlinks=True)
        return made

    @staticmethod
    def command(*arguments: str, cores: int = 2) -> list[str]:
        # --configfile takes all words up to the next option
        start = [sys.executable, "-m", "snakemake", "--configfile", "tiny.yaml"]
        return [*start, "--cores", str(cores), *arguments]

    def start(self, *arguments: str, cores: int = 2, **environment: str) -> subprocess.Popen:
        """Start a run in a process group of its own."""
        return subprocess.Popen(
            self.command(*arguments, cores=cores),
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": "", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, check: bool = True, cores: int = 2, **environment: str):
        started = self.start(*arguments, cores=cores, **environment)
        output, _ = started.communicate()
        done = subprocess.CompletedProcess(started.args, started.returncode, output)
        if check:
            assert done.returncode == 0, done.stdout
        return done


def contents(checkout: Checkout, folder: str = "results") -> dict[str, bytes]:
    """Return what must be the same bytes wherever and however it was made."""
    root = checkout.folder / folder
    kept = (".csv", ".md", ".tex", ".html", ".pdf", ".png", ".safetensors")
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.suffix in kept and path.name not in NOT_REPRODUCIBLE
    }


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Return the names that only one has, or that both have with other bytes."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


@pytest.fixture(scope="session")
def complete(tmp_path_factory):
    """A checkout in which everything has been made, on two cores; only to be copied or read."""
    # One for all of pytest's worker processes.
    shared = os.environ.get("PYTEST_XDIST_WORKER") is not None
    base = tmp_path_factory.getbasetemp().parent if shared else tmp_path_factory.getbasetemp()
    folder, finished = base / "complete", base / "complete.done"
    with FileLock(base / "complete.lock"):
        if not finished.exists():
            folder.mkdir()
            made = Checkout(folder, TINY)
            made.run()
            finished.touch()
    made = Checkout.__new__(Checkout)
    made.folder = folder
    return made


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path, TINY)


@pytest.fixture(scope="module")
def finished(complete, tmp_path_factory):
    """A copy of the complete checkout, to be edited."""
    return Checkout.copy_of(complete, tmp_path_factory.mktemp("finished") / "checkout")
