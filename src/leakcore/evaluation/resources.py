"""What the jobs of a run took, from the files that Snakemake's `benchmark:` wrote."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from leakcore.errors import LeakcoreError


def summarise(folder: str | Path, requested: Mapping[str, tuple[int, int]]) -> pd.DataFrame:
    """Return one row a rule, with what its jobs took and what they ask a cluster for.

    Parameters
    ----------
    folder : holds `RULE.tsv`, or `RULE/...tsv`, one file a job.
    requested : for each rule MB of memory and minutes, at the first attempt.

    Returns
    -------
    Columns `rule`, `jobs`, `mean_s`, `max_s`, `max_mb` (resident memory), `requested_mb`,
    `requested_min`; in the order of `requested`. Rules without any job have no row.

    Raises
    ------
    LeakcoreError : if no job was measured.
    """
    folder = Path(folder)
    jobs = pd.DataFrame(
        [_job(path, path.relative_to(folder).parts[0]) for path in sorted(folder.rglob("*.tsv"))],
        columns=["rule", "s", "mb"],
    )
    jobs["rule"] = jobs["rule"].str.removesuffix(".tsv")
    if jobs.empty:
        raise LeakcoreError(f"{folder}: no job was measured; run the workflow first")
    rows = []
    for rule, (mb, minutes) in requested.items():
        own = jobs[jobs["rule"] == rule]
        if len(own):
            rows.append(
                {
                    "rule": rule,
                    "jobs": len(own),
                    "mean_s": own["s"].mean(),
                    "max_s": own["s"].max(),
                    "max_mb": own["mb"].max(),  # missing for jobs too short to be looked at
                    "requested_mb": mb,
                    "requested_min": minutes,
                }
            )
    return pd.DataFrame(rows)


def _job(path: Path, rule: str) -> tuple[str, float, float]:
    measured = pd.read_csv(path, sep="\t", na_values="-").iloc[0]
    return rule, float(measured["s"]), float(measured["max_rss"])
