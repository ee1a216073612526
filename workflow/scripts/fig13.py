"""Draw Figure 13 from the generator of synthetic data."""

from leakcore.script import job

from leakcore.evaluation import generator, tables
from leakcore.figures import fig13, style

params = snakemake.params
with job(snakemake.log[0], "draw Figure 13"):
    table = generator.cube_rows(params.n_classes, params.n_points, params.seed)
    tables.write_csv(table, snakemake.output.csv)
    style.save(fig13.draw(table), snakemake.output.pdf, snakemake.output.png)
