"""Write Table 1: the data sets that the config names."""

from leakcore.script import job

import pandas as pd

from leakcore import store
from leakcore.datasets.description import describe
from leakcore.evaluation import tables

with job(snakemake.log[0], "write Table 1"):
    rows = [describe(store.Dataset.load(path)) for path in snakemake.input]
    tables.write(
        pd.DataFrame(rows),
        csv=snakemake.output.csv,
        md=snakemake.output.md,
        tex=snakemake.output.tex,
        html=snakemake.output.html,
        caption="The target data sets for membership inference",
    )
