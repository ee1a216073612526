import inspect

import pandas as pd
import pytest

from leakcore.evaluation import (
    claims,
    groups,
    paper,
    paper_networks,
    paper_records,
    reproduction,
    verdicts,
)
from leakcore.evaluation.statement import TABLES, Statement

GRAPH = pd.DataFrame(
    {
        "dataset": ["adult", "adult", "hospital", "hospital", "fish", "fish"],
        "source": ["mirror", "mirror", "synthetic", "synthetic", "mirror", "mirror"],
        "seed": [0, 1] * 3,
        "scc": [1740, 1744, 1448, 1448, 1700, 1720],
        "scale": "2,000 + 2,000 points",
    }
)


def statement(dataset, value=1742.0, kind="mean", table="graph", cause=""):
    return Statement(
        "Table 4", "SCCs", kind, value, dataset, table,
        lambda rows: rows.set_index("seed")["scc"].astype(float), cause=cause,
    )  # fmt: skip


def row(*arguments, tables=None, **more):
    table = reproduction.compare(
        [statement(*arguments, **more)], tables or {"graph": GRAPH}, {"dogfish": "fish"}
    )
    assert len(table) == 1
    return table.iloc[0]


def test_a_real_measurement_is_decided():
    found = row("adult")
    assert found.verdict == "reproduced"
    assert (found.ours, found.runs, found.difference) == (1742, 2, 0)
    assert found.evidence.startswith("results/revelations/adult/")


def test_a_difference_names_its_cause():
    assert row("adult", 10.0, cause="It is so.").why == "It is so."
    assert row("adult", 10.0).verdict == "differs"
    assert "not known; by chance" in row("adult", 10.0).why
    assert row("adult", 10.0, kind="about").why == "cause not known"


@pytest.mark.parametrize(
    ("dataset", "why"),
    [("hospital", "stand-in"), ("dogfish", "fish in place of dogfish"), ("texas", "not among")],
)
def test_other_data_decide_nothing(dataset, why):
    found = row(dataset, 10.0)
    assert found.verdict == "not run"
    assert why in found.why
    # Measured numbers are shown all the same.
    assert pd.notna(found.ours) == (dataset != "texas")


def test_a_missing_table_and_missing_rows_are_not_run():
    assert "does not make" in row("adult", tables={"other": GRAPH}).why
    nothing = Statement("", "", "mean", 1, "adult", "graph", lambda _: pd.Series(dtype=float))
    found = reproduction.compare([nothing], {"graph": GRAPH}).iloc[0]
    assert found.verdict == "not run"
    assert "do not tell" in found.why


@pytest.mark.parametrize(
    ("difference", "p", "members", "source", "verdict"),
    [
        (0.2, 0.001, 30, "mirror", "reproduced"),
        (-0.2, 0.001, 30, "mirror", "differs"),
        (0.2, 0.2, 30, "mirror", "undecided"),
        (-0.2, 0.2, 30, "mirror", "undecided"),
        (0.2, 0.001, 30, "synthetic", "not run"),
        (float("nan"), float("nan"), 0, "mirror", "not run"),
    ],
)
def test_differences_between_groups_must_stand(difference, p, members, source, verdict):
    listed = [
        g for g in paper_records.group_differences() if (g.words, g.k) == ("Asian-Pac-Islander", 5)
    ]
    assert [g.paper for g in listed] == [40 - 21]
    tests = pd.DataFrame(
        {
            "dataset": ["adult"],
            "source": source,
            "grouping": "race",
            "group": "Asian-Pac-Islander",
            "k": 5,
            "members_distinct": members,
            "difference": difference,
            "p_holm": p,
            "stands": p < groups.LEVEL,
            "scale": "2,000 + 2,000 points",
        }
    )
    found = reproduction.compare([], {"group_tests": tests}, groups=listed).iloc[0]
    assert found.verdict == verdict
    if verdict in ("reproduced", "differs", "undecided"):
        assert "p = " in found.why


