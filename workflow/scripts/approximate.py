"""Compare approximate influence with the exact one on one sampling."""

from leakcore.script import job

from dataclasses import asdict

import pandas as pd

from leakcore import store
from leakcore.evaluation import tables
from leakcore.influence.approximations import agreement, influence_functions, one_step_newton
from leakcore.influence.leave_one_out import LeaveOneOut

wildcards = snakemake.wildcards
METHODS = {"influence functions": influence_functions, "one-step Newton": one_step_newton}
with job(snakemake.log[0], f"approximate {wildcards.dataset} sampling {wildcards.seed}"):
    dataset = store.Dataset.load(snakemake.input.dataset)
    members = store.Split.load(snakemake.input.split).members
    models = LeaveOneOut.load(snakemake.input.models)
    features = dataset.features[members].astype("float64")
    rows = [
        {
            "dataset": wildcards.dataset,
            "source": dataset.source,
            "seed": int(wildcards.seed),
            "method": name,
            **asdict(
                agreement(
                    models.full,
                    models.weights,
                    method(models.full, features, dataset.labels[members]),
                    features,
                )
            ),
        }
        for name, method in METHODS.items()
    ]
    tables.write_csv(pd.DataFrame(rows), snakemake.output[0])
