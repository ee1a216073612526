"""Write Table 4 and the cost of walks from every sampling's influence graph."""

import pandas as pd

from leakcore.evaluation import records, tables
from leakcore.runtime import job

GRAPH = ["scc", "scc_of_size_1", "largest_scc", "max_in_degree", "in_degree_0"]
WALK = ["share", "queries", "queries_to_last", "ratio", "ratio_to_last"]
with job(snakemake.log[0], "write Table 4"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input.graph], ignore_index=True)
    tables.write(
        records.average(rows, ["dataset", "source", "points"], GRAPH),
        csv=snakemake.output.csv,
        md=snakemake.output.md,
        tex=snakemake.output.tex,
        caption="The influence graphs",
    )
    walks = pd.concat([pd.read_csv(path) for path in snakemake.input.traversal], ignore_index=True)
    # One value a sampling: its starts share a graph and are no independent runs.
    keys = ["dataset", "source", "schedule"]
    walks = walks.groupby([*keys, "seed"], sort=False)[WALK].mean().reset_index()
    tables.write(
        records.average(walks, keys, WALK),
        csv=snakemake.output.traversal,
        md=snakemake.output.traversal_md,
        tex=snakemake.output.traversal_tex,
        caption="Walks along the influence graph, and how many times the queries of the greedy "
        "omniscient attacker they need",
    )
