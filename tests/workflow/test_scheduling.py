"""That finished jobs do not keep Snakemake busy for the rest of the run."""

import subprocess
import sys

import pytest

from .conftest import ROOT

pytestmark = pytest.mark.workflow
# Many short jobs, then a long one beside which others are ready, but have to wait.
SNAKEFILE = """
{include}

rule all:
    input: expand("waiting-{{i}}", i=range(3)), "long"

rule short:
    output: touch("short-{{i}}")

rule long:
    input: expand("short-{{i}}", i=range(20))
    output: touch("long")
    priority: 2
    shell: "sleep 4"

rule wait:
    input: expand("short-{{i}}", i=range(20))
    output: touch("waiting-{{i}}")
"""


def looks(folder, include):
    """Return how often Snakemake looked for jobs that it could start."""
    folder.mkdir()
    (folder / "Snakefile").write_text(SNAKEFILE.format(include=include))
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--verbose"]
    command += ["--scheduler", "greedy"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return (done.stdout + done.stderr).count("Ready jobs: ")


def test_snakemake_looks_for_jobs_once_a_second_and_after_each_job(tmp_path):
    rules = ROOT / "workflow" / "rules" / "scheduling.smk"
    once = looks(tmp_path / "once", f'include: "{rules}"')
    # 24 jobs, and some seconds of a few short jobs and one of four.
    assert 24 <= once < 24 + 20
    assert looks(tmp_path / "often", "") > 24 + 60  # 20 short jobs, four seconds
    assert 'include: "workflow/rules/scheduling.smk"' in (ROOT / "Snakefile").read_text()
