"""Observe one data set's target at every level, with one explanation."""

from leakcore import store
from leakcore.explanations.observe import dataset_rows, observe
from leakcore.runtime import job
from leakcore.targets import devices, training

wildcards, params = snakemake.wildcards, snakemake.params
name = f"explain {wildcards.dataset} seed {wildcards.seed} by {wildcards.explanation}"
with job(snakemake.log[0], name) as progress:
    split = store.Split.load(snakemake.input.split)
    _, arrays = store.read(snakemake.input.dataset, store.Dataset.kind, ["labels"])
    stored_rows = dataset_rows(snakemake.input.dataset)
    targets = [store.Target.load(path) for path in snakemake.input.targets]
    for target, path in zip(targets, snakemake.output, strict=True):
        divisor = target.architecture["input_divisor"]
        observe(
            path,
            target,
            training.load_model(target) if target.reached else None,
            lambda index, divisor=divisor: stored_rows(index).astype("float32") / divisor,
            arrays["labels"],
            split,
            explanation=params.module,
            settings=params.settings,
            seed=int(wildcards.seed),
            device=devices.device_of(params.device),
            progress=progress,
        )
