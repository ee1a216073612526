# Target networks. One training run gives the network at every overfitting level.


rule train_target:
    input:
        dataset="results/datasets/{dataset}.safetensors",
        split="results/splits/membership/{dataset}/seed-{seed}.safetensors",
    output:
        targets=expand(
            "results/targets/{{dataset}}/seed-{{seed}}/level-{level}.safetensors",
            level=LEVELS,
        ),
        curve="results/targets/{dataset}/seed-{seed}/curve.csv",
    log:
        "results/logs/train_target/{dataset}/seed-{seed}.log",
    conda:
        ENVIRONMENT
    threads: 1
    params:
        code=code_of("train_target.py"),
        settings=lambda w: plain(config["targets"][w.dataset]),
        levels=MEMBERSHIP["levels"],
        device=config["device"],
    message:
        "Train the network of {wildcards.dataset}, seed {wildcards.seed}"
    script:
        "../scripts/train_target.py"
