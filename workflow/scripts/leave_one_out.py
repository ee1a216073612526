"""Refit one sampling of one data set without each of its points."""

from leakcore.script import job

from leakcore import store
from leakcore.influence.leave_one_out import leave_one_out

wildcards = snakemake.wildcards
with job(snakemake.log[0], f"refit {wildcards.dataset} sampling {wildcards.seed}") as progress:
    dataset = store.Dataset.load(snakemake.input.dataset)
    members = store.Split.load(snakemake.input.split).members
    leave_one_out(
        dataset.features[members], dataset.labels[members], threads=1, progress=progress
    ).save(snakemake.output[0])
