"""Write one part of Table 2 from the groups of every sampling."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import groups, records, tables

with job(snakemake.log[0], f"write Table 2{snakemake.wildcards.part}"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input.groups], ignore_index=True)
    tests = pd.read_csv(snakemake.input.tests)
    table = groups.add_p_values(records.group_table(rows), tests)
    names = tables.dataset_names(table)
    ks = sorted(rows["k"].unique())
    present = table[table["members_in_all"] > 0]
    shown = tables.compact(
        present,
        {"grouping": "", "group": "group", "members": "members", "share_percent": "% of data"},
        {f"k = {k}": (f"k{k}", f"k{k}_sd") for k in ks},
    )
    shown["differs"] = groups.significant(present, ks)
    tables.write(
        table,
        csv=snakemake.output.csv,
        md=snakemake.output.md,
        tex=snakemake.output.tex,
        html=snakemake.output.html,
        shown=shown,
        caption=f"Share (%) of the members of {names} that their own explanation reveals, by "
        f"group: mean ± standard deviation over {table['samplings'].max()} samplings, and the mean "
        "number of members that a sampling's rate rests on. It differs from the rest's at the k "
        "where p < 0.05 (permutation test over distinct people, Holm's correction)",
    )
