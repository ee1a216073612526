"""Explain members and non-members of one sampling by training records."""

from leakcore.script import job

import pandas as pd

from leakcore import store
from leakcore.evaluation import records, tables
from leakcore.influence.graph import influence_graph, reachable, statistics
from leakcore.influence.leave_one_out import LeaveOneOut
from leakcore.influence.revelations import reveal

wildcards, params, output = snakemake.wildcards, snakemake.params, snakemake.output
with job(snakemake.log[0], f"reveal {wildcards.dataset} sampling {wildcards.seed}"):
    dataset = store.Dataset.load(snakemake.input.dataset)
    split = store.Split.load(snakemake.input.split)
    models = LeaveOneOut.load(snakemake.input.models)
    features = dataset.features.astype("float64")
    depth = max(*params.ks, params.graph_k)
    revelations = reveal(
        models.full, models.weights, features[split.members], features[split.nonmembers], depth
    )
    revelations.save(output.revelations)
    facts = {"dataset": wildcards.dataset, "source": dataset.source, "seed": int(wildcards.seed)}
    groups = {
        name: (codes[split.members], names) for name, (codes, names) in dataset.groups.items()
    }
    rows = records.group_rows(revelations, groups, params.ks)
    tables.write_csv(rows.assign(**facts), output.groups)
    graph = influence_graph(revelations.ids[:, : params.graph_k])
    rows = pd.DataFrame([{**facts, "points": len(split.members), **statistics(graph)}])
    tables.write_csv(rows, output.graph)
    share = reachable(graph) / len(split.members)
    tables.write_csv(
        pd.DataFrame({"start": range(len(share)), "share": share}).assign(**facts), output.reachable
    )
