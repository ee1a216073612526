"""Write which versions the results rest on."""

from leakcore.script import job

from leakcore.evaluation import software, tables

with job(snakemake.log[0], "write the table of software"):
    tables.write(
        software.versions(snakemake.params.pins),
        csv=snakemake.output.csv,
        md=snakemake.output.md,
        tex=snakemake.output.tex,
        html=snakemake.output.html,
        caption="Versions that the results rest on (pinned) and that are installed",
    )
