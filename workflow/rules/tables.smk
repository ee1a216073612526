# Tables: .csv, and beside it .md and .tex.


rule table1:
    input:
        expand("results/datasets/{dataset}.safetensors", dataset=MEMBERSHIP["datasets"]),
    output:
        csv="results/tables/table1.csv",
        md="results/tables/table1.md",
        tex="results/tables/table1.tex",
    log:
        "results/logs/table1.log",
    params:
        code=code_of("table1.py"),
    conda:
        ENVIRONMENT
    threads: 1
    message:
        "Write Table 1: the data sets"
    script:
        "../scripts/table1.py"

rule table2:
    input:
        lambda w: expand(
            "results/revelations/{dataset}/seed-{seed}/groups.csv",
            dataset=RECORDS["table2"][w.part],
            seed=RECORDS["seeds"],
        ),
    output:
        csv="results/tables/table2{part}.csv",
        md="results/tables/table2{part}.md",
        tex="results/tables/table2{part}.tex",
    log:
        "results/logs/table2{part}.log",
    params:
        code=code_of("table2.py"),
    conda:
        ENVIRONMENT
    threads: 1
    message:
        "Write Table 2{wildcards.part}: self-revealing members by group"
    script:
        "../scripts/table2.py"


rule table3:
    input:
        expand(
            "results/reconstruction/{dataset}/seed-{seed}/subspace.csv",
            dataset=RECORDS["datasets"],
            seed=RECORDS["seeds"],
        ),
    output:
        csv="results/tables/table3.csv",
        md="results/tables/table3.md",
        tex="results/tables/table3.tex",
    log:
        "results/logs/table3.log",
    params:
        code=code_of("table3.py"),
    conda:
        ENVIRONMENT
    threads: 1
    message:
        "Write Table 3: records recovered by Algorithm 1"
    script:
        "../scripts/table3.py"


rule table4:
    input:
        graph=expand(
            "results/revelations/{dataset}/seed-{seed}/graph.csv",
            dataset=RECORDS["datasets"],
            seed=RECORDS["seeds"],
        ),
        traversal=expand(
            "results/reconstruction/{dataset}/seed-{seed}/traversal.csv",
            dataset=RECORDS["datasets"],
            seed=RECORDS["seeds"],
        ),
    output:
        csv="results/tables/table4.csv",
        md="results/tables/table4.md",
        tex="results/tables/table4.tex",
        traversal="results/tables/traversal.csv",
        traversal_md="results/tables/traversal.md",
        traversal_tex="results/tables/traversal.tex",
    log:
        "results/logs/table4.log",
    params:
        code=code_of("table4.py"),
    conda:
        ENVIRONMENT
    threads: 1
    message:
        "Write Table 4: the influence graphs, and the queries that walks along them need"
    script:
        "../scripts/table4.py"


rule approximations:
    input:
        expand(
            "results/revelations/{dataset}/seed-{seed}/approximations.csv",
            dataset=RECORDS["datasets"],
            seed=RECORDS["seeds"],
        ),
    output:
        csv="results/tables/approximations.csv",
        md="results/tables/approximations.md",
        tex="results/tables/approximations.tex",
    log:
        "results/logs/approximations.log",
    params:
        code=code_of("approximations.py"),
    conda:
        ENVIRONMENT
    threads: 1
    message:
        "Write how well approximate influence agrees with the exact one"
    script:
        "../scripts/approximations.py"
