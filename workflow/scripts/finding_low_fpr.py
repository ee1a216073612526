"""Draw what membership attacks find at low false-positive rates, against their accuracy."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import findings, tables
from leakcore.figures import finding_low_fpr, style

with job(snakemake.log[0], "draw the finding about low false-positive rates"):
    measured = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    table = findings.low_fpr_table(measured)
    tables.write_csv(table, snakemake.output.csv)
    figure = finding_low_fpr.draw(table, datasets=snakemake.params.datasets)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
