"""Write what walks along the influence graphs reveal, and how many queries they need."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import records, tables

HEADINGS = {
    "share": "revealed (%)",
    "queries": "queries",
    "queries_to_last": "queries to the last new record",
    "ratio": "ratio to omniscient",
    "ratio_to_last": "ratio, to the last new record",
}
with job(snakemake.log[0], "write the table of traversals"):
    walks = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    # One value a sampling: its starts share a graph and are no independent runs.
    keys = ["dataset", "source", "schedule"]
    walks = walks.groupby([*keys, "seed"], sort=False)[list(HEADINGS)].mean().reset_index()
    table = records.average(walks, keys, list(HEADINGS))
    percent = table.assign(share=100 * table["share"], share_sd=100 * table["share_sd"])
    shown = tables.compact(
        percent,
        {"dataset": "data set", "schedule": "schedule"},
        {heading: (name, f"{name}_sd") for name, heading in HEADINGS.items()},
    )
    tables.write(
        table,
        shown=shown,
        csv=snakemake.output.csv,
        md=snakemake.output.md,
        tex=snakemake.output.tex,
        html=snakemake.output.html,
        caption="Walks along the influence graph from random starts, and how many times the "
        "queries of the greedy omniscient attacker they need: mean ± standard deviation over "
        f"{table['samplings'].max()} samplings",
    )
