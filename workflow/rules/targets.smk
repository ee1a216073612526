# Target networks. One training run gives the network at every overfitting level.

TARGET_FILES = [*(f"level-{level}.safetensors" for level in LEVELS), "curve.csv"]

for pack in PACKS:

    rule:
        name:
            pack.name("train_target")
        input:
            dataset="results/datasets/{dataset}.safetensors",
            splits=expand(
                "results/splits/membership/{{dataset}}/seed-{seed}.safetensors",
                seed=pack.seeds,
            ),
        output:
            # Snakemake shares no results with other checkouts but those of one `multiext`, which
            # cannot hold several folders.
            (
                multiext(
                    f"results/targets/{{dataset}}/seed-{pack.seeds[0]}/", *TARGET_FILES
                )
                if len(pack.seeds) == 1
                else expand(
                    "results/targets/{{dataset}}/seed-{seed}/{file}",
                    seed=pack.seeds,
                    file=TARGET_FILES,
                )
            ),
        log:
            f"results/logs/train_target/{{dataset}}/{pack.label}.log",
        benchmark:
            f"results/benchmarks/train_target/{{dataset}}/{pack.label}.tsv"
        cache: SHARED and len(pack.seeds) == 1
        priority: FIRST
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=doubling(2000),
            runtime=doubling(240 * len(pack.seeds)),
            gpu=GPUS,
        params:
            code=code_of("train_target.py"),
            seeds=numbers(pack),
            settings=lambda w: plain(config["targets"][w.dataset]),
            levels=MEMBERSHIP["levels"],
            device=config["device"],
        message:
            f"Train the network of {{wildcards.dataset}}, {pack.words}"
        script:
            "../scripts/train_target.py"
