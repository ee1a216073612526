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
