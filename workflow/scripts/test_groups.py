"""Test whether groups of one data set's members are revealed more or less often than the rest."""

from leakcore.script import job

from leakcore import store
from leakcore.evaluation import groups, tables
from leakcore.influence.revelations import Revelations

wildcards, params = snakemake.wildcards, snakemake.params
with job(snakemake.log[0], f"test the groups of {wildcards.dataset}"):
    dataset = store.Dataset.load(snakemake.input.dataset)
    members = [store.Split.load(path).members for path in snakemake.input.splits]
    revealed = [
        Revelations.load(path).self_revealing(params.ks) for path in snakemake.input.revelations
    ]
    table = groups.compare(groups.people(members, revealed), dataset.groups, params.ks)
    table.insert(0, "dataset", wildcards.dataset)
    table.insert(1, "source", dataset.source)
    tables.write_csv(table, snakemake.output[0])
