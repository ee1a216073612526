"""Run one membership attack on every level of one data set's target."""

from leakcore.script import job

import importlib

from leakcore import store
from leakcore.attacks import membership

wildcards, params = snakemake.wildcards, snakemake.params
# Read in before the job begins, as all imports are: see leakcore.script.
importlib.import_module(params.module)
name = f"attack {wildcards.dataset} seed {wildcards.seed} by {wildcards.attack}"
with job(snakemake.log[0], name) as progress:
    membership.attack(
        params.module,
        (store.Observations.load(path) for path in snakemake.input),
        fraction=params.train_fraction,
        seed=int(wildcards.seed),
        settings=params.settings,
        levels=len(snakemake.input),
        progress=progress,
    ).save(snakemake.output[0])