def test_claims_are_taken_over_for_the_papers_data_sets():
    claims = pd.DataFrame(
        {
            "claim": "Observation 4.1",
            "statement": "grows",
            "dataset": ["purchase", "texas", "cifar100", "digits"],
            "source": ["mirror", "synthetic", "mirror", "package"],
            "subject": "gradient",
            "statistic": "slope",
            "value": 0.5,
            "low": 0.4,
            "high": 0.6,
            "seeds": 3,
            "verdict": ["holds", "holds", "does not hold", "holds"],
            "rule": "holds: above 0",
            "scale": "",
        }
    )
    table = reproduction.compare([], {"observations": claims}).set_index("dataset")
    assert table.verdict.to_dict() == {
        "purchase": "reproduced", "texas": "not run", "cifar100": "differs",
    }  # fmt: skip


def test_every_statement_has_a_rule_and_a_table():
    listed = paper.statements()
    assert len(listed) > 100
    for one in listed:
        assert one.kind in verdicts.RULES
        assert one.table in TABLES
    named = [(s.where, s.text, s.dataset) for s in listed]
    assert len(set(named)) == len(named)


def test_the_page_shows_every_row_and_escapes_it():
    table = reproduction.compare(
        [statement("adult"), statement("hospital")], {"graph": GRAPH.replace("2,000", "<b>")}
    )
    table.loc[0, "statement"] = "a < b"
    html = reproduction.page(table)
    assert html.count("<tr class=") == 2
    assert "a &lt; b" in html
    assert "1 reproduced" in html
    assert "http" not in html
    assert list(reproduction.counts(table).values()) == [1, 0, 0, 1]


def test_a_row_to_be_read_names_data_source_and_scale():
    rows = [statement("adult"), statement("hospital"), statement("dogfish")]
    table = reproduction.compare(rows, {"graph": GRAPH})
    assert list(reproduction.readable(table)["on"]) == [
        "adult (mirror, 2,000 + 2,000 points)",
        "hospital (stand-in, 2,000 + 2,000 points)",
        "",
    ]
    table["scale"] = ""
    assert reproduction.readable(table)["on"][0] == "adult (mirror)"


def test_statements_on_attacks_compare_seed_by_seed_at_the_highest_level():
    accuracies = {
        "gradient": [0.50, 0.60],
        "gradient+label": [0.55, 0.62],
        "prediction": [0.70, 0.71],
        "gradient+prediction": [0.64, 0.66],
        "loss": [0.75, 0.76],
        "gradient-norm": [0.53, 0.58],
    }
    rows = pd.DataFrame(
        [
            {"seed": seed, "level": level, "access": access, "accuracy": both[seed] * scale}
            for access, both in accuracies.items()
            for seed in (0, 1)
            for level, scale in ((0.0, 0.1), (0.2, 1.0))
        ]
    )
    found = {
        (one.dataset, one.text.split(" (")[0]): list(one.select(rows).round(10))
        for one in paper.statements()
        if one.table == "attacks"
    }
    assert found == {
        ("purchase", "all attacks are only slightly weaker than the loss"): [0.25, 0.16],
        ("texas", "the gradient is worth less than the prediction"): [-0.2, -0.11],
        ("cifar100", "the gradient alone is worth least"): [-0.05, -0.02],
        ("hospital", "gradient and label beat a guess"): [0.55, 0.62],
        ("hospital", "gradient and label beat the loss"): [-0.2, -0.14],
        ("hospital", "the prediction does not beat a guess"): [0.7, 0.71],
        ("purchase", "the network on the gradient beats the tree on its 1-norm"): [-0.03, 0.02],
        ("texas", "network and tree are almost identical"): [0.03, 0.02],
        ("cifar100", "the tree on the 1-norm beats the network on the gradient"): [0.03, -0.02],
    }


def test_causes_of_claims_name_claims_that_there_are():
    source = inspect.getsource(claims)
    for statement in paper_networks.CLAIM_CAUSES:
        assert f'"{statement}"' in source
