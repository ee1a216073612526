"""Time one run of Figure 5 through the workflow, from nothing to the picture.

    python benchmarks/figure5.py FOLDER [--cores 2] [--seed 0] [--preset config/paper.yaml]

Results go to FOLDER, which must not have any. Prints the wall time, the processor time of all
processes, and the most memory that they all had together (the sum of their resident sets, looked
at twice a second; memory that processes share counts once for each). On a machine that does
other work as well, the processor time divided by the cores tells what the wall time would be.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = "results/figures/fig5.pdf"


def family(root: int) -> set[int]:
    """Return the process ids of a process and of all that it started."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has just ended
                continue
            children.setdefault(int(words[1]), []).append(int(entry.name))
    found, waiting = set(), [root]
    while waiting:
        process = waiting.pop()
        found.add(process)
        waiting += children.get(process, [])
    return found


def resident(processes: set[int]) -> int:
    """Return the bytes that processes have in memory."""
    pages = 0
    for process in processes:
        try:
            pages += int(Path(f"/proc/{process}/statm").read_text().split()[1])
        except OSError:
            continue
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Run the workflow and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cores", default="2")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--preset", type=Path, default=ROOT / "config" / "paper.yaml")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if (options.folder / "results").exists():
        sys.exit(f"{options.folder}/results: exists; name a folder without results")
    shutil.copy2(ROOT / "config.yaml", options.folder)
    seed = options.folder / "seed.yaml"
    seed.write_text(f"dimension: {{seeds: [{options.seed}]}}\n")
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    command += ["--directory", str(options.folder), "--cores", options.cores, TARGET]
    command += ["--configfile", str(options.preset.resolve()), str(seed.resolve())]
    start, most = time.monotonic(), 0
    run = subprocess.Popen(command)
    while run.poll() is None:
        most = max(most, resident(family(run.pid)))
        time.sleep(0.5)
    wall = time.monotonic() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"{wall:.0f} s wall, {used.ru_utime + used.ru_stime:.0f} s of processor time on "
        f"{options.cores} cores, at most {most / 2**30:.2f} GiB together"
    )
    sys.exit(run.returncode)


if __name__ == "__main__":
    main()
