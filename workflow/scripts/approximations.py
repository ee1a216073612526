"""Write how well approximate influence agrees with the exact one."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import records, tables

VALUES = ["top1", "top5", "self_reveal_exact", "self_reveal_approximate"]
with job(snakemake.log[0], "write the table of approximations"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    table = records.average(rows, ["dataset", "source", "method"], VALUES)
    shown = tables.compact(
        table,
        {"dataset": "data set", "method": "method"},
        {name.replace("_", " "): (name, f"{name}_sd") for name in VALUES},
        digits=3,
    )
    tables.write(
        table,
        shown=shown,
        csv=snakemake.output.csv,
        md=snakemake.output.md,
        tex=snakemake.output.tex,
        html=snakemake.output.html,
        caption="Approximate against exact influence of training records: share of members with "
        "the same most influential record, share of the five most influential that agree, and "
        "self-revealing members",
    )
