"""Query one sampling's model at random points and count the records revealed."""

from leakcore.script import job

import pandas as pd

from leakcore import store
from leakcore.attacks.oracle import Oracle
from leakcore.attacks.sampling_baseline import SCENARIOS, draw_queries, revealed_curves
from leakcore.evaluation import tables
from leakcore.influence.leave_one_out import LeaveOneOut

wildcards, params = snakemake.wildcards, snakemake.params
with job(snakemake.log[0], f"sample {wildcards.dataset} sampling {wildcards.seed}"):
    dataset = store.Dataset.load(snakemake.input.dataset)
    split = store.Split.load(snakemake.input.split)
    models = LeaveOneOut.load(snakemake.input.models)
    features = dataset.features.astype("float64")
    seed, ks = int(wildcards.seed), params.ks
    frames = []
    for scenario in SCENARIOS:
        # Real records are asked about once each, so there may be fewer than queries.
        count = (
            min(params.queries, len(split.nonmembers)) if scenario == "records" else params.queries
        )
        points = draw_queries(scenario, features[split.nonmembers], count, seed)
        oracle = Oracle(
            features[split.members],
            dataset.labels[split.members],
            models.full,
            models.weights,
            max(ks),
        )
        for k, curve in zip(ks, revealed_curves(oracle, points, ks), strict=True):
            # Every tenth query is enough to draw the curve.
            steps = [0, *range(9, count, 10)]
            steps += [count - 1] if steps[-1] != count - 1 else []
            frames.append(
                pd.DataFrame(
                    {
                        "scenario": scenario,
                        "k": k,
                        "queries": [step + 1 for step in steps],
                        "recovered": curve[steps],
                        "share": curve[steps] / len(split.members),
                    }
                )
            )
    facts = {"dataset": wildcards.dataset, "source": dataset.source, "seed": seed}
    tables.write_csv(pd.concat(frames, ignore_index=True).assign(**facts), snakemake.output[0])
