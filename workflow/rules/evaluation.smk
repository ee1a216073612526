# Metrics with intervals, from scores alone.


rule measure_attack:
    input:
        dataset="results/datasets/{dataset}.safetensors",
        scores=expand(
            "results/scores/{{dataset}}/seed-{seed}/{{explanation}}/{{attack}}.safetensors",
            seed=MEMBERSHIP["seeds"],
        ),
    output:
        "results/metrics/{dataset}/{explanation}/{attack}.csv",
    log:
        "results/logs/measure_attack/{dataset}/{explanation}/{attack}.log",
    benchmark:
        "results/benchmarks/measure_attack/{dataset}/{explanation}/{attack}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(30),
    params:
        code=code_of("measure_attack.py"),
        seeds=MEMBERSHIP["seeds"],
        bootstrap=config["bootstrap"],
    message:
        "Measure {wildcards.attack} on {wildcards.explanation} for {wildcards.dataset}"
    script:
        "../scripts/measure_attack.py"
