# Figures: .pdf and .png, and beside them .csv, the tidy numbers that were drawn.


rule fig1:
    input:
        expand(
            "results/metrics/{dataset}/gradient/{attack}.csv",
            dataset=MEMBERSHIP["datasets"],
            attack=MEMBERSHIP["attacks"],
        ),
    output:
        pdf="results/figures/fig1.pdf",
        png=report(
            "results/figures/fig1.png",
            caption="../report/fig1.rst",
            category="Feature-based explanations",
            labels={"result": "Figure 1: attack accuracy against overfitting"},
        ),
        csv="results/figures/fig1.csv",
    log:
        "results/logs/fig1.log",
    benchmark:
        "results/benchmarks/fig1.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("fig1.py"),
        datasets=MEMBERSHIP["datasets"],
    message:
        "Draw Figure 1: attack accuracy against overfitting"
    script:
        "../scripts/fig1.py"


rule fig2:
    input:
        expand(
            "results/metrics/{dataset}/gradient/{attack}.csv",
            dataset=MEMBERSHIP["datasets"],
            attack=["network", "norm-tree", "normalised-network"],
        ),
    output:
        pdf="results/figures/fig2.pdf",
        png=report(
            "results/figures/fig2.png",
            caption="../report/fig2.rst",
            category="Feature-based explanations",
            labels={"result": "Figure 2: the whole gradient against its 1-norm"},
        ),
        csv="results/figures/fig2.csv",
    log:
        "results/logs/fig2.log",
    benchmark:
        "results/benchmarks/fig2.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("fig2.py"),
        datasets=MEMBERSHIP["datasets"],
    message:
        "Draw Figure 2: the whole gradient against its 1-norm"
    script:
        "../scripts/fig2.py"


rule fig6:
    input:
        expand(
            "results/revelations/{dataset}/seed-{seed}/groups.csv",
            dataset=RECORDS["datasets"],
            seed=RECORDS["seeds"],
        ),
    output:
        pdf="results/figures/fig6.pdf",
        png=report(
            "results/figures/fig6.png",
            caption="../report/fig6.rst",
            category="Record-based explanations",
            labels={"result": "Figure 6: members revealed by their own explanation"},
        ),
        csv="results/figures/fig6.csv",
    log:
        "results/logs/fig6.log",
    benchmark:
        "results/benchmarks/fig6.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("fig6.py"),
    message:
        "Draw Figure 6: members revealed by their own explanation"
    script:
        "../scripts/fig6.py"


rule fig7:
    # One sampling of each data set: the first.
    input:
        revelations=expand(
            "results/revelations/{dataset}/seed-{seed}/revelations.safetensors",
            dataset=RECORDS["datasets"],
            seed=RECORDS["seeds"][:1],
        ),
        datasets=expand(
            "results/datasets/{dataset}.safetensors", dataset=RECORDS["datasets"]
        ),
    output:
        pdf="results/figures/fig7.pdf",
        png=report(
            "results/figures/fig7.png",
            caption="../report/fig7.rst",
            category="Record-based explanations",
            labels={"result": "Figure 7: influence of the most influential record"},
        ),
        csv="results/figures/fig7.csv",
    log:
        "results/logs/fig7.log",
    benchmark:
        "results/benchmarks/fig7.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("fig7.py"),
        datasets=RECORDS["datasets"],
        seed=RECORDS["seeds"][0],
    message:
        "Draw Figure 7: influence of the most influential record"
    script:
        "../scripts/fig7.py"


rule fig8:
    output:
        pdf="results/figures/fig8.pdf",
        png=report(
            "results/figures/fig8.png",
            caption="../report/fig8.rst",
            category="Record-based explanations",
            labels={"result": "Figure 8: how much can be revealed at all"},
        ),
        csv="results/figures/fig8.csv",
    log:
        "results/logs/fig8.log",
    benchmark:
        "results/benchmarks/fig8.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("fig8.py"),
    message:
        "Draw Figure 8: how many records can be revealed at all"
    script:
        "../scripts/fig8.py"


