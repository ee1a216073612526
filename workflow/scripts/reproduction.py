"""Hold every number and claim of the paper against what this run measured."""

from leakcore.script import job

from pathlib import Path

import pandas as pd

from leakcore import store
from leakcore.evaluation import paper, paper_records, records, reproduction, tables
from leakcore.influence.revelations import Revelations

# Tables whose numbers come from attacks on networks, and not on records.
MEMBERSHIP = ("curves", "attacks", "signals", "explanations", "smoothing", "observations")


def read(paths: list[str]) -> pd.DataFrame:
    """Read the tables of all samplings."""
    return pd.concat([pd.read_csv(path) for path in paths], ignore_index=True)


def dataset_and_seed(path: str) -> tuple[str, int]:
    """Tell from `.../{dataset}/seed-{seed}/file` whose it is."""
    folder = Path(path).parent
    return folder.parent.name, int(folder.name.removeprefix("seed-"))


def read_each(paths: list[str], reader) -> pd.DataFrame:
    """Read files that do not name their data set and seed themselves."""
    frames = []
    for path in paths:
        dataset, seed = dataset_and_seed(path)
        frames.append(reader(path).assign(dataset=dataset, source=sources[dataset], seed=seed))
    return pd.concat(frames, ignore_index=True)


given, params, output = snakemake.input, snakemake.params, snakemake.output
with job(snakemake.log[0], "compare with the paper"):
    sources = {
        meta["name"]: meta["source"]
        for meta in (store.read_meta(path, store.Dataset.kind) for path in given.coded)
    }
    frames = {}
    for name in params.tables:
        paths = list(given[name])
        if name == "curves":
            frames[name] = read_each(paths, pd.read_csv)
        elif name == "influence":
            frames[name] = read_each(
                paths, lambda path: records.influence_rows(Revelations.load(path))
            )
        else:
            frames[name] = read(paths)
    # Tables of the whole run have no seed, generated data no source.
    whole = {"seed": 0}
    missing = {
        "datasets": whole,
        "observations": whole,
        "dimension": {"dataset": "synthetic", "source": "generator"},
    }
    for name, frame in frames.items():
        membership = name in MEMBERSHIP
        sizes = params.membership if membership else params.records
        frame = frame.assign(**missing.get(name, {}))
        scale = "all points" if name == "datasets" else frame["dataset"].map(sizes).fillna("")
        frames[name] = frame.assign(scale=scale)
    table = reproduction.compare(
        paper.statements(), frames, params.substitutes, paper_records.group_differences()
    )
    tables.write(
        table,
        shown=reproduction.readable(table),
        csv=output.csv,
        md=output.md,
        tex=output.tex,
        caption=f"How close to the paper: {reproduction.summary(table)}. Rules: "
        + "; ".join(reproduction.rules()),
    )
    tables.write_text(reproduction.page(table), output.html)
