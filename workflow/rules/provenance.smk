# What the results rest on: software, and what the jobs took.


rule software:
    output:
        csv="results/tables/software.csv",
        md="results/tables/software.md",
        tex="results/tables/software.tex",
        html=report(
            "results/tables/software.html",
            caption="../report/software.rst",
            category="Data and software",
            labels={"result": "Software: versions"},
        ),
    log:
        "results/logs/software.log",
    benchmark:
        "results/benchmarks/software.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("software.py"),
        pins=[line for line in LOCK.read_text().splitlines() if "==" in line],
    message:
        "Write the versions that the results rest on"
    script:
        "../scripts/software.py"


rule summarise_resources:
    # On demand only, and no part of `all`: what a machine took is never the same twice.
    input:
        expand("results/figures/{figure}.csv", figure=FIGURES),
        expand("results/tables/{table}.csv", table=TABLES),
    output:
        csv="results/tables/resources.csv",
        md="results/tables/resources.md",
        tex="results/tables/resources.tex",
    log:
        "results/logs/summarise_resources.log",
    benchmark:
        "results/benchmarks/summarise_resources.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("summarise_resources.py"),
        folder="results/benchmarks",
        requested=lambda w: requested(),
    message:
        "Write what the jobs of each rule took"
    script:
        "../scripts/summarise_resources.py"
