# Tables: .csv, and beside it .md and .tex.


rule table1:
    input:
        # Adult shows no overfitting and is left out of Figure 1, but not of Table 1.
        expand(
            "results/datasets/{dataset}.safetensors",
            dataset=dict.fromkeys([*MEMBERSHIP["datasets"], *RECORDS["datasets"]]),
        ),
    output:
        csv="results/tables/table1.csv",
        md="results/tables/table1.md",
        tex="results/tables/table1.tex",
    log:
        "results/logs/table1.log",
    conda:
        ENVIRONMENT
    threads: 1
    params:
        code=code_of("table1.py"),
    message:
        "Write Table 1: the data sets"
    script:
        "../scripts/table1.py"


rule table2:
    input:
        groups=lambda w: expand(
            "results/revelations/{dataset}/seed-{seed}/groups.csv",
            dataset=RECORDS["table2"][w.part],
            seed=RECORDS["seeds"],
        ),
        tests=lambda w: f"results/revelations/{RECORDS['table2'][w.part]}/group_tests.csv",
    output:
        csv="results/tables/table2{part}.csv",
        md="results/tables/table2{part}.md",
        tex="results/tables/table2{part}.tex",
    log:
        "results/logs/table2{part}.log",
    conda:
        ENVIRONMENT
    threads: 1
    params:
        code=code_of("table2.py"),
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
    conda:
        ENVIRONMENT
    threads: 1
    params:
        code=code_of("table3.py"),
    message:
        "Write Table 3: records recovered by Algorithm 1"
    script:
        "../scripts/table3.py"


rule table4:
    input:
        expand(
            "results/revelations/{dataset}/seed-{seed}/graph.csv",
            dataset=RECORDS["datasets"],
            seed=RECORDS["seeds"],
        ),
    output:
        csv="results/tables/table4.csv",
        md="results/tables/table4.md",
        tex="results/tables/table4.tex",
    log:
        "results/logs/table4.log",
    conda:
        ENVIRONMENT
    threads: 1
    params:
        code=code_of("table4.py"),
    message:
        "Write Table 4: the influence graphs"
    script:
        "../scripts/table4.py"


rule traversal:
    input:
        expand(
            "results/reconstruction/{dataset}/seed-{seed}/traversal.csv",
            dataset=RECORDS["datasets"],
            seed=RECORDS["seeds"],
        ),
    output:
        csv="results/tables/traversal.csv",
        md="results/tables/traversal.md",
        tex="results/tables/traversal.tex",
    log:
        "results/logs/traversal.log",
    conda:
        ENVIRONMENT
    threads: 1
    params:
        code=code_of("traversal.py"),
    message:
        "Write what walks along the influence graphs reveal and cost"
    script:
        "../scripts/traversal.py"


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
    conda:
        ENVIRONMENT
    threads: 1
    params:
        code=code_of("approximations.py"),
    message:
        "Write how well approximate influence agrees with the exact one"
    script:
        "../scripts/approximations.py"


rule observations:
    input:
        metrics=expand(
            "results/metrics/{dataset}/gradient/{attack}.csv",
            dataset=MEMBERSHIP["datasets"],
            attack=["network", "loss-threshold", "norm-tree", "normalised-network"],
        ),
        signals=expand(
            "results/signals/{dataset}/seed-{seed}.csv",
            dataset=MEMBERSHIP["datasets"],
            seed=MEMBERSHIP["seeds"],
        ),
    output:
        csv="results/tables/observations.csv",
        md="results/tables/observations.md",
        tex="results/tables/observations.tex",
    log:
        "results/logs/observations.log",
    conda:
        ENVIRONMENT
    threads: 1
    params:
        code=code_of("observations.py"),
    message:
        "Write Observations 4.1 to 4.3 and Hypothesis 4.4 as numbers"
    script:
        "../scripts/observations.py"


rule minorities:
    input:
        expand(
            "results/revelations/{dataset}/group_tests.csv",
            dataset=dict.fromkeys(RECORDS["table2"][part] for part in "abc"),
        ),
    output:
        csv="results/tables/minorities.csv",
        md="results/tables/minorities.md",
        tex="results/tables/minorities.tex",
    log:
        "results/logs/minorities.log",
    conda:
        ENVIRONMENT
    threads: 1
    params:
        code=code_of("minorities.py"),
    message:
        "Write which of the paper's findings about groups stand"
    script:
        "../scripts/minorities.py"
