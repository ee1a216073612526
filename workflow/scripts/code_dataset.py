"""Code one data set from its raw files."""

from leakcore.script import job

from leakcore.datasets import coding
from leakcore.datasets.sources import RawManifest

dataset = snakemake.wildcards.dataset
with job(snakemake.log[0], f"code {dataset}") as progress:
    standin = dict(snakemake.params.standin)
    manifest = RawManifest.load(snakemake.input[0])
    generated = manifest.source == "synthetic"
    coding.code(
        dataset,
        snakemake.params.module,
        manifest,
        n_points=standin.pop("n_points", None) if generated else snakemake.params.n_points,
        seed=standin.pop("seed", 0),
        options=standin,
        progress=progress,
    ).save(snakemake.output[0])
