"""Fetch and check the raw files of one data set."""

from leakcore.script import job

import importlib
from pathlib import Path

from leakcore.datasets import sources

dataset = snakemake.wildcards.dataset
with job(snakemake.log[0], f"fetch {dataset}") as progress:
    module = importlib.import_module(snakemake.params.module)
    # Where a mirror lies is no parameter: only what it holds may rerun anything.
    mirrors = sources.mirror_folders(snakemake.config["mirrors"])
    directory = Path(snakemake.params.directory)
    # Data sets made from the same raw files share the folder that these lie in.
    folder = getattr(module, "RAW_FOLDER", dataset)
    manifest = sources.fetch(
        folder,
        module.RAW,
        sources=snakemake.params.sources,
        available=module.SOURCES,
        mirrors=mirrors,
        directory=directory / folder,
        checksums=directory / "checksums" / f"{folder}.json",
        overrides=snakemake.params.sha256,
        progress=progress,
    )
    manifest.save(snakemake.output[0])