rule fig9:
    input:
        expand(
            "results/reconstruction/{dataset}/seed-{seed}/sampling.csv",
            dataset=RECORDS["datasets"],
            seed=RECORDS["seeds"],
        ),
    output:
        pdf="results/figures/fig9.pdf",
        png=report(
            "results/figures/fig9.png",
            caption="../report/fig9.rst",
            category="Record-based explanations",
            labels={"result": "Figure 9: members revealed to random queries"},
        ),
        csv="results/figures/fig9.csv",
    log:
        "results/logs/fig9.log",
    benchmark:
        "results/benchmarks/fig9.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("fig9.py"),
    message:
        "Draw Figure 9: members revealed to random queries"
    script:
        "../scripts/fig9.py"


rule fig10:
    input:
        expand(
            "results/revelations/{dataset}/seed-{seed}/reachable.csv",
            dataset=RECORDS["datasets"],
            seed=RECORDS["seeds"],
        ),
    output:
        pdf="results/figures/fig10.pdf",
        png=report(
            "results/figures/fig10.png",
            caption="../report/fig10.rst",
            category="Record-based explanations",
            labels={"result": "Figure 10: walks along the influence graph"},
        ),
        csv="results/figures/fig10.csv",
    log:
        "results/logs/fig10.log",
    benchmark:
        "results/benchmarks/fig10.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("fig10.py"),
    message:
        "Draw Figure 10: what walks along the influence graph reveal"
    script:
        "../scripts/fig10.py"


rule fig15:
    input:
        expand(
            "results/growth/{dataset}/seed-{seed}.csv",
            dataset=GROWTH,
            seed=RECORDS["seeds"],
        ),
    output:
        pdf="results/figures/fig15.pdf",
        png=report(
            "results/figures/fig15.png",
            caption="../report/fig15.rst",
            category="Record-based explanations",
            labels={
                "result": "Figure 15: self-revealing members against training-set size"
            },
        ),
        csv="results/figures/fig15.csv",
    log:
        "results/logs/fig15.log",
    benchmark:
        "results/benchmarks/fig15.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("fig15.py"),
    message:
        "Draw Figure 15: self-revealing members against the size of the training set"
    script:
        "../scripts/fig15.py"


rule fig5:
    input:
        expand("results/dimension/base/{block}.csv", block=BLOCKS),
    output:
        pdf="results/figures/fig5.pdf",
        png=report(
            "results/figures/fig5.png",
            caption="../report/fig5.rst",
            category="Feature-based explanations",
            labels={
                "result": "Figure 5: the gradient's 1-norm over the data's dimension"
            },
        ),
        csv="results/figures/fig5.csv",
    log:
        "results/logs/fig5.log",
    benchmark:
        "results/benchmarks/fig5.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("fig5.py"),
    message:
        "Draw Figure 5: the gradient's 1-norm and membership over the data's dimension"
    script:
        "../scripts/fig5.py"


rule fig14:
    input:
        expand(
            "results/dimension/{networks}/{block}.csv", networks=NETWORKS, block=BLOCKS
        ),
    output:
        pdf="results/figures/fig14.pdf",
        png=report(
            "results/figures/fig14.png",
            caption="../report/fig14.rst",
            category="Feature-based explanations",
            labels={"result": "Figure 14: the same for networks of other sizes"},
        ),
        csv="results/figures/fig14.csv",
    log:
        "results/logs/fig14.log",
    benchmark:
        "results/benchmarks/fig14.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("fig14.py"),
        networks=list(DIMENSION["networks"]),
    message:
        "Draw Figure 14: the same for networks of other sizes"
    script:
        "../scripts/fig14.py"


