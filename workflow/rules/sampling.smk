# Members and non-members.


rule draw_split:
    input:
        "results/datasets/{dataset}.safetensors",
    output:
        "results/splits/{experiment}/{dataset}/seed-{seed}.safetensors",
    log:
        "results/logs/draw_split/{experiment}/{dataset}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/draw_split/{experiment}/{dataset}/seed-{seed}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(5),
    params:
        code=code_of("draw_split.py"),
        seed=lambda w: int(w.seed),
        sizes=lambda w: configuration.sizes(config, w.experiment, w.dataset),
        balanced=lambda w: config["datasets"][w.dataset].get("balanced", False),
    message:
        "Draw members and non-members of {wildcards.dataset}, seed {wildcards.seed}"
    script:
        "../scripts/draw_split.py"
