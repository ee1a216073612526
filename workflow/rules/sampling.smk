# Members and non-members.


rule draw_split:
    input:
        "results/datasets/{dataset}.safetensors",
    output:
        "results/splits/{experiment}/{dataset}/seed-{seed}.safetensors",
    log:
        "results/logs/draw_split/{experiment}/{dataset}/seed-{seed}.log",
    conda:
        ENVIRONMENT
    threads: 1
    params:
        code=code_of("draw_split.py"),
        sizes=lambda w: configuration.sizes(config, w.experiment, w.dataset),
        balanced=lambda w: config["datasets"][w.dataset].get("balanced", False),
    message:
        "Draw members and non-members of {wildcards.dataset}, seed {wildcards.seed}"
    script:
        "../scripts/draw_split.py"
