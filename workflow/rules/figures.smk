# Figures: .pdf and .png, and beside them .csv, the tidy numbers that were drawn.


rule fig1:
    input:
        expand(
            "results/metrics/{dataset}/gradient/{attack}.csv",
            dataset=MEMBERSHIP["datasets"],
            attack=attacks_for_figure1(),
        ),
    output:
        pdf="results/figures/fig1.pdf",
        png="results/figures/fig1.png",
        csv="results/figures/fig1.csv",
    log:
        "results/logs/fig1.log",
    params:
        code=code_of("fig1.py"),
        datasets=MEMBERSHIP["datasets"],
    conda:
        ENVIRONMENT
    threads: 1
    message:
        "Draw Figure 1: attack accuracy against overfitting"
    script:
        "../scripts/fig1.py"
