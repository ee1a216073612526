"""Write one part of Table 2 from the groups of every sampling."""

import pandas as pd

from leakcore.evaluation import records, tables
from leakcore.runtime import job

with job(snakemake.log[0], f"write Table 2{snakemake.wildcards.part}"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    table = records.group_table(rows)
    names = tables.dataset_names(table)
    ks = sorted(rows["k"].unique())
    shown = tables.compact(
        table[table["members_in_all"] > 0],
        {"grouping": "", "group": "group", "members": "members", "share_percent": "% of data"},
        {f"k = {k}": (f"k{k}", f"k{k}_sd") for k in ks},
    )
    tables.write(
        table,
        csv=snakemake.output.csv,
        md=snakemake.output.md,
        tex=snakemake.output.tex,
        html=snakemake.output.html,
        shown=shown,
        caption=f"Share (%) of the members of {names} that their own explanation reveals, by "
        f"group: mean ± standard deviation over {table['samplings'].max()} samplings, and the mean "
        "number of members that a sampling's rate rests on",
    )
