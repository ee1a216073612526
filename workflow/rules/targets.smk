# Target networks. One training run gives the network at every overfitting level.


rule train_target:
    input:
        dataset="results/datasets/{dataset}.safetensors",
        split="results/splits/membership/{dataset}/seed-{seed}.safetensors",
    output:
        multiext(
            "results/targets/{dataset}/seed-{seed}/",
            *[f"level-{level}.safetensors" for level in LEVELS],
            "curve.csv",
        ),
    log:
        "results/logs/train_target/{dataset}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/train_target/{dataset}/seed-{seed}.tsv"
    cache: SHARED
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(240),
        gpu=GPUS,
    params:
        code=code_of("train_target.py"),
        seed=lambda w: int(w.seed),
        settings=lambda w: plain(config["targets"][w.dataset]),
        levels=MEMBERSHIP["levels"],
        device=config["device"],
    message:
        "Train the network of {wildcards.dataset}, seed {wildcards.seed}"
    script:
        "../scripts/train_target.py"
