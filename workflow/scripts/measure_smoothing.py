"""Measure the attacks on smoothed gradients, all seeds and numbers of samples."""

from leakcore.script import job

from itertools import product

import pandas as pd

from leakcore import store
from leakcore.evaluation import membership, tables

params, dataset = snakemake.params, snakemake.wildcards.dataset
with job(snakemake.log[0], f"measure the attacks on smoothed gradients of {dataset}"):
    source = store.read_meta(snakemake.input.dataset, store.Dataset.kind)["source"]
    # The order in which the rule lists its input.
    runs = product(params.seeds, params.attacks, params.samples)
    frames = [
        membership.measure(
            store.Scores.load(path),
            dataset=dataset,
            source=source,
            seed=seed,
            explanation="smoothgrad",
            attack=attack,
            bootstrap=params.bootstrap,
        ).assign(samples=samples)
        for path, (seed, attack, samples) in zip(snakemake.input.scores, runs, strict=True)
    ]
    tables.write_csv(pd.concat(frames, ignore_index=True), snakemake.output[0])
