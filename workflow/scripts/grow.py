"""Self-revealing points against the size of the training set, for one sampling."""

from leakcore.script import job

import pandas as pd

from leakcore import sampling, store
from leakcore.evaluation import records, tables
from leakcore.influence.leave_one_out import leave_one_out
from leakcore.influence.revelations import reveal

wildcards, params = snakemake.wildcards, snakemake.params
with job(snakemake.log[0], f"grow {wildcards.dataset} sampling {wildcards.seed}") as progress:
    dataset = store.Dataset.load(snakemake.input[0])
    seed = int(wildcards.seed)
    facts = {"dataset": wildcards.dataset, "source": dataset.source, "seed": seed}
    frames = []
    for done, size in enumerate(params.sizes):
        split = sampling.draw(dataset.labels, size, 0, seed, balanced=params.balanced)
        features = dataset.features[split.members].astype("float64")
        models = leave_one_out(features, dataset.labels[split.members], threads=1)
        revelations = reveal(models.full, models.weights, features, features[:1], max(params.ks))
        rows = records.group_rows(revelations, {}, params.ks)
        frames.append(rows.assign(**facts, size=size))
        progress(done + 1, len(params.sizes), f"{size} members")
    tables.write_csv(pd.concat(frames, ignore_index=True), snakemake.output[0])
