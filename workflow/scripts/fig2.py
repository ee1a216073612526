"""Draw Figure 2 from the metrics of every data set."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import membership, tables
from leakcore.figures import fig2, style

with job(snakemake.log[0], "draw Figure 2"):
    measured = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    measured = measured[measured["access"].isin(fig2.ACCESSES)]
    tables.write_csv(measured, snakemake.output.csv)
    figure = fig2.draw(membership.summarise(measured), datasets=snakemake.params.datasets)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
