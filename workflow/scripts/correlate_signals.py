"""Correlate membership, prediction variance and gradient norm of one data set's targets."""

from leakcore.script import job

import pandas as pd

from leakcore import store
from leakcore.evaluation import signals, tables

wildcards = snakemake.wildcards
with job(snakemake.log[0], f"correlate {wildcards.dataset} seed {wildcards.seed}"):
    source = store.read_meta(snakemake.input.dataset, store.Dataset.kind)["source"]
    frames = [pd.DataFrame(columns=list(signals.COLUMNS))]
    for path in snakemake.input.observations:
        seen = store.Observations.load(path)
        if seen is not None:
            frames.append(signals.correlate(seen))
    table = pd.concat(frames[1:] or frames, ignore_index=True)
    for place, (name, value) in enumerate(
        {"dataset": wildcards.dataset, "source": source, "seed": int(wildcards.seed)}.items()
    ):
        table.insert(place, name, value)
    tables.write_csv(table, snakemake.output[0])
