"""Train one network and keep it at every overfitting level."""

from leakcore.script import job

import pandas as pd

from leakcore import store
from leakcore.targets import architectures, training

wildcards, params = snakemake.wildcards, snakemake.params
with job(snakemake.log[0], f"train {wildcards.dataset} seed {wildcards.seed}") as progress:
    dataset = store.Dataset.load(snakemake.input.dataset)
    split = store.Split.load(snakemake.input.split)
    architecture = architectures.describe(
        dataset.features.shape[1:], dataset.n_classes, params.settings
    )
    targets, curve = training.train(
        dataset.features[split.members],
        dataset.labels[split.members],
        dataset.features[split.nonmembers],
        dataset.labels[split.nonmembers],
        architecture,
        params.settings,
        params.levels,
        seed=params.seed,
        device=params.device,
        progress=progress,
    )
    *paths, curve_path = snakemake.output
    for target, path in zip(targets, paths, strict=True):
        target.save(path)
    pd.DataFrame(curve).to_csv(curve_path, index=False, float_format="%.10g")
