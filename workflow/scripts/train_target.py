"""Train one network for each seed and keep it at every overfitting level."""

from leakcore.script import job

import pandas as pd

from leakcore import store
from leakcore.runtime import each_seed, seed_words
from leakcore.targets import architectures, training

params, inputs = snakemake.params, snakemake.input
name = f"train {snakemake.wildcards.dataset} {seed_words(params.seeds)}"
with job(snakemake.log[0], name) as progress:
    dataset = store.Dataset.load(inputs.dataset)
    architecture = architectures.describe(
        dataset.features.shape[1:], dataset.n_classes, params.settings
    )
    for seed, part, (splits, paths) in each_seed(
        params.seeds, progress, inputs.splits, snakemake.output
    ):
        split = store.Split.load(splits[0])
        targets, curve = training.train(
            dataset.features[split.members],
            dataset.labels[split.members],
            dataset.features[split.nonmembers],
            dataset.labels[split.nonmembers],
            architecture,
            params.settings,
            params.levels,
            seed=seed,
            device=params.device,
            progress=part,
        )
        for target, path in zip(targets, paths[:-1], strict=True):
            target.save(path)
        pd.DataFrame(curve).to_csv(paths[-1], index=False, float_format="%.10g")
