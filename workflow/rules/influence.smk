# Record-based explanations: every model without one of its points, and what they reveal.


rule leave_one_out:
    input:
        dataset="results/datasets/{dataset}.safetensors",
        split="results/splits/records/{dataset}/seed-{seed}.safetensors",
    output:
        "results/leave_one_out/{dataset}/seed-{seed}.safetensors",
    log:
        "results/logs/leave_one_out/{dataset}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/leave_one_out/{dataset}/seed-{seed}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(30),
    params:
        code=code_of("leave_one_out.py"),
    message:
        "Refit {wildcards.dataset}, sampling {wildcards.seed}, without each of its points"
    script:
        "../scripts/leave_one_out.py"


rule reveal:
    # Explains every member and non-member by training records; builds the influence graph.
    input:
        dataset="results/datasets/{dataset}.safetensors",
        split="results/splits/records/{dataset}/seed-{seed}.safetensors",
        models="results/leave_one_out/{dataset}/seed-{seed}.safetensors",
    output:
        revelations="results/revelations/{dataset}/seed-{seed}/revelations.safetensors",
        groups="results/revelations/{dataset}/seed-{seed}/groups.csv",
        graph="results/revelations/{dataset}/seed-{seed}/graph.csv",
        reachable="results/revelations/{dataset}/seed-{seed}/reachable.csv",
    log:
        "results/logs/reveal/{dataset}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/reveal/{dataset}/seed-{seed}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(30),
    params:
        code=code_of("reveal.py"),
        ks=RECORDS["ks"],
        graph_k=RECORDS["graph_k"],
    message:
        "Explain {wildcards.dataset}, sampling {wildcards.seed}, by its training records"
    script:
        "../scripts/reveal.py"


rule approximate:
    # Influence functions and the one-step refit against the exact one.
    input:
        dataset="results/datasets/{dataset}.safetensors",
        split="results/splits/records/{dataset}/seed-{seed}.safetensors",
        models="results/leave_one_out/{dataset}/seed-{seed}.safetensors",
    output:
        "results/revelations/{dataset}/seed-{seed}/approximations.csv",
    log:
        "results/logs/approximate/{dataset}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/approximate/{dataset}/seed-{seed}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(30),
    params:
        code=code_of("approximate.py"),
    message:
        "Compare approximate influence on {wildcards.dataset}, sampling {wildcards.seed}"
    script:
        "../scripts/approximate.py"


rule grow:
    # Self-revealing points against the size of the training set (Figure 15).
    input:
        "results/datasets/{dataset}.safetensors",
    output:
        "results/growth/{dataset}/seed-{seed}.csv",
    log:
        "results/logs/grow/{dataset}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/grow/{dataset}/seed-{seed}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(60),
    params:
        code=code_of("grow.py"),
        sizes=lambda w: GROWTH[w.dataset],
        ks=RECORDS["ks"],
        balanced=lambda w: config["datasets"][w.dataset].get("balanced", False),
    message:
        "Grow the training set of {wildcards.dataset}, sampling {wildcards.seed}"
    script:
        "../scripts/grow.py"


rule test_groups:
    # Over all samplings: is a group revealed more or less often than the rest (Table 2)?
    input:
        dataset="results/datasets/{dataset}.safetensors",
        splits=expand(
            "results/splits/records/{{dataset}}/seed-{seed}.safetensors",
            seed=RECORDS["seeds"],
        ),
        revelations=expand(
            "results/revelations/{{dataset}}/seed-{seed}/revelations.safetensors",
            seed=RECORDS["seeds"],
        ),
    output:
        "results/revelations/{dataset}/group_tests.csv",
    log:
        "results/logs/test_groups/{dataset}.log",
    benchmark:
        "results/benchmarks/test_groups/{dataset}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(30),
    params:
        code=code_of("test_groups.py"),
        ks=RECORDS["ks"],
    message:
        "Test the groups of {wildcards.dataset}"
    script:
        "../scripts/test_groups.py"


rule measure_tolerance:
    # One sampling, the first: scikit-learn's refits against the exact ones.
    input:
        dataset="results/datasets/{dataset}.safetensors",
        split=f"results/splits/records/{{dataset}}/seed-{RECORDS['seeds'][0]}.safetensors",
        models=f"results/leave_one_out/{{dataset}}/seed-{RECORDS['seeds'][0]}.safetensors",
    output:
        "results/tolerance/{dataset}.csv",
    log:
        "results/logs/measure_tolerance/{dataset}.log",
    benchmark:
        "results/benchmarks/measure_tolerance/{dataset}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(60),
    params:
        code=code_of("measure_tolerance.py"),
        tolerances=RECORDS["tolerance"]["values"],
        points=RECORDS["tolerance"]["points"],
        max_iter=RECORDS["tolerance"]["max_iter"],
        seed=RECORDS["seeds"][0],
    message:
        "Refit {wildcards.dataset} by scikit-learn at several tolerances"
    script:
        "../scripts/measure_tolerance.py"
