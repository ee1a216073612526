"""Write Table 3 from Algorithm 1's runs on every sampling."""

import pandas as pd

from leakcore.evaluation import records, tables
from leakcore.runtime import job

with job(snakemake.log[0], "write Table 3"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    keys = ["dataset", "source", "variant", "features", "points"]
    table = records.average(rows, keys, ["recovered", "percent", "upper_bound", "queries"])
    stops = rows.groupby(keys)["stop"].agg(lambda s: ", ".join(sorted(set(s)))).reset_index()
    tables.write(
        table.merge(stops, on=keys),
        csv=snakemake.output.csv,
        md=snakemake.output.md,
        tex=snakemake.output.tex,
        caption="Records recovered by Algorithm 1: as the authors ran it (weights) and as printed "
        "(subspace)",
    )
