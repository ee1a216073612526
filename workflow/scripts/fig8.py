"""Draw Figure 8 from the two constructions."""

from leakcore.script import job

from leakcore.evaluation import records, tables
from leakcore.figures import fig8, style

with job(snakemake.log[0], "draw Figure 8"):
    table = records.construction_rows()
    tables.write_csv(table, snakemake.output.csv)
    style.save(fig8.draw(table), snakemake.output.pdf, snakemake.output.png)
