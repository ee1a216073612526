# The synthetic sweep over the data's dimension (Figures 5 and 14). One job does one block: some
# numbers of features at one number of classes, with seeds that train as one stack.

import blocks

DIMENSION = config["dimension"]
BLOCKS = blocks.blocks(DIMENSION)
# Figure 5 shows the base network alone, so the others are trained apart.
NETWORKS = {"base": {"base": DIMENSION["networks"]["base"]}}
if len(DIMENSION["networks"]) > 1:
    NETWORKS["others"] = {
        name: shape for name, shape in DIMENSION["networks"].items() if name != "base"
    }


rule sweep_dimension:
    output:
        "results/dimension/{networks}/{block}.csv",
    log:
        "results/logs/sweep_dimension/{networks}/{block}.log",
    benchmark:
        "results/benchmarks/sweep_dimension/{networks}/{block}.tsv"
    wildcard_constraints:
        networks="|".join(NETWORKS),
        block="|".join(BLOCKS),
    # The longest first, so that none is left for one core alone at the end.
    priority: lambda w: blocks.length(BLOCKS[w.block], len(NETWORKS[w.networks]))
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(lambda w: blocks.memory(BLOCKS[w.block], DIMENSION["n_points"])),
        runtime=doubling(240),
    params:
        code=code_of("sweep_dimension.py"),
        block=lambda w: plain(BLOCKS[w.block]),
        networks=lambda w: plain(NETWORKS[w.networks]),
        training=plain(DIMENSION["training"]),
        n_points=DIMENSION["n_points"],
    message:
        "Sweep {wildcards.block}: {wildcards.networks}"
    script:
        "../scripts/sweep_dimension.py"
