"""Draw Figure 10 from what every start reveals in every sampling."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import records, tables
from leakcore.figures import fig10, style

with job(snakemake.log[0], "draw Figure 10"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    table = records.reach_histogram(rows)
    tables.write_csv(table, snakemake.output.csv)
    style.save(fig10.draw(table), snakemake.output.pdf, snakemake.output.png)
