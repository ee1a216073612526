"""Write one part of Table 2 from the groups of every sampling."""

import pandas as pd

from leakcore.evaluation import records, tables
from leakcore.runtime import job

with job(snakemake.log[0], f"write Table 2{snakemake.wildcards.part}"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    table = records.group_table(rows)
    names = tables.dataset_names(table)
    tables.write(
        table,
        csv=snakemake.output.csv,
        md=snakemake.output.md,
        tex=snakemake.output.tex,
        caption=f"Share of the members of {names} that their own explanation reveals, by group: "
        "mean and standard deviation over the samplings",
    )
