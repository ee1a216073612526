"""Groups and findings of the record-based experiments, on one small stand-in that has groups."""

import numpy as np
import pandas as pd
import pytest

from leakcore.influence.revelations import Revelations
from leakcore.store import Dataset, Split

from .conftest import TINY, Checkout

pytestmark = pytest.mark.workflow
RECORDS = {
    "datasets": ["hospital"],
    "sizes": {"hospital": {"members": 60, "nonmembers": 40}},
    "table2": {"a": "hospital", "b": "hospital", "c": "hospital"},
    "growth": [{"dataset": "hospital", "sizes": [30]}],
}
STANDIN = {"sources": ["synthetic"], "standin": {"n_points": 150}}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    config = TINY | {
        "datasets": TINY["datasets"] | {"hospital": STANDIN},
        "records": TINY["records"] | RECORDS,
    }
    made = Checkout(tmp_path_factory.mktemp("findings"), config)
    made.run(
        "results/figures/finding_tolerance.pdf",
        "results/figures/finding_rank.pdf",
        "results/tables/minorities.csv",
        "results/tables/table2b.csv",
    )
    return made.folder / "results"


def test_groups_are_tested_over_all_samplings(results):
    tests = pd.read_csv(results / "revelations/hospital/group_tests.csv")
    assert list(tests.columns) == [
        "dataset", "source", "grouping", "group", "k", "members_distinct", "rate", "rest",
        "difference", "p", "p_holm", "stands",
    ]  # fmt: skip
    assert len(tests) == 15 * 3
    dataset = Dataset.load(results / "datasets/hospital.safetensors")
    codes, names = dataset.groups["race"]
    seen, hits = set(), []
    for seed in (0, 1):
        members = Split.load(results / f"splits/records/hospital/seed-{seed}.safetensors").members
        path = results / f"revelations/hospital/seed-{seed}/revelations.safetensors"
        inside = codes[members] == names.index("Asian")
        hits += Revelations.load(path).self_revealing([5])[inside, 0].tolist()
        seen |= set(members[inside].tolist())
    row = tests[(tests["group"] == "Asian") & (tests["k"] == 5)].iloc[0]
    assert row["members_distinct"] == len(seen)
    assert row["rate"] == pytest.approx(np.mean(hits))


def test_table_2_has_the_corrected_p_values(results):
    table = pd.read_csv(results / "tables/table2b.csv").set_index("group")
    tests = pd.read_csv(results / "revelations/hospital/group_tests.csv")
    assert {"k1_p", "k5_p", "k10_p"} <= set(table.columns)
    wanted = tests[tests["k"] == 10].set_index("group")["p_holm"]
    assert table.loc["Caucasian", "k10_p"] == wanted["Caucasian"]


def test_standin_data_decide_no_finding_of_the_paper(results):
    table = pd.read_csv(results / "tables/minorities.csv")
    claimed = table[table["paper_rate"].notna()]
    assert len(claimed) == 7 * 3
    assert set(claimed["finding"]) <= {"stand-in", "no such group"}
    assert "hospital (stand-in)" in (results / "tables/minorities.md").read_text()
    assert "\\toprule" in (results / "tables/minorities.tex").read_text()


def test_tight_tolerances_err_less(results):
    table = pd.read_csv(results / "figures/finding_tolerance.csv").set_index("tolerance")
    assert table["points"].tolist() == [4, 4]
    assert table.loc[1e-8, "refit_error"] < 0.1 * table.loc[1e-2, "refit_error"]


def test_rank_of_columns_and_of_changes_agree(results):
    table = pd.read_csv(results / "figures/finding_rank.csv")
    assert set(table["variant"]) == {"weights", "subspace"}
    np.testing.assert_array_equal(table["independent_columns"], table["upper_bound"])
    assert (table["recovered"] <= table["upper_bound"]).all()
