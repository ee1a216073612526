"""List the layers of the attack network that sees everything, for the shape of one data set."""

from leakcore.script import job

import math

from leakcore import store
from leakcore.attacks import layout
from leakcore.evaluation import tables

with job(snakemake.log[0], f"list the attack network's layers for {snakemake.wildcards.dataset}"):
    meta = store.read_meta(snakemake.input[0], store.Dataset.kind)
    k, n = meta["n_classes"], math.prod(meta["shape"])
    widths = {"predicted": k, "label": k, "probabilities": k, "explanation": n}
    rows = layout.layers(widths).assign(dataset=meta["name"], source=meta["source"])
    tables.write_csv(rows, snakemake.output[0])
