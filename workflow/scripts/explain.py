"""Observe one data set's target of each seed at every level, with one explanation."""

from leakcore.script import job

import importlib

from leakcore import store
from leakcore.explanations.observe import observe_stored
from leakcore.runtime import each_seed, seed_words

wildcards, params, inputs = snakemake.wildcards, snakemake.params, snakemake.input
# Read in before the job begins, as all imports are: see leakcore.script.
importlib.import_module(params.module)
name = f"explain {wildcards.dataset} {seed_words(params.seeds)} by {wildcards.explanation}"
with job(snakemake.log[0], name) as progress:
    for seed, part, (splits, targets, paths) in each_seed(
        params.seeds, progress, inputs.splits, inputs.targets, snakemake.output
    ):
        split = store.Split.load(splits[0])
        for target, path in zip(targets, paths, strict=True):
            observe_stored(
                path,
                store.Target.load(target),
                inputs.dataset,
                split,
                explanation=params.module,
                settings=params.settings,
                seed=seed,
                device=params.device,
                progress=part,
            )
