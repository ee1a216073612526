"""Write Table 3 from Algorithm 1's runs on every sampling."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import records, tables

with job(snakemake.log[0], "write Table 3"):
    rows = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    keys = ["dataset", "source", "n_features", "n_train", "variant"]
    table = records.average(
        rows, keys, ["recovered", "recovered_percent", "upper_bound", "queries"]
    )
    stops = rows.groupby(keys)["stop"].agg(lambda s: ", ".join(sorted(set(s)))).reset_index()
    table = table.merge(stops, on=keys)
    shown = tables.compact(
        table,
        {"dataset": "data set", "n_features": "n", "n_train": "members", "variant": "variant"},
        {
            heading: (name, f"{name}_sd")
            for name, heading in {
                "recovered": "recovered",
                "recovered_percent": "% of members",
                "upper_bound": "upper bound",
                "queries": "queries",
            }.items()
        },
    )
    tables.write(
        table,
        csv=snakemake.output.csv,
        md=snakemake.output.md,
        tex=snakemake.output.tex,
        html=snakemake.output.html,
        shown=shown,
        caption="Records recovered by Algorithm 1, as the authors ran it (weights) and as printed "
        f"(subspace): mean ± standard deviation over {table['samplings'].max()} samplings. The "
        "upper bound is the rank of the leave-one-out changes",
    )
