"""Draw Figure 5 from the sweep of the base network."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import records, tables
from leakcore.figures import fig5, style

KEYS = ["network", "n_classes", "n_features"]
with job(snakemake.log[0], "draw Figure 5"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    rows = rows.sort_values([*KEYS, "seed"], ignore_index=True)
    tables.write_csv(rows, snakemake.output.csv)
    table = records.average(rows, KEYS, ["correlation", "train_accuracy", "test_accuracy"])
    style.save(fig5.draw(table), snakemake.output.pdf, snakemake.output.png)
