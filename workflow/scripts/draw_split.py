"""Draw the members and non-members of one data set for one seed."""

from leakcore.script import job

from leakcore import sampling, store

wildcards = snakemake.wildcards
with job(snakemake.log[0], f"split {wildcards.dataset} seed {wildcards.seed}"):
    _, arrays = store.read(snakemake.input[0], store.Dataset.kind, ["labels"])
    sampling.draw(
        arrays["labels"],
        snakemake.params.sizes["members"],
        snakemake.params.sizes["nonmembers"],
        snakemake.params.seed,
        balanced=snakemake.params.balanced,
    ).save(snakemake.output[0])
