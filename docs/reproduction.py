"""Fill docs/reproduction.md from a finished run: `python docs/reproduction.py CHECKOUT`.

CHECKOUT is the clone in which the command that the page names ran to its end. What stands between
`<!-- NAME -->` and `<!-- end -->` is made again, and the pictures of the run are copied; all other
words of the page are written by hand.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from leakcore.evaluation import minorities, reproduction, resources, verdicts

DOCS = Path(__file__).parent
PAGE = DOCS / "reproduction.md"
# What each rule of the run does, in the order of the page; all other rules are one row.
STAGES = {
    "code_dataset": "coding data sets (pictures through the network, mostly)",
    "leave_one_out": "leave-one-out refits",
    "reveal": "revelations and influence graphs",
    "test_groups": "permutation tests of groups",
    "reconstruct_by_subspace": "Algorithm 1, both variants (mostly for the 1,280 features of fish)",
    "reconstruct_by_sampling": "random queries",
    "reconstruct_by_traversal": "walks",
    "grow": "Figure 15, sizes to 10,000",
    "measure_tolerance": "refits at five tolerances",
    "train_target": "training the networks of cifar100 and hospital",
    "explain": "explaining by the gradient",
    "attack": "attacks on the gradient (cifar100: 3,072 inputs, six levels)",
    "attack_explanation": "the other explanations of hospital, with their attacks",
    "smooth": "Figure 4, SmoothGrad of cifar100 and its attacks",
    "sweep_dimension": "Figure 5, three seeds",
}
# Pictures of the page that the run makes, by their names there.
PICTURES = {
    "fig1": "fig1_paper",
    "fig2": "fig2_paper",
    "fig4": "fig4_paper",
    "fig5": "fig5",
    "finding_low_fpr": "finding_low_fpr",
    "finding_rank": "finding_rank",
    "finding_tolerance": "finding_tolerance",
}


def commit(run: Path) -> str:
    """Return the commit that a clone is at; a changed one is refused."""
    git = ["git", "-C", str(run)]
    changed = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True)
    if changed.stdout.strip():
        sys.exit(f"{run} is not as committed:\n{changed.stdout}commit, and run there again")
    named = subprocess.run(
        [*git, "log", "-1", "--format=%h"], capture_output=True, text=True, check=True
    )
    return named.stdout.strip()


def table(rows: Iterable[Iterable[object]], head: Iterable[str]) -> str:
    """Return a Markdown table whose columns are not padded."""
    head = list(head)
    cells = [head, ["---"] * len(head), *([str(cell) for cell in row] for row in rows)]
    lines = ("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells)
    return "\n".join(re.sub(" {2,}", " ", line) for line in lines)


def stages(folder: Path) -> str:
    """Return jobs and seconds of each stage, and of the whole run."""
    rules = {path.name.removesuffix(".tsv") for path in folder.iterdir()}
    took = resources.summarise(folder, dict.fromkeys(sorted(rules), (0, 0)))
    took["s"] = took["jobs"] * took["mean_s"]
    named = took.set_index("rule").reindex(list(STAGES)).dropna(subset="jobs")
    others = took[~took["rule"].isin(STAGES)]
    rows = [(STAGES[str(rule)], row["jobs"], row["s"]) for rule, row in named.iterrows()]
    rows.append(("all else", others["jobs"].sum(), others["s"].sum()))
    rows.append(("**together**", took["jobs"].sum(), took["s"].sum()))
    shown = ((words, f"{jobs:,.0f}", f"{seconds:,.0f}") for words, jobs, seconds in rows)
    return table(shown, ("stage", "jobs", "seconds"))


def blocks(results: Path, at: str) -> dict[str, str]:
    """Return what the page takes from a run at a commit, by the names of the page's marks."""
    compared = pd.read_csv(results / "reproduction.csv")
    statements = reproduction.readable(compared)
    tested = pd.read_csv(results / "tables" / "minorities.csv").fillna({"finding": ""})
    groups = minorities.shown(tested)
    return {
        "counts": f"**{reproduction.summary(compared)}**, in one run at commit {at}.",
        "stages": stages(results / "benchmarks"),
        "rules": "\n".join(f"- **{kind}**: {rule}" for kind, rule in verdicts.RULES.items()),
        "groups": table(groups.itertuples(index=False), groups.columns),
        "statements": table(statements.itertuples(index=False), statements.columns),
    }


def fill(page: str, made: Mapping[str, str]) -> str:
    """Return the page with what stands between its marks made again."""
    for name, block in made.items():
        mark = re.compile(rf"(<!-- {name} -->\n\n).*?(\n\n<!-- end -->)", re.DOTALL)
        page, found = mark.subn(lambda m, block=block: m[1] + block + m[2], page)
        if found != 1:
            sys.exit(f"<!-- {name} --> ... <!-- end --> stands {found} times on the page, not once")
    return page


def main() -> None:
    """Fill the page and copy the pictures."""
    run = Path(sys.argv[1]).resolve()
    PAGE.write_text(fill(PAGE.read_text(), blocks(run / "results", commit(run))))
    for name, shown in PICTURES.items():
        shutil.copyfile(run / "results/figures" / f"{name}.png", DOCS / "images" / f"{shown}.png")


if __name__ == "__main__":
    main()
