"""Measure one attack on one data set, all seeds and levels."""

from leakcore.script import job

import pandas as pd

from leakcore import store
from leakcore.evaluation import membership, tables

wildcards, params = snakemake.wildcards, snakemake.params
with job(snakemake.log[0], f"measure {wildcards.attack} on {wildcards.dataset}"):
    source = store.read_meta(snakemake.input.dataset, store.Dataset.kind)["source"]
    frames = [
        membership.measure(
            store.Scores.load(path),
            dataset=wildcards.dataset,
            source=source,
            seed=seed,
            explanation=wildcards.explanation,
            attack=wildcards.attack,
            bootstrap=params.bootstrap,
        )
        for seed, path in zip(params.seeds, snakemake.input.scores, strict=True)
    ]
    tables.write_csv(pd.concat(frames, ignore_index=True), snakemake.output[0])
