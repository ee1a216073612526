"""Draw Figure 11 from the layers of the attack network."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import tables
from leakcore.figures import fig11, style

with job(snakemake.log[0], "draw Figure 11"):
    table = pd.read_csv(snakemake.input[0])
    tables.write_csv(table, snakemake.output.csv)
    style.save(fig11.draw(table), snakemake.output.pdf, snakemake.output.png)
