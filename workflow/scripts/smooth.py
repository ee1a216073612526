"""Smooth one target's gradients with several numbers of samples, and attack each of them."""

from leakcore.script import job

import tempfile
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd

from leakcore import store
from leakcore.attacks import membership
from leakcore.attacks.checks import one_norm
from leakcore.evaluation import tables
from leakcore.explanations import smoothing
from leakcore.runtime import part_of

wildcards, params = snakemake.wildcards, snakemake.params
with (
    job(snakemake.log[0], f"smooth {wildcards.dataset} seed {wildcards.seed}") as progress,
    tempfile.TemporaryFile(dir=snakemake.resources.tmpdir) as file,
):
    parts = 1 + len(snakemake.output.scores)
    targets = [store.Target.load(path) for path in snakemake.input.targets]
    # The highest level that training reached.
    places = sorted((t.level, place) for place, t in enumerate(targets) if t.reached)
    seen = store.Observations.load(snakemake.input.observations[places[-1][1]]) if places else None
    norms = pd.DataFrame(columns=["index", "member", "samples", "norm"])
    if seen is not None:
        shape = (len(params.samples), *seen.explanation.shape)
        smoothed = np.memmap(file, np.float32, "w+", shape=shape)
        smoothing.smooth(
            smoothed,
            seen,
            targets[places[-1][1]],
            snakemake.input.dataset,
            params.samples,
            noise=params.noise,
            seed=int(wildcards.seed),
            device=params.device,
            progress=part_of(progress, 0, parts),
        )
        norms = pd.DataFrame(
            {
                "index": np.tile(seen.index, len(smoothed)),
                "member": np.tile(seen.member, len(smoothed)),
                "samples": np.repeat(params.samples, len(seen.index)),
                "norm": np.concatenate([one_norm(explanation) for explanation in smoothed]),
            }
        )
    runs = product(
        zip(params.attacks, params.settings, params.accesses, strict=True),
        range(len(params.samples)),
    )
    for turn, (path, ((attack, settings, accesses), place)) in enumerate(
        zip(snakemake.output.scores, runs, strict=True), start=1
    ):
        membership.attack(
            attack,
            [seen and replace(seen, explanation=np.array(smoothed[place]))],
            fraction=params.train_fraction,
            seed=int(wildcards.seed),
            settings=settings,
            accesses=accesses,
            progress=part_of(progress, turn, parts),
        ).save(path)
    tables.write_csv(norms, snakemake.output.norms)
