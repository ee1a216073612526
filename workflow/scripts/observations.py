"""Write Observations 4.1 to 4.3 and Hypothesis 4.4 as numbers."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import claims, tables

with job(snakemake.log[0], "write the observations"):
    metrics, correlations = (
        pd.concat([pd.read_csv(path) for path in paths], ignore_index=True)
        for paths in (snakemake.input.metrics, snakemake.input.signals)
    )
    table = claims.observations(metrics, correlations)
    shown = tables.readable_intervals(
        table,
        {
            "claim": "claim",
            "statement": "statement",
            "dataset": "data set",
            "subject": "of",
            "statistic": "statistic",
        },
        ("value", "low", "high"),
    )
    shown["R2, linear"] = table["linear_r2"].round(2)
    shown["R2, quadratic"] = table["quadratic_r2"].round(2)
    shown["seeds"] = table["seeds"]
    shown["verdict"] = table["verdict"]
    rules = table.drop_duplicates("statement")
    tables.write(
        table,
        shown=shown,
        csv=snakemake.output.csv,
        md=snakemake.output.md,
        tex=snakemake.output.tex,
        html=snakemake.output.html,
        caption="The paper's Observations 4.1 to 4.3 and Hypothesis 4.4, decided for each data "
        "set. Statistics have 95 % intervals over the seeds, attacks are compared seed by seed "
        "at the highest overfitting level that most seeds reached, R2 is adjusted. Rules: "
        + "; ".join(f"{row.statement} - {row.rule}" for row in rules.itertuples()),
    )
