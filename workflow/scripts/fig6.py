"""Draw Figure 6 from the self-revealing members of every sampling."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import records, tables
from leakcore.figures import fig6, style

with job(snakemake.log[0], "draw Figure 6"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    whole = rows[rows["grouping"] == "all"]
    table = records.average(whole, ["dataset", "source", "k"], ["rate"])
    tables.write_csv(table, snakemake.output.csv)
    style.save(fig6.draw(table), snakemake.output.pdf, snakemake.output.png)
