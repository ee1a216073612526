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
        html=report(
            "results/tables/table1.html",
            caption="../report/table1.rst",
            category="Data and software",
            labels={"result": "Table 1: the data sets"},
        ),
    log:
        "results/logs/table1.log",
    benchmark:
        "results/benchmarks/table1.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
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
        html=report(
            "results/tables/table2{part}.html",
            caption="../report/table2.rst",
            category="Record-based explanations",
            labels={"result": "Table 2{part}: self-revealing members by group"},
        ),
    log:
        "results/logs/table2{part}.log",
    benchmark:
        "results/benchmarks/table2/{part}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
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
        html=report(
            "results/tables/table3.html",
            caption="../report/table3.rst",
            category="Record-based explanations",
            labels={"result": "Table 3: records recovered by Algorithm 1"},
        ),
    log:
        "results/logs/table3.log",
    benchmark:
        "results/benchmarks/table3.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
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
        html=report(
            "results/tables/table4.html",
            caption="../report/table4.rst",
            category="Record-based explanations",
            labels={"result": "Table 4: the influence graphs"},
        ),
    log:
        "results/logs/table4.log",
    benchmark:
        "results/benchmarks/table4.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
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
        html=report(
            "results/tables/traversal.html",
            caption="../report/traversal.rst",
            category="Record-based explanations",
            labels={"result": "Section 5.3.3: queries that walks need"},
        ),
    log:
        "results/logs/traversal.log",
    benchmark:
        "results/benchmarks/traversal.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
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
        html=report(
            "results/tables/approximations.html",
            caption="../report/approximations.rst",
            category="Record-based explanations",
            labels={
                "result": "Approximations: influence functions against exact refits"
            },
        ),
    log:
        "results/logs/approximations.log",
    benchmark:
        "results/benchmarks/approximations.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
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
        html=report(
            "results/tables/observations.html",
            caption="../report/observations.rst",
            category="Feature-based explanations",
            labels={"result": "Observations 4.1 to 4.3, Hypothesis 4.4"},
        ),
    log:
        "results/logs/observations.log",
    benchmark:
        "results/benchmarks/observations.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
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
        html=report(
            "results/tables/minorities.html",
            caption="../report/minorities.rst",
            category="Record-based explanations",
            labels={"result": "Section 5.1: which groups differ"},
        ),
    log:
        "results/logs/minorities.log",
    benchmark:
        "results/benchmarks/minorities.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("minorities.py"),
    message:
        "Write which of the paper's findings about groups stand"
    script:
        "../scripts/minorities.py"
