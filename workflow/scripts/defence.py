"""Draw what defences protect and cost, from the metrics of each."""

from leakcore.script import job

from itertools import cycle

import pandas as pd

from leakcore.evaluation import claims, records, tables
from leakcore.figures import defence, style

params, inputs = snakemake.params, snakemake.input
with job(snakemake.log[0], "draw the defences"):
    frames = []
    for kind, paths in ((defence.NONE, inputs.none), (defence.SMOOTH, inputs.smoothgrad)):
        for path in paths:
            rows = pd.read_csv(path).assign(defence=kind, epsilon=float("nan"))
            rows = rows[rows["access"] == "gradient"]
            frames.append(rows[rows["level"] == claims.top_level(rows)] if len(rows) else rows)
    # The order in which the rule lists its input: the budgets, and the same without one.
    for path, epsilon in zip(inputs.private, cycle([*params.epsilons, None]), strict=False):
        kind = defence.PLAIN if epsilon is None else defence.PRIVATE
        rows = pd.read_csv(path).assign(defence=kind, epsilon=float(epsilon or "nan"))
        frames.append(rows[rows["access"] == "gradient"])
    measured = pd.concat(frames, ignore_index=True)
    tables.write_csv(measured, snakemake.output.csv)
    table = records.average(
        measured.fillna({"epsilon": -1.0}),
        ["dataset", "source", "defence", "epsilon"],
        ["test_accuracy", "accuracy", "tpr_at_fpr_0.01"],
    )
    table["epsilon"] = table["epsilon"].where(table["epsilon"] >= 0)
    figure = defence.draw(table, delta=params.delta)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
