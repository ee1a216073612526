"""Draw Figure 14 from the sweep of all networks."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import records, tables
from leakcore.figures import fig14, style

KEYS = ["network", "n_classes", "n_features"]
with job(snakemake.log[0], "draw Figure 14"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    rows = rows.sort_values([*KEYS, "seed"], ignore_index=True)
    tables.write_csv(rows, snakemake.output.csv)
    table = records.average(rows, KEYS, ["correlation", "train_accuracy", "test_accuracy"])
    figure = fig14.draw(table, snakemake.params.networks)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
