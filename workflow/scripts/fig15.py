"""Draw Figure 15 from the self-revealing members of every size."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import records, tables
from leakcore.figures import fig15, style

with job(snakemake.log[0], "draw Figure 15"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    table = records.average(rows, ["dataset", "source", "size", "k"], ["rate", "revealed"])
    tables.write_csv(table, snakemake.output.csv)
    style.save(fig15.draw(table), snakemake.output.pdf, snakemake.output.png)
