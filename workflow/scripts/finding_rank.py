"""Draw what bounds Algorithm 1."""

import pandas as pd

from leakcore import store
from leakcore.evaluation import findings, tables
from leakcore.figures import finding_rank, style
from leakcore.runtime import job

with job(snakemake.log[0], "draw the finding about rank"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input.recovered], ignore_index=True)
    independent = {}
    for data, split in zip(snakemake.input.datasets, snakemake.input.splits, strict=True):
        dataset = store.Dataset.load(data)
        members = dataset.features[store.Split.load(split).members]
        independent[dataset.name] = findings.independent_columns(members.astype("float64"))
    table = findings.rank_table(rows, independent)
    tables.write_csv(table, snakemake.output.csv)
    style.save(finding_rank.draw(table), snakemake.output.pdf, snakemake.output.png)
