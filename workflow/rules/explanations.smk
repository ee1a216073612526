# What an attacker can see of every point: predictions, loss and one explanation.


for pack in PACKS:

    rule:
        name:
            pack.name("explain")
        input:
            dataset="results/datasets/{dataset}.safetensors",
            splits=expand(
                "results/splits/membership/{{dataset}}/seed-{seed}.safetensors",
                seed=pack.seeds,
            ),
            targets=expand(
                "results/targets/{{dataset}}/seed-{seed}/level-{level}.safetensors",
                seed=pack.seeds,
                level=LEVELS,
            ),
        output:
            observations(
                expand(
                    "results/observations/{{dataset}}/seed-{seed}/{{explanation}}/level-{level}.safetensors",
                    seed=pack.seeds,
                    level=LEVELS,
                )
            ),
        log:
            f"results/logs/explain/{{dataset}}/{pack.label}/{{explanation}}.log",
        benchmark:
            f"results/benchmarks/explain/{{dataset}}/{pack.label}/{{explanation}}.tsv"
        priority: longest_first
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=doubling(2000),
            runtime=doubling(60 * len(pack.seeds)),
            gpu=GPUS,
        params:
            code=lambda w: code_of("explain.py", EXPLANATIONS[w.explanation]),
            module=lambda w: EXPLANATIONS[w.explanation],
            settings=lambda w: explanation_settings(w.explanation),
            seeds=numbers(pack),
            device=config["device"],
        message:
            f"Explain {{wildcards.dataset}}, {pack.words}, by {{wildcards.explanation}}"
        script:
            "../scripts/explain.py"
