# Membership inference. One job runs one attack, with all its kinds of access, on every level.


for pack in PACKS:

    rule:
        name:
            pack.name("attack")
        input:
            expand(
                "results/observations/{{dataset}}/seed-{seed}/{{explanation}}/level-{level}.safetensors",
                seed=pack.seeds,
                level=LEVELS,
            ),
        output:
            expand(
                "results/scores/{{dataset}}/seed-{seed}/{{explanation}}/{{attack}}.safetensors",
                seed=pack.seeds,
            ),
        log:
            f"results/logs/attack/{{dataset}}/{pack.label}/{{explanation}}/{{attack}}.log",
        benchmark:
            f"results/benchmarks/attack/{{dataset}}/{pack.label}/{{explanation}}/{{attack}}.tsv"
        wildcard_constraints:
            explanation="gradient",
        priority: longest_first
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=doubling(3000),
            runtime=doubling(240 * len(pack.seeds)),
            gpu=GPUS,
        params:
            code=lambda w: code_of("attack.py", ATTACKS[w.attack]),
            module=lambda w: ATTACKS[w.attack],
            settings=lambda w: attack_settings(w.attack),
            seeds=numbers(pack),
            train_fraction=MEMBERSHIP["attack_train_fraction"],
        message:
            f"Attack {{wildcards.dataset}}, {pack.words}: {{wildcards.attack}} on {{wildcards.explanation}}"
        script:
            "../scripts/attack.py"

    rule:
        name:
            pack.name("attack_explanation")
        # Any explanation but the gradient: observed and attacked in one job, and never kept.
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
            expand(
                "results/scores/{{dataset}}/seed-{seed}/{{explanation}}/{{attack}}.safetensors",
                seed=pack.seeds,
            ),
        log:
            f"results/logs/attack_explanation/{{dataset}}/{pack.label}/{{explanation}}/{{attack}}.log",
        benchmark:
            f"results/benchmarks/attack_explanation/{{dataset}}/{pack.label}/{{explanation}}/{{attack}}.tsv"
        wildcard_constraints:
            explanation="|".join(name for name in EXPLANATIONS if name != "gradient"),
        priority: longest_first
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=doubling(3000),
            runtime=doubling(480 * len(pack.seeds)),
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
            seeds=numbers(pack),
            train_fraction=MEMBERSHIP["attack_train_fraction"],
            device=config["device"],
        message:
            f"Attack {{wildcards.dataset}}, {pack.words}: {{wildcards.attack}} on {{wildcards.explanation}}"
        script:
            "../scripts/attack_explanation.py"


rule list_layers:
    # The attack network that sees everything, built for the shape of one data set (Figure 11).
    input:
        "results/datasets/{dataset}.safetensors",
    output:
        "results/layers/{dataset}.csv",
    log:
        "results/logs/list_layers/{dataset}.log",
    benchmark:
        "results/benchmarks/list_layers/{dataset}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(10),
    params:
        code=code_of("list_layers.py"),
    message:
        "List the layers of the attack network for {wildcards.dataset}"
    script:
        "../scripts/list_layers.py"
