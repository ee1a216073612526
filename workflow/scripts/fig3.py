"""Draw Figure 3 from the correlations of every data set and seed."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import records, tables
from leakcore.figures import fig3, style

with job(snakemake.log[0], "draw Figure 3"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    tables.write_csv(rows, snakemake.output.csv)
    within = {f"correlation_{end}": f"within_{end}" for end in ("low", "high")}
    table = records.average(
        rows.rename(columns=within),
        ["dataset", "source", "level", "first", "second"],
        ["gap", "correlation", *within.values()],
    )
    figure = fig3.draw(table, snakemake.params.datasets)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
