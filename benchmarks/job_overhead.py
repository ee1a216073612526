"""Measure how much of a run's time goes into jobs' work, and how much into starting them.

    python benchmarks/job_overhead.py [--target results/figures/fig1.pdf] [--cores 2]

Runs the target with the default config in a fresh copy of this checkout. A job's work is what its
log says ("done in ... s"): it begins after the interpreter and the imports, so those count as
overhead, as do the workflow manager itself and cores that stand idle for want of a job.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
PARTS = ("Snakefile", "config.yaml", "config", "workflow", "profiles", "src", "envs")
DONE = re.compile(r": done in ([0-9.]+) s$", re.MULTILINE)


def main() -> None:
    """Run the target once and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", default="results/figures/fig1.pdf")
    parser.add_argument("--cores", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in PARTS:
            source = ROOT / part
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            copy(source, folder / part)
        command = [sys.executable, "-m", "snakemake", "--cores", str(options.cores), options.target]
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        wall = time.perf_counter() - start
        work: dict[str, list[float]] = defaultdict(list)
        logs = folder / "results" / "logs"
        for log in logs.rglob("*.log"):
            rule = log.relative_to(logs).parts[0].removesuffix(".log")
            work[rule] += [float(seconds) for seconds in DONE.findall(log.read_text())]
    total = sum(map(sum, work.values()))
    jobs = sum(map(len, work.values()))
    print(f"{options.target}: {jobs} jobs, {wall:.0f} s on {options.cores} cores")
    print(
        f"work {total:.0f} s, overhead {1 - total / (wall * options.cores):.0%} of the cores' time"
    )
    print("| rule | jobs | work (s) |\n|---|---|---|")
    for rule, seconds in sorted(work.items(), key=lambda item: -sum(item[1])):
        print(f"| {rule} | {len(seconds)} | {sum(seconds):.1f} |")


if __name__ == "__main__":
    main()
