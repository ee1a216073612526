"""Many dry runs of one finished checkout in one process; run in the checkout's folder.

Reads a JSON list of edits from standard input: `{"file": ..., "append": ...}`, or `{"config":
{...}}` to lay over tiny.yaml, or `{}` for none. Writes a JSON list with, for each edit, every job:
`{"job": name, "rule": ..., "wildcards": {...}, "after": [names], "runs": bool}`.
"""

import json
import os
import sys
from pathlib import Path

import yaml
from snakemake.api import SnakemakeApi
from snakemake.settings.types import (
    ConfigSettings,
    DAGSettings,
    OutputSettings,
    Quietness,
    RerunTrigger,
    ResourceSettings,
)

TRIGGERS = {
    RerunTrigger.parse_choice(name)
    for name in yaml.safe_load(Path("profiles/default/config.yaml").read_text())["rerun-triggers"]
}


def jobs(config):
    """Return every job of `rule all`, and whether it would run."""
    with SnakemakeApi(OutputSettings(quiet={Quietness.ALL})) as api:
        workflow = api.workflow(
            resource_settings=ResourceSettings(cores=2),
            config_settings=ConfigSettings(configfiles=[Path("tiny.yaml")], config=config),
            snakefile=Path("Snakefile"),
        )
        workflow.dag(DAGSettings(targets={"all"}, rerun_triggers=TRIGGERS))
        workflow = workflow._workflow
        workflow._prepare_dag(forceall=False, ignore_incomplete=True, lock_warn_only=True)
        workflow._build_dag()
        dag = workflow.dag
        names = {job: f"{job.rule.name} {' '.join(job.wildcards)}" for job in dag.jobs}
        return [
            {
                "job": names[job],
                "rule": job.rule.name,
                "wildcards": dict(job.wildcards.items()),
                "after": [names[before] for before in dag.dependencies[job]],
                "runs": dag.needrun(job),
            }
            for job in dag.jobs
        ]


def answer(edit):
    """Return the jobs of one edited checkout, and undo the edit."""
    if "file" not in edit:
        return jobs(edit.get("config", {}))
    path = Path(edit["file"])
    before, times = path.read_text(), path.stat()
    path.write_text(before + edit["append"])
    if "leakcore.provenance" in sys.modules:
        sys.modules["leakcore.provenance"]._pins.cache_clear()
    try:
        return jobs({})
    finally:
        path.write_text(before)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        # A run reads the lock file once; here it may have been the edited one.
        sys.modules["leakcore.provenance"]._pins.cache_clear()


edits = json.load(sys.stdin)
answers = sys.stdout
sys.stdout = sys.stderr
json.dump([answer(edit) for edit in edits], answers)
