# leakcore: how much do explanations leak about the training data?
#
#   snakemake --cores 2 results/figures/fig1.pdf          one figure
#   snakemake --cores 2                                   everything
#   snakemake --cores 8 --configfile config/paper.yaml    the paper's scale

from snakemake.utils import min_version

min_version("9.17")


configfile: "config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/scheduling.smk"
include: "workflow/rules/common.smk"
include: "workflow/rules/datasets.smk"
include: "workflow/rules/sampling.smk"
include: "workflow/rules/targets.smk"
include: "workflow/rules/explanations.smk"
include: "workflow/rules/attacks.smk"
include: "workflow/rules/signals.smk"
include: "workflow/rules/defence.smk"
include: "workflow/rules/influence.smk"
include: "workflow/rules/reconstruction.smk"
include: "workflow/rules/evaluation.smk"
include: "workflow/rules/dimension.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/reproduction.smk"
include: "workflow/rules/provenance.smk"


rule all:
    default_target: True
    input:
        # A missing output is made; one that only a newer version of a rule has must be asked for.
        expand("results/figures/{figure}.{kind}", figure=FIGURES, kind=["pdf", "png"]),
        expand("results/tables/{table}.{kind}", table=TABLES, kind=["csv", "html"]),
        multiext("results/reproduction", ".csv", ".html"),


if SHARED:
    # Snakemake refuses to measure a rule whose results may come from another checkout.
    for shared in workflow.rules:
        if shared.cache and shared.cache.output:
            shared._benchmark = None
