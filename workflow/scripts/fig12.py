"""Draw Figure 12 from the metrics of every explanation."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import membership, tables
from leakcore.figures import fig12, style

params = snakemake.params
with job(snakemake.log[0], "draw Figure 12"):
    measured = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    measured = measured[measured["access"] == fig12.ACCESS]
    tables.write_csv(measured, snakemake.output.csv)
    figure = fig12.draw(
        membership.summarise(measured),
        params.datasets,
        dict(zip(params.explanations, params.attacked, strict=True)),
    )
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
