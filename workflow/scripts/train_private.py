"""Train one network with differential privacy."""

from leakcore.script import job

import pandas as pd

from leakcore import store
from leakcore.targets import architectures, private

wildcards, params = snakemake.wildcards, snakemake.params
name = f"train {wildcards.dataset} seed {wildcards.seed} at epsilon {wildcards.epsilon}"
with job(snakemake.log[0], name) as progress:
    dataset = store.Dataset.load(snakemake.input.dataset)
    split = store.Split.load(snakemake.input.split)
    architecture = architectures.describe(
        dataset.features.shape[1:], dataset.n_classes, params.settings
    )
    target, curve = private.train(
        dataset.features[split.members],
        dataset.labels[split.members],
        dataset.features[split.nonmembers],
        dataset.labels[split.nonmembers],
        architecture,
        params.settings,
        epsilon=params.epsilon,
        delta=params.delta,
        clipping_norm=params.clipping_norm,
        seed=int(wildcards.seed),
        device=params.device,
        progress=progress,
    )
    target.save(snakemake.output.target)
    pd.DataFrame(curve).to_csv(snakemake.output.curve, index=False, float_format="%.10g")
