# Why explanations leak: what goes with membership, and what averaging over noise does to it.

SMOOTHING_ATTACKS = ["network", "norm-tree"]


rule correlate_signals:
    # Membership, the prediction's variance and the gradient's 1-norm, at every level.
    input:
        dataset="results/datasets/{dataset}.safetensors",
        observations=expand(
            "results/observations/{{dataset}}/seed-{{seed}}/gradient/level-{level}.safetensors",
            level=LEVELS,
        ),
    output:
        "results/signals/{dataset}/seed-{seed}.csv",
    log:
        "results/logs/correlate_signals/{dataset}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/correlate_signals/{dataset}/seed-{seed}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(20),
    params:
        code=code_of("correlate_signals.py"),
    message:
        "Correlate the signals of {wildcards.dataset}, seed {wildcards.seed}"
    script:
        "../scripts/correlate_signals.py"


rule smooth:
    # The smoothed gradient with several numbers of samples, attacked with each.
    input:
        dataset="results/datasets/{dataset}.safetensors",
        observations=expand(
            "results/observations/{{dataset}}/seed-{{seed}}/gradient/level-{level}.safetensors",
            level=LEVELS,
        ),
        targets=expand(
            "results/targets/{{dataset}}/seed-{{seed}}/level-{level}.safetensors",
            level=LEVELS,
        ),
    output:
        norms="results/smoothing/{dataset}/seed-{seed}/norms.csv",
        scores=expand(
            "results/smoothing/{{dataset}}/seed-{{seed}}/{attack}/samples-{samples}.safetensors",
            attack=SMOOTHING_ATTACKS,
            samples=SMOOTHING["samples"],
        ),
    log:
        "results/logs/smooth/{dataset}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/smooth/{dataset}/seed-{seed}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(4000),
        runtime=doubling(240),
        gpu=GPUS,
    params:
        code=code_of("smooth.py", *(ATTACKS[attack] for attack in SMOOTHING_ATTACKS)),
        samples=SMOOTHING["samples"],
        noise=explanation_settings("smoothgrad").get("noise", 1.0),
        attacks=[ATTACKS[attack] for attack in SMOOTHING_ATTACKS],
        settings=[attack_settings(attack) for attack in SMOOTHING_ATTACKS],
        accesses=[accesses(attack) for attack in SMOOTHING_ATTACKS],
        train_fraction=MEMBERSHIP["attack_train_fraction"],
        device=config["device"],
    message:
        "Smooth the gradients of {wildcards.dataset}, seed {wildcards.seed}"
    script:
        "../scripts/smooth.py"


rule measure_smoothing:
    input:
        dataset="results/datasets/{dataset}.safetensors",
        scores=expand(
            "results/smoothing/{{dataset}}/seed-{seed}/{attack}/samples-{samples}.safetensors",
            seed=MEMBERSHIP["seeds"],
            attack=SMOOTHING_ATTACKS,
            samples=SMOOTHING["samples"],
        ),
    output:
        "results/smoothing/{dataset}/metrics.csv",
    log:
        "results/logs/measure_smoothing/{dataset}.log",
    benchmark:
        "results/benchmarks/measure_smoothing/{dataset}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(30),
    params:
        code=code_of("measure_smoothing.py"),
        seeds=MEMBERSHIP["seeds"],
        attacks=SMOOTHING_ATTACKS,
        samples=SMOOTHING["samples"],
        bootstrap=config["bootstrap"],
    message:
        "Measure the attacks on smoothed gradients of {wildcards.dataset}"
    script:
        "../scripts/measure_smoothing.py"
