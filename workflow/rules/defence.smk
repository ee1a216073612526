# Targets trained with differential privacy, and the attack on their gradients.


rule train_private:
    # At epsilon "none": the same training without clipping and noise, to compare with.
    input:
        dataset="results/datasets/{dataset}.safetensors",
        split="results/splits/membership/{dataset}/seed-{seed}.safetensors",
    output:
        target="results/targets/{dataset}/dp-{epsilon}/seed-{seed}/final.safetensors",
        curve="results/targets/{dataset}/dp-{epsilon}/seed-{seed}/curve.csv",
    log:
        "results/logs/train_private/{dataset}/dp-{epsilon}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/train_private/{dataset}/dp-{epsilon}/seed-{seed}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(480),
        gpu=GPUS,
    params:
        code=code_of("train_private.py"),
        settings=lambda w: plain(configuration.private_training(config, w.dataset)),
        epsilon=lambda w: None if w.epsilon == "none" else float(w.epsilon),
        delta=DEFENCE["delta"],
        clipping_norm=DEFENCE["clipping_norm"],
        device=config["device"],
    message:
        "Train {wildcards.dataset}, seed {wildcards.seed}, privately at epsilon {wildcards.epsilon}"
    script:
        "../scripts/train_private.py"


rule attack_private:
    # Observed and attacked in one job, as other explanations are.
    input:
        dataset="results/datasets/{dataset}.safetensors",
        splits=["results/splits/membership/{dataset}/seed-{seed}.safetensors"],
        targets=["results/targets/{dataset}/dp-{epsilon}/seed-{seed}/final.safetensors"],
    output:
        "results/scores/{dataset}/dp-{epsilon}/seed-{seed}/{explanation}/{attack}.safetensors",
    log:
        "results/logs/attack_private/{dataset}/dp-{epsilon}/seed-{seed}/{explanation}/{attack}.log",
    benchmark:
        "results/benchmarks/attack_private/{dataset}/dp-{epsilon}/seed-{seed}/{explanation}/{attack}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(240),
        gpu=GPUS,
    params:
        code=lambda w: code_of(
            "attack_explanation.py", EXPLANATIONS[w.explanation], ATTACKS[w.attack]
        ),
        explanation=lambda w: EXPLANATIONS[w.explanation],
        explanation_settings=lambda w: explanation_settings(w.explanation),
        attack=lambda w: ATTACKS[w.attack],
        attack_settings=lambda w: attack_settings(w.attack),
        accesses=lambda w: accesses(w.attack),
        seeds=lambda w: [int(w.seed)],
        train_fraction=MEMBERSHIP["attack_train_fraction"],
        device=config["device"],
    message:
        "Attack {wildcards.dataset}, seed {wildcards.seed}, epsilon {wildcards.epsilon}: {wildcards.attack} on {wildcards.explanation}"
    script:
        "../scripts/attack_explanation.py"


rule measure_private:
    input:
        dataset="results/datasets/{dataset}.safetensors",
        scores=expand(
            "results/scores/{{dataset}}/dp-{{epsilon}}/seed-{seed}/{{explanation}}/{{attack}}.safetensors",
            seed=MEMBERSHIP["seeds"],
        ),
    output:
        "results/metrics/{dataset}/dp-{epsilon}/{explanation}/{attack}.csv",
    log:
        "results/logs/measure_private/{dataset}/dp-{epsilon}/{explanation}/{attack}.log",
    benchmark:
        "results/benchmarks/measure_private/{dataset}/dp-{epsilon}/{explanation}/{attack}.tsv"
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
        "Measure {wildcards.attack} on {wildcards.explanation} for {wildcards.dataset}, epsilon {wildcards.epsilon}"
    script:
        "../scripts/measure_attack.py"
