"""Draw Figure 4 from the smoothed gradients of one data set."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import records, tables
from leakcore.figures import fig4, style

with job(snakemake.log[0], "draw Figure 4"):
    metrics = pd.read_csv(snakemake.input.metrics[0])
    within = {f"accuracy_{end}": f"within_{end}" for end in ("low", "high")}
    table = records.average(
        metrics.rename(columns=within),
        ["dataset", "source", "attack", "samples"],
        ["accuracy", "gap", *within.values()],
    )
    # The points of one run: the first that reached a level.
    norms = pd.DataFrame(columns=["member", "samples", "norm", "gap"])
    for seed, path in zip(snakemake.params.seeds, snakemake.input.norms, strict=True):
        run = pd.read_csv(path)
        if len(run):
            gap = metrics.loc[metrics["seed"] == seed, "gap"].iloc[0]
            norms = run.assign(seed=seed, gap=gap)
            break
    both = [norms.assign(panel="norm"), metrics.assign(panel="accuracy")]
    tables.write_csv(pd.concat([part for part in both if len(part)] or both), snakemake.output.csv)
    figure = fig4.draw(norms, table, noise=snakemake.params.noise)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
