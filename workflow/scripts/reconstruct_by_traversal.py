"""Walk along the influence graph of one sampling from a few random starts."""

from leakcore.script import job

import numpy as np
import pandas as pd

from leakcore import store
from leakcore.attacks.oracle import Oracle
from leakcore.attacks.traversal import SCHEDULES, omniscient, traverse
from leakcore.evaluation import tables
from leakcore.influence.influence import top_k
from leakcore.influence.leave_one_out import LeaveOneOut

STREAM = 0x57A7
wildcards, params = snakemake.wildcards, snakemake.params
with job(snakemake.log[0], f"traverse {wildcards.dataset} sampling {wildcards.seed}") as progress:
    dataset = store.Dataset.load(snakemake.input.dataset)
    split = store.Split.load(snakemake.input.split)
    models = LeaveOneOut.load(snakemake.input.models)
    members = dataset.features[split.members].astype("float64")
    labels = dataset.labels[split.members]
    seed = int(wildcards.seed)
    ids, _ = top_k(models.full, models.weights, members, params.graph_k)
    rng = np.random.default_rng([seed, STREAM])
    # One for all walks: it remembers its answers, and the walks meet the same records.
    oracle = Oracle(members, labels, models.full, models.weights, params.graph_k)
    rows = []
    starts = rng.permutation(len(members))[: params.starts]
    for done, start in enumerate(starts):
        courses = {"omniscient": omniscient(ids, int(start))}
        for schedule in SCHEDULES:
            courses[schedule] = traverse(oracle, members[start], schedule, seed)
        for schedule, course in courses.items():
            rows.append(
                {
                    "dataset": wildcards.dataset,
                    "source": dataset.source,
                    "seed": seed,
                    "start": int(start),
                    "schedule": schedule,
                    "recovered": len(course.ids),
                    "share": len(course.ids) / len(members),
                    "queries": course.queries,
                    "queries_to_last": course.queries_to_last,
                    "ratio": course.queries / courses["omniscient"].queries,
                    "ratio_to_last": course.queries_to_last / courses["omniscient"].queries_to_last,
                }
            )
        progress(done + 1, len(starts), "starts")
    tables.write_csv(pd.DataFrame(rows), snakemake.output[0])