rule fig11:
    input:
        layers=f"results/layers/{MEMBERSHIP['datasets'][0]}.csv",
        dataset=f"results/datasets/{MEMBERSHIP['datasets'][0]}.safetensors",
    output:
        pdf="results/figures/fig11.pdf",
        png=report(
            "results/figures/fig11.png",
            caption="../report/fig11.rst",
            category="Feature-based explanations",
            labels={"result": "Figure 11: the attack network"},
        ),
        csv="results/figures/fig11.csv",
    log:
        "results/logs/fig11.log",
    benchmark:
        "results/benchmarks/fig11.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("fig11.py"),
    message:
        "Draw Figure 11: the attack network"
    script:
        "../scripts/fig11.py"


rule fig13:
    output:
        pdf="results/figures/fig13.pdf",
        png=report(
            "results/figures/fig13.png",
            caption="../report/fig13.rst",
            category="Feature-based explanations",
            labels={"result": "Figure 13: the generator of synthetic data"},
        ),
        csv="results/figures/fig13.csv",
    log:
        "results/logs/fig13.log",
    benchmark:
        "results/benchmarks/fig13.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("fig13.py"),
        n_classes=4,
        n_points=400,
        seed=1,
    message:
        "Draw Figure 13: the generator of synthetic data at three features"
    script:
        "../scripts/fig13.py"


rule fig3:
    input:
        expand(
            "results/signals/{dataset}/seed-{seed}.csv",
            dataset=MEMBERSHIP["datasets"],
            seed=MEMBERSHIP["seeds"],
        ),
    output:
        pdf="results/figures/fig3.pdf",
        png=report(
            "results/figures/fig3.png",
            caption="../report/fig3.rst",
            category="Feature-based explanations",
            labels={"result": "Figure 3: what goes with membership"},
        ),
        csv="results/figures/fig3.csv",
    log:
        "results/logs/fig3.log",
    benchmark:
        "results/benchmarks/fig3.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("fig3.py"),
        datasets=MEMBERSHIP["datasets"],
    message:
        "Draw Figure 3: what goes with membership"
    script:
        "../scripts/fig3.py"


rule fig4:
    input:
        norms=expand(
            "results/smoothing/{dataset}/seed-{seed}/norms.csv",
            dataset=SMOOTHING["dataset"],
            seed=MEMBERSHIP["seeds"],
        ),
        metrics=expand(
            "results/smoothing/{dataset}/metrics.csv", dataset=SMOOTHING["dataset"]
        ),
    output:
        pdf="results/figures/fig4.pdf",
        png=report(
            "results/figures/fig4.png",
            caption="../report/fig4.rst",
            category="Feature-based explanations",
            labels={"result": "Figure 4: the smoothed gradient against its samples"},
        ),
        csv="results/figures/fig4.csv",
    log:
        "results/logs/fig4.log",
    benchmark:
        "results/benchmarks/fig4.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("fig4.py"),
        seeds=MEMBERSHIP["seeds"],
        noise=explanation_settings("smoothgrad").get("noise", 1.0),
    message:
        "Draw Figure 4: the smoothed gradient against its number of samples"
    script:
        "../scripts/fig4.py"


rule fig12:
    input:
        [
            f"results/metrics/{dataset}/{explanation}/network.csv"
            for explanation in COMPARISON["explanations"]
            for dataset in compared(explanation)
        ],
    output:
        pdf="results/figures/fig12.pdf",
        png=report(
            "results/figures/fig12.png",
            caption="../report/fig12.rst",
            category="Feature-based explanations",
            labels={"result": "Figure 12: every explanation under attack"},
        ),
        csv="results/figures/fig12.csv",
    log:
        "results/logs/fig12.log",
    benchmark:
        "results/benchmarks/fig12.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("fig12.py"),
        datasets=MEMBERSHIP["datasets"],
        explanations=COMPARISON["explanations"],
        attacked=[compared(explanation) for explanation in COMPARISON["explanations"]],
    message:
        "Draw Figure 12: every explanation under attack"
    script:
        "../scripts/fig12.py"


