"""Draw the members and non-members of one data set for each seed."""

from leakcore.script import job

from leakcore import sampling, store
from leakcore.runtime import each_seed, seed_words

params = snakemake.params
name = f"split {snakemake.wildcards.dataset} {seed_words(params.seeds)}"
with job(snakemake.log[0], name) as progress:
    _, arrays = store.read(snakemake.input[0], store.Dataset.kind, ["labels"])
    for seed, _, (paths,) in each_seed(params.seeds, progress, snakemake.output):
        sampling.draw(
            arrays["labels"],
            params.sizes["members"],
            params.sizes["nonmembers"],
            seed,
            balanced=params.balanced,
        ).save(paths[0])
