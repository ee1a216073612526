"""Write which of the paper's findings about groups stand."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import minorities, tables

with job(snakemake.log[0], "write the table of minorities"):
    tests = pd.concat([pd.read_csv(path) for path in snakemake.input])
    table = minorities.beside_the_paper(tests)
    tables.write(
        table,
        csv=snakemake.output.csv,
        md=snakemake.output.md,
        tex=snakemake.output.tex,
        html=snakemake.output.html,
        shown=minorities.shown(table),
        caption="How much more often than the rest a group's members are revealed by their own "
        "explanation, in percentage points (* p < 0.05: permutation test over distinct people, "
        "Holm's correction over all groups and k of the data set), in brackets the paper's "
        "difference to its whole data set, and what became of the paper's finding. Groups without "
        "a finding of the paper are listed where their difference is significant",
    )