rule defence:
    input:
        none=expand(
            "results/metrics/{dataset}/gradient/network.csv",
            dataset=DEFENCE["datasets"],
        ),
        smoothgrad=expand(
            "results/metrics/{dataset}/smoothgrad/network.csv",
            dataset=DEFENCE["datasets"],
        ),
        private=expand(
            "results/metrics/{dataset}/dp-{epsilon}/gradient/network.csv",
            dataset=DEFENCE["datasets"],
            epsilon=[*EPSILONS, "none"],
        ),
    output:
        pdf="results/figures/defence.pdf",
        png=report(
            "results/figures/defence.png",
            caption="../report/defence.rst",
            category="Feature-based explanations",
            labels={"result": "Defences: what they protect and cost"},
        ),
        csv="results/figures/defence.csv",
    log:
        "results/logs/defence.log",
    benchmark:
        "results/benchmarks/defence.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("defence.py"),
        epsilons=DEFENCE["epsilons"],
        delta=DEFENCE["delta"],
    message:
        "Draw what defences protect and cost"
    script:
        "../scripts/defence.py"


rule finding_tolerance:
    input:
        expand("results/tolerance/{dataset}.csv", dataset=RECORDS["datasets"]),
    output:
        pdf="results/figures/finding_tolerance.pdf",
        png=report(
            "results/figures/finding_tolerance.png",
            caption="../report/finding_tolerance.rst",
            category="Record-based explanations",
            labels={"result": "Finding: tolerance of the solver"},
        ),
        csv="results/figures/finding_tolerance.csv",
    log:
        "results/logs/finding_tolerance.log",
    benchmark:
        "results/benchmarks/finding_tolerance.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("finding_tolerance.py"),
    message:
        "Draw what a solver's tolerance does to leave-one-out influence"
    script:
        "../scripts/finding_tolerance.py"


rule finding_rank:
    input:
        recovered=expand(
            "results/reconstruction/{dataset}/seed-{seed}/subspace.csv",
            dataset=RECORDS["datasets"],
            seed=RECORDS["seeds"],
        ),
        datasets=expand(
            "results/datasets/{dataset}.safetensors", dataset=RECORDS["datasets"]
        ),
        splits=expand(
            "results/splits/records/{dataset}/seed-{seed}.safetensors",
            dataset=RECORDS["datasets"],
            seed=RECORDS["seeds"],
        ),
    output:
        pdf="results/figures/finding_rank.pdf",
        png=report(
            "results/figures/finding_rank.png",
            caption="../report/finding_rank.rst",
            category="Record-based explanations",
            labels={"result": "Finding: what bounds Algorithm 1"},
        ),
        csv="results/figures/finding_rank.csv",
    log:
        "results/logs/finding_rank.log",
    benchmark:
        "results/benchmarks/finding_rank.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(30),
    params:
        code=code_of("finding_rank.py"),
        seeds=RECORDS["seeds"],
    message:
        "Draw what bounds Algorithm 1"
    script:
        "../scripts/finding_rank.py"


rule finding_low_fpr:
    input:
        expand(
            "results/metrics/{dataset}/gradient/{attack}.csv",
            dataset=MEMBERSHIP["datasets"],
            attack=MEMBERSHIP["attacks"],
        ),
    output:
        pdf="results/figures/finding_low_fpr.pdf",
        png=report(
            "results/figures/finding_low_fpr.png",
            caption="../report/finding_low_fpr.rst",
            category="Feature-based explanations",
            labels={"result": "Finding: low false-positive rates"},
        ),
        csv="results/figures/finding_low_fpr.csv",
    log:
        "results/logs/finding_low_fpr.log",
    benchmark:
        "results/benchmarks/finding_low_fpr.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(10),
    params:
        code=code_of("finding_low_fpr.py"),
        datasets=MEMBERSHIP["datasets"],
    message:
        "Draw what attacks find at low false-positive rates"
    script:
        "../scripts/finding_low_fpr.py"
