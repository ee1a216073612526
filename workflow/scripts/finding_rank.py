"""Draw what bounds Algorithm 1."""

from leakcore.script import job

import pandas as pd

from leakcore import store
from leakcore.evaluation import findings, tables
from leakcore.figures import finding_rank, style

with job(snakemake.log[0], "draw the finding about rank"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input.recovered], ignore_index=True)
    independent = []
    splits = iter(snakemake.input.splits)
    for path in snakemake.input.datasets:
        dataset = store.Dataset.load(path)
        for seed in snakemake.params.seeds:
            split = store.Split.load(next(splits))
            rank = findings.independent_columns(dataset.features[split.members].astype("float64"))
            independent.append({"dataset": dataset.name, "seed": seed, "independent_columns": rank})
    table = findings.rank_table(rows, pd.DataFrame(independent))
    tables.write_csv(table, snakemake.output.csv)
    style.save(finding_rank.draw(table), snakemake.output.pdf, snakemake.output.png)
