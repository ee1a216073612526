# How close the run is to the paper: every number and claim, with a computed verdict.

# What each table of leakcore.evaluation.statement is read from.
COMPARED = {
    "datasets": ["results/tables/table1.csv"],
    "groups": of_samplings("revelations", "groups.csv"),
    "group_tests": expand(
        "results/revelations/{dataset}/group_tests.csv", dataset=RECORDS["datasets"]
    ),
    "influence": of_samplings("revelations", "revelations.safetensors"),
    "graph": of_samplings("revelations", "graph.csv"),
    "reachable": of_samplings("revelations", "reachable.csv"),
    "subspace": of_samplings("reconstruction", "subspace.csv"),
    "sampling": of_samplings("reconstruction", "sampling.csv"),
    "traversal": of_samplings("reconstruction", "traversal.csv"),
    "growth": expand(
        "results/growth/{dataset}/seed-{seed}.csv",
        dataset=GROWTH,
        seed=RECORDS["seeds"],
    ),
    "curves": expand(
        "results/targets/{dataset}/seed-{seed}/curve.csv",
        dataset=MEMBERSHIP["datasets"],
        seed=MEMBERSHIP["seeds"],
    ),
    "attacks": expand(
        "results/metrics/{dataset}/gradient/{attack}.csv",
        dataset=MEMBERSHIP["datasets"],
        attack=["network", "loss-threshold", "norm-tree"],
    ),
    "signals": expand(
        "results/signals/{dataset}/seed-{seed}.csv",
        dataset=MEMBERSHIP["datasets"],
        seed=MEMBERSHIP["seeds"],
    ),
    "explanations": ["results/figures/fig12.csv"],
    "smoothing": [f"results/smoothing/{SMOOTHING['dataset']}/metrics.csv"],
    "dimension": ["results/figures/fig5.csv"],
    "observations": ["results/tables/observations.csv"],
}
COMPARED = {
    name: paths
    for name, paths in COMPARED.items()
    if name not in config["reproduction"]["without"]
}


rule reproduction:
    input:
        **COMPARED,
        coded=[
            f"results/datasets/{dataset}.safetensors"
            for dataset in sorted({*RECORDS["datasets"], *MEMBERSHIP["datasets"]})
        ],
    output:
        csv="results/reproduction.csv",
        md="results/reproduction.md",
        tex="results/reproduction.tex",
        html=report(
            "results/reproduction.html",
            caption="../report/reproduction.rst",
            category="Comparison with the paper",
            labels={"result": "Every number and claim"},
        ),
    log:
        "results/logs/reproduction.log",
    benchmark:
        "results/benchmarks/reproduction.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(20),
    params:
        code=code_of("reproduction.py"),
        tables=sorted(COMPARED),
        substitutes=plain(config["reproduction"]["substitutes"]),
        records=scales("records"),
        membership=scales("membership"),
    message:
        "Compare with the paper"
    script:
        "../scripts/reproduction.py"
