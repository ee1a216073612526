"""Draw what a solver's tolerance does to leave-one-out influence."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import findings, tables
from leakcore.figures import finding_tolerance, style
from leakcore.influence.tolerance import DEFAULT

with job(snakemake.log[0], "draw the finding about tolerance"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    table = findings.tolerance_table(rows)
    tables.write_csv(table, snakemake.output.csv)
    figure = finding_tolerance.draw(table, DEFAULT)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
