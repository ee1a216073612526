"""Draw Figure 7 from one sampling of each data set."""

from leakcore.script import job

import pandas as pd

from leakcore import store
from leakcore.evaluation import records, tables
from leakcore.figures import fig7, style
from leakcore.influence.revelations import Revelations

with job(snakemake.log[0], "draw Figure 7"):
    frames = []
    paths = zip(
        snakemake.params.datasets,
        snakemake.input.revelations,
        snakemake.input.datasets,
        strict=True,
    )
    for name, revelations, dataset in paths:
        source = store.read_meta(dataset, store.Dataset.kind)["source"]
        rows = records.influence_rows(Revelations.load(revelations))
        frames.append(rows.assign(dataset=name, source=source, seed=snakemake.params.seed))
    table = pd.concat(frames, ignore_index=True)
    tables.write_csv(table, snakemake.output.csv)
    style.save(fig7.draw(table), snakemake.output.pdf, snakemake.output.png)
