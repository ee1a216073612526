"""Measure how far a general solver's refits are from the exact ones, at every tolerance."""

from leakcore.script import job

import pandas as pd

from leakcore import store
from leakcore.evaluation import tables
from leakcore.influence.leave_one_out import LeaveOneOut
from leakcore.influence.tolerance import refit_errors

wildcards, params = snakemake.wildcards, snakemake.params
with job(snakemake.log[0], f"tolerance {wildcards.dataset}") as progress:
    dataset = store.Dataset.load(snakemake.input.dataset)
    members = store.Split.load(snakemake.input.split).members
    features = dataset.features[members].astype("float64")
    errors = refit_errors(
        features,
        dataset.labels[members],
        LeaveOneOut.load(snakemake.input.models),
        params.tolerances,
        points=params.points,
        seed=params.seed,
        max_iter=params.max_iter,
        progress=progress,
    )
    frames = [
        pd.DataFrame(
            {
                "dataset": wildcards.dataset,
                "source": dataset.source,
                "n_features": features.shape[1],
                "n_train": len(members),
                "tolerance": tolerance,
                "point": errors.points,
                "refit_error": errors.refit[t],
                "change_error": errors.change[t],
                "iterations": errors.iterations[t],
                "gave_up": errors.iterations[t] >= params.max_iter,
            }
        )
        for t, tolerance in enumerate(params.tolerances)
    ]
    tables.write_csv(pd.concat(frames, ignore_index=True), snakemake.output[0])
