"""Explain one data set's targets and attack the explanation, without keeping it."""

from leakcore.script import job

import importlib
import tempfile
from pathlib import Path

from leakcore import store
from leakcore.attacks import membership
from leakcore.explanations.observe import observe_stored

wildcards, params = snakemake.wildcards, snakemake.params
# Read in before the job begins, as all imports are: see leakcore.script.
importlib.import_module(params.explanation)
importlib.import_module(params.attack)
name = f"attack {wildcards.dataset} seed {wildcards.seed} by {wildcards.attack}"
name += f" on {wildcards.explanation}"


def observations(folder, progress):
    """Yield each target's observations; one level lies on disk at a time."""
    split = store.Split.load(snakemake.input.split)
    path = Path(folder) / "observations.safetensors"
    for target in snakemake.input.targets:
        observe_stored(
            path,
            store.Target.load(target),
            snakemake.input.dataset,
            split,
            explanation=params.explanation,
            settings=params.explanation_settings,
            seed=int(wildcards.seed),
            device=params.device,
            progress=progress,
        )
        yield store.Observations.load(path)


with (
    job(snakemake.log[0], name) as progress,
    tempfile.TemporaryDirectory(dir=snakemake.resources.tmpdir) as folder,
):
    membership.attack(
        params.attack,
        observations(folder, progress),
        fraction=params.train_fraction,
        seed=int(wildcards.seed),
        settings=params.attack_settings,
        accesses=params.accesses,
        levels=len(snakemake.input.targets),
        progress=progress,
    ).save(snakemake.output[0])
