"""Train networks on synthetic data of some numbers of features, and measure their gradients."""

from leakcore.script import job

import pandas as pd

from leakcore.evaluation import dimension, tables
from leakcore.runtime import part_of

params = snakemake.params
block = params.block
with job(snakemake.log[0], f"sweep {snakemake.wildcards.block}") as progress:
    frames = []
    for place, n_features in enumerate(block["n_features"]):
        frames.append(
            dimension.sweep(
                n_features,
                [block["n_classes"]],
                params.networks,
                params.training,
                n_points=params.n_points,
                seeds=block["seeds"],
                progress=part_of(progress, place, len(block["n_features"])),
            )
        )
    tables.write_csv(pd.concat(frames, ignore_index=True), snakemake.output[0])
