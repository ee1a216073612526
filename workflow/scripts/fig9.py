"""Draw Figure 9 from the random queries of every sampling."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import records, tables
from leakcore.figures import fig9, style

with job(snakemake.log[0], "draw Figure 9"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    keys = ["dataset", "source", "scenario", "k", "queries"]
    table = records.average(rows, keys, ["share", "recovered"])
    tables.write_csv(table, snakemake.output.csv)
    style.save(fig9.draw(table), snakemake.output.pdf, snakemake.output.png)
