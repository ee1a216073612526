"""Explain one data set's targets and attack the explanation, without keeping it."""

import tempfile
from pathlib import Path

from leakcore import store
from leakcore.attacks import membership
from leakcore.explanations.observe import observe_stored
from leakcore.runtime import job

wildcards, params = snakemake.wildcards, snakemake.params
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
