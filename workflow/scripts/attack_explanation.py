"""Explain one data set's targets of each seed and attack the explanation, without keeping it."""

from leakcore.script import job

import importlib
import tempfile
from pathlib import Path

from leakcore import store
from leakcore.attacks import membership
from leakcore.explanations.observe import observe_stored
from leakcore.runtime import each_seed, seed_words

wildcards, params, inputs = snakemake.wildcards, snakemake.params, snakemake.input
# Read in before the job begins, as all imports are: see leakcore.script.
importlib.import_module(params.explanation)
importlib.import_module(params.attack)
name = f"attack {wildcards.dataset} {seed_words(params.seeds)} by {wildcards.attack}"
name += f" on {wildcards.explanation}"


def observations(targets, split, seed, folder, progress):
    """Yield each target's observations; one level lies on disk at a time."""
    path = Path(folder) / "observations.safetensors"
    for target in targets:
        observe_stored(
            path,
            store.Target.load(target),
            inputs.dataset,
            split,
            explanation=params.explanation,
            settings=params.explanation_settings,
            seed=seed,
            device=params.device,
            progress=progress,
        )
        yield store.Observations.load(path)


with (
    job(snakemake.log[0], name) as progress,
    tempfile.TemporaryDirectory(dir=snakemake.resources.tmpdir) as folder,
):
    for seed, part, (splits, targets, scores) in each_seed(
        params.seeds, progress, inputs.splits, inputs.targets, snakemake.output
    ):
        split = store.Split.load(splits[0])
        membership.attack(
            params.attack,
            observations(targets, split, seed, folder, part),
            fraction=params.train_fraction,
            seed=seed,
            settings=params.attack_settings,
            accesses=params.accesses,
            levels=len(targets),
            progress=part,
        ).save(scores[0])
