"""Run one membership attack on every level of one data set's target of each seed."""

from leakcore.script import job

import importlib

from leakcore import store
from leakcore.attacks import membership
from leakcore.runtime import each_seed, seed_words

wildcards, params = snakemake.wildcards, snakemake.params
# Read in before the job begins, as all imports are: see leakcore.script.
importlib.import_module(params.module)
name = f"attack {wildcards.dataset} {seed_words(params.seeds)} by {wildcards.attack}"
with job(snakemake.log[0], name) as progress:
    for seed, part, (levels, scores) in each_seed(
        params.seeds, progress, snakemake.input, snakemake.output
    ):
        membership.attack(
            params.module,
            (store.Observations.load(path) for path in levels),
            fraction=params.train_fraction,
            seed=seed,
            settings=params.settings,
            levels=len(levels),
            progress=part,
        ).save(scores[0])
