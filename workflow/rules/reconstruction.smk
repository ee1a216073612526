# Attacks that recover training records from record-based explanations.


rule reconstruct_by_sampling:
    input:
        dataset="results/datasets/{dataset}.safetensors",
        split="results/splits/records/{dataset}/seed-{seed}.safetensors",
        models="results/leave_one_out/{dataset}/seed-{seed}.safetensors",
    output:
        "results/reconstruction/{dataset}/seed-{seed}/sampling.csv",
    log:
        "results/logs/reconstruct_by_sampling/{dataset}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/reconstruct_by_sampling/{dataset}/seed-{seed}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(30),
    params:
        code=code_of("reconstruct_by_sampling.py"),
        ks=RECORDS["ks"],
        queries=RECORDS["queries"],
    message:
        "Reconstruct {wildcards.dataset}, sampling {wildcards.seed}, by queries drawn at random"
    script:
        "../scripts/reconstruct_by_sampling.py"


rule reconstruct_by_subspace:
    input:
        dataset="results/datasets/{dataset}.safetensors",
        split="results/splits/records/{dataset}/seed-{seed}.safetensors",
        models="results/leave_one_out/{dataset}/seed-{seed}.safetensors",
    output:
        "results/reconstruction/{dataset}/seed-{seed}/subspace.csv",
    log:
        "results/logs/reconstruct_by_subspace/{dataset}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/reconstruct_by_subspace/{dataset}/seed-{seed}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(60),
    params:
        code=code_of("reconstruct_by_subspace.py"),
    message:
        "Reconstruct {wildcards.dataset}, sampling {wildcards.seed}, by Algorithm 1"
    script:
        "../scripts/reconstruct_by_subspace.py"


rule reconstruct_by_traversal:
    input:
        dataset="results/datasets/{dataset}.safetensors",
        split="results/splits/records/{dataset}/seed-{seed}.safetensors",
        models="results/leave_one_out/{dataset}/seed-{seed}.safetensors",
    output:
        "results/reconstruction/{dataset}/seed-{seed}/traversal.csv",
    log:
        "results/logs/reconstruct_by_traversal/{dataset}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/reconstruct_by_traversal/{dataset}/seed-{seed}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(30),
    params:
        code=code_of("reconstruct_by_traversal.py"),
        graph_k=RECORDS["graph_k"],
        starts=RECORDS["starts"],
    message:
        "Reconstruct {wildcards.dataset}, sampling {wildcards.seed}, along its influence graph"
    script:
        "../scripts/reconstruct_by_traversal.py"
