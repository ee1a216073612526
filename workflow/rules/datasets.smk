# Raw files, and the data sets coded from them.


rule fetch_raw:
    # Finds the raw files of one data set (mirror, download, package or generator) and checks them.
    output:
        "results/raw/{dataset}.json",
    log:
        "results/logs/fetch_raw/{dataset}.log",
    benchmark:
        "results/benchmarks/fetch_raw/{dataset}.tsv"
    cache: SHARED
    priority: FIRST
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(120),
    params:
        code=lambda w: code_of("fetch_raw.py", DATASETS[w.dataset]),
        dataset="{dataset}",
        module=lambda w: DATASETS[w.dataset],
        sources=lambda w: config["datasets"][w.dataset]["sources"],
        sha256=lambda w: plain(config["datasets"][w.dataset].get("sha256", {})),
        in_mirror=lambda w: rawfiles.contents(config, w.dataset),
        directory=config["data_directory"],
    message:
        "Fetch the raw files of {wildcards.dataset}"
    script:
        "../scripts/fetch_raw.py"


rule code_dataset:
    # Turns raw files into features, labels and groups, and checks their shape.
    input:
        "results/raw/{dataset}.json",
    output:
        "results/datasets/{dataset}.safetensors",
    log:
        "results/logs/code_dataset/{dataset}.log",
    benchmark:
        "results/benchmarks/code_dataset/{dataset}.tsv"
    cache: SHARED
    priority: FIRST
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(4000),
        runtime=doubling(60),
    params:
        code=lambda w: code_of("code_dataset.py", DATASETS[w.dataset]),
        dataset="{dataset}",
        module=lambda w: DATASETS[w.dataset],
        n_points=lambda w: config["datasets"][w.dataset].get("n_points"),
        standin=lambda w: plain(config["datasets"][w.dataset].get("standin", {})),
    message:
        "Code {wildcards.dataset}"
    script:
        "../scripts/code_dataset.py"
