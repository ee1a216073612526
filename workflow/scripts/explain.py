"""Observe one data set's target at every level, with one explanation."""

from leakcore.script import job

import importlib

from leakcore import store
from leakcore.explanations.observe import observe_stored

wildcards, params = snakemake.wildcards, snakemake.params
# Read in before the job begins, as all imports are: see leakcore.script.
importlib.import_module(params.module)
name = f"explain {wildcards.dataset} seed {wildcards.seed} by {wildcards.explanation}"
with job(snakemake.log[0], name) as progress:
    split = store.Split.load(snakemake.input.split)
    for target, path in zip(snakemake.input.targets, snakemake.output, strict=True):
        observe_stored(
            path,
            store.Target.load(target),
            snakemake.input.dataset,
            split,
            explanation=params.module,
            settings=params.settings,
            seed=int(wildcards.seed),
            device=params.device,
            progress=progress,
        )
