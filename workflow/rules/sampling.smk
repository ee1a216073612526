# Members and non-members.

# The record-based experiments draw one seed a job. Where membership does so too, one rule does both.
if config["seeds_per_job"] == 1:
    DRAWS = [("{experiment}", packing.ONE)]
else:
    DRAWS = [*(("membership", pack) for pack in PACKS), ("records", packing.ONE)]

for place, (experiment, pack) in enumerate(DRAWS):

    rule:
        name:
            packing.numbered("draw_split", place)
        input:
            "results/datasets/{dataset}.safetensors",
        output:
            expand(
                "results/splits/{experiment}/{{dataset}}/seed-{seed}.safetensors",
                experiment=experiment,
                seed=pack.seeds,
            ),
        log:
            f"results/logs/draw_split/{experiment}/{{dataset}}/{pack.label}.log",
        benchmark:
            f"results/benchmarks/draw_split/{experiment}/{{dataset}}/{pack.label}.tsv"
        priority: FIRST
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=doubling(1000),
            runtime=doubling(5 * len(pack.seeds)),
        params:
            code=code_of("draw_split.py"),
            seeds=numbers(pack),
            sizes=sizes_of(experiment),
            balanced=lambda w: config["datasets"][w.dataset].get("balanced", False),
        message:
            f"Draw members and non-members of {{wildcards.dataset}}, {pack.words}"
        script:
            "../scripts/draw_split.py"
