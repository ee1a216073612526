"""Write what the jobs of this run took, and what they ask a cluster for."""

from leakcore.script import job

from leakcore.evaluation import resources, tables

with job(snakemake.log[0], "write the table of resources"):
    tables.write(
        resources.summarise(snakemake.params.folder, snakemake.params.requested),
        csv=snakemake.output.csv,
        md=snakemake.output.md,
        tex=snakemake.output.tex,
        caption="Time and memory of the jobs of each rule, as measured, and as asked of a cluster "
        "at the first attempt",
    )
