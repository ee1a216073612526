"""Write Table 4 from every sampling's influence graph."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import records, tables

HEADINGS = {
    "scc": "#SCC",
    "scc_of_size_1": "#SCC of size 1",
    "largest_scc": "largest SCC",
    "max_in_degree": "max in-degree",
    "in_degree_0": "in-degree 0",
}
with job(snakemake.log[0], "write Table 4"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    keys = ["dataset", "source", "points"]
    wide = records.average(rows, keys, list(HEADINGS))
    long = rows.melt(keys, list(HEADINGS), var_name="statistic", value_name="mean")
    shown = tables.compact(
        wide,
        {"dataset": "data set", "points": "points"},
        {heading: (name, f"{name}_sd") for name, heading in HEADINGS.items()},
    )
    tables.write(
        records.average(long, [*keys, "statistic"], ["mean"]).rename(
            columns={"mean_sd": "sd", "mean_low": "low", "mean_high": "high"}
        ),
        shown=shown,
        csv=snakemake.output.csv,
        md=snakemake.output.md,
        tex=snakemake.output.tex,
        html=snakemake.output.html,
        caption="The influence graphs: mean ± standard deviation over "
        f"{wide['samplings'].max()} samplings",
    )
