# What an attacker can see of every point: predictions, loss and one explanation.


rule explain:
    input:
        dataset="results/datasets/{dataset}.safetensors",
        split="results/splits/membership/{dataset}/seed-{seed}.safetensors",
        targets=expand(
            "results/targets/{{dataset}}/seed-{{seed}}/level-{level}.safetensors",
            level=LEVELS,
        ),
    output:
        [
            observation(
                f"results/observations/{{dataset}}/seed-{{seed}}/{{explanation}}/level-{level}.safetensors"
            )
            for level in LEVELS
        ],
    log:
        "results/logs/explain/{dataset}/seed-{seed}/{explanation}.log",
    benchmark:
        "results/benchmarks/explain/{dataset}/seed-{seed}/{explanation}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(60),
        gpu=GPUS,
    params:
        code=lambda w: code_of("explain.py", EXPLANATIONS[w.explanation]),
        module=lambda w: EXPLANATIONS[w.explanation],
        settings=lambda w: explanation_settings(w.explanation),
        device=config["device"],
    message:
        "Explain {wildcards.dataset}, seed {wildcards.seed}, by {wildcards.explanation}"
    script:
        "../scripts/explain.py"
