"""Run Algorithm 1, both variants, against one sampling's model."""

from leakcore.script import job

import pandas as pd

from leakcore import store
from leakcore.attacks.oracle import Oracle
from leakcore.attacks.subspace import reconstruct, upper_bound
from leakcore.evaluation import tables
from leakcore.influence.leave_one_out import LeaveOneOut

wildcards = snakemake.wildcards
with job(snakemake.log[0], f"subspace {wildcards.dataset} sampling {wildcards.seed}"):
    dataset = store.Dataset.load(snakemake.input.dataset)
    split = store.Split.load(snakemake.input.split)
    models = LeaveOneOut.load(snakemake.input.models)
    features = dataset.features.astype("float64")
    # The attacker knows the size of every feature from records that are no members.
    others = features[split.nonmembers]
    span = others.max(axis=0) - others.min(axis=0)
    span[span == 0] = 1
    bound = upper_bound(models.full, models.weights)
    rows = []
    for variant in ("weights", "subspace"):
        oracle = Oracle(
            features[split.members],
            dataset.labels[split.members],
            models.full,
            models.weights,
            1,
        )
        recovery = reconstruct(oracle, variant=variant, seed=int(wildcards.seed), scale=span)
        rows.append(
            {
                "dataset": wildcards.dataset,
                "source": dataset.source,
                "seed": int(wildcards.seed),
                "variant": variant,
                "n_features": features.shape[1],
                "n_train": len(split.members),
                "recovered": len(recovery.ids),
                "recovered_percent": 100 * len(recovery.ids) / len(split.members),
                "upper_bound": bound,
                "queries": recovery.queries,
                "stop": recovery.stop,
            }
        )
    tables.write_csv(pd.DataFrame(rows), snakemake.output[0])
