"""Every number and claim of the paper against what was measured, with a computed verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from leakcore.evaluation import verdicts
from leakcore.evaluation.paper_networks import CLAIM_CAUSES
from leakcore.evaluation.statement import TABLES, GroupDifference, Statement
from leakcore.evaluation.tables import STANDIN, STANDIN_SHOWN

# The data sets for which section 4.3.3 makes its observations, and verifies its hypothesis.
OBSERVATIONS = ("purchase", "texas", "cifar100", "hospital")
HYPOTHESES = ("purchase", "texas", "cifar100")
_OF_A_CLAIM = {
    "holds": verdicts.REPRODUCED,
    "does not hold": verdicts.DIFFERS,
    "undecided": verdicts.UNDECIDED,
}
# Why a statement differs for which no cause is known.
_UNEXPLAINED = {"mean": "cause not known; by chance one comparison in twenty differs"}
COLUMNS = (
    "where", "statement", "dataset", "kind", "paper", "ours", "low", "high", "runs", "difference",
    "verdict", "why", "measured_on", "source", "scale", "evidence", "rule",
)  # fmt: skip


def compare(
    statements: Iterable[Statement],
    tables: Mapping[str, pd.DataFrame],
    substitutes: Mapping[str, str] | None = None,
    groups: Iterable[GroupDifference] = (),
) -> pd.DataFrame:
    """Decide every statement.

    Parameters
    ----------
    statements : see `paper.statements`.
    tables : by the names of `statement.TABLES`, tidy rows with the columns `dataset`, `source`,
        `seed` and `scale`; those that this run does not make are missing.
    substitutes : for a data set of the paper that this run does not have, the real one in its
        place. Its numbers are shown, but decide nothing.
    groups : see `paper_records.group_differences`.

    Returns
    -------
    one row a statement, with the columns `COLUMNS`. Numbers on stand-in or other data are shown
    with the verdict `not run`.
    """
    rows = [_row(statement, tables, substitutes or {}) for statement in statements]
    rows += [_group_row(group, tables) for group in groups]
    claims = _claims(tables["observations"]) if "observations" in tables else []
    return pd.DataFrame([*rows, *claims], columns=list(COLUMNS))


def _row(
    statement: Statement, tables: Mapping[str, pd.DataFrame], substitutes: Mapping[str, str]
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "where": statement.where,
        "statement": statement.text,
        "dataset": statement.dataset,
        "kind": statement.kind,
        "paper": statement.paper,
        "rule": verdicts.RULES[statement.kind],
        "verdict": verdicts.NOT_RUN,
    }
    if statement.table not in tables:
        return row | {"why": f"this run does not make {TABLES[statement.table]}"}
    table = tables[statement.table]
    place = statement.dataset
    if place not in set(table["dataset"]):
        place = substitutes.get(place, place)
    rows = table[table["dataset"] == place]
    if rows.empty:
        return row | {"why": f"{statement.dataset} is not among this run's data sets"}
    values = np.asarray(statement.select(rows), np.float64)
    if len(values) == 0:
        return row | {"why": "this run's rows do not tell (no such group, epoch or size)"}
    result = verdicts.decide(statement.kind, statement.paper, values, statement.digit)
    source = str(rows["source"].iloc[0])
    row |= {
        "ours": result.mean,
        "low": result.low,
        "high": result.high,
        "runs": len(values),
        "difference": result.difference,
        "measured_on": place,
        "source": source,
        "scale": rows["scale"].iloc[0],
        "evidence": TABLES[statement.table].replace("{dataset}", place),
    }
    if place != statement.dataset:
        return row | {"why": f"measured on {place} in place of {statement.dataset}"}
    if source in (STANDIN, STANDIN_SHOWN) and place != "synthetic":
        return row | {"why": "measured on generated stand-in data"}
    why = ""
    if result.verdict == verdicts.DIFFERS:
        why = statement.cause or _UNEXPLAINED.get(statement.kind, "cause not known")
    elif result.verdict == verdicts.UNDECIDED:
        why = "one run has no interval" if len(values) < 2 else "the bound lies in the interval"
    return row | {"verdict": result.verdict, "why": why}


def _group_row(group: GroupDifference, tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    more = "likelier" if group.paper > 0 else "less likely"
    row: dict[str, Any] = {
        "where": group.where,
        "statement": f"{group.words}: {more} to be revealed, k = {group.k} (difference, "
        "percentage points)",
        "dataset": group.dataset,
        "kind": "group",
        "paper": group.paper,
        "rule": verdicts.RULES["group"],
        "verdict": verdicts.NOT_RUN,
    }
    if "group_tests" not in tables:
        return row | {"why": f"this run does not make {TABLES['group_tests']}"}
    found = tables["group_tests"]
    found = found[(found["dataset"] == group.dataset) & (found["k"] == group.k)]
    found = found[(found["grouping"] == group.grouping) & (found["group"] == group.group)]
    found = found[found["members_distinct"] > 0]
    if found.empty:
        return row | {"why": f"this run has no such group of {group.dataset}"}
    test = found.iloc[0]
    row |= {
        "ours": 100 * test["difference"],
        "difference": 100 * test["difference"] - group.paper,
        "measured_on": group.dataset,
        "source": test["source"],
        "scale": f"{test['members_distinct']:,} members of the group; {test['scale']}",
        "evidence": TABLES["group_tests"].replace("{dataset}", group.dataset),
    }
    if test["source"] == STANDIN:
        return row | {"why": "measured on generated stand-in data"}
    p = f"p = {test['p_holm']:.2g}, corrected"
    if not test["stands"]:
        return row | {"verdict": verdicts.UNDECIDED, "why": f"{p}: does not stand"}
    if (test["difference"] > 0) == (group.paper > 0):
        return row | {"verdict": verdicts.REPRODUCED, "why": p}
    return row | {"verdict": verdicts.DIFFERS, "why": f"{p}: the opposite stands"}


def _claims(observations: pd.DataFrame) -> list[dict[str, Any]]:
    """Take over the claims of section 4.3.3, for the data sets that it speaks of."""
    rows = []
    for claim in observations.itertuples():
        listed = HYPOTHESES if str(claim.claim).startswith("Hypothesis") else OBSERVATIONS
        if claim.dataset not in listed:
            continue
        standin = claim.source == STANDIN
        verdict = _OF_A_CLAIM[str(claim.verdict)]
        why = ""
        if verdict == verdicts.DIFFERS:
            cause = CLAIM_CAUSES.get(str(claim.statement), "")
            why = f"{cause} ({claim.rule})" if cause else f"{claim.statistic}: {claim.rule}"
        rows.append(
            {
                "where": claim.claim,
                "statement": f"{claim.statement} ({claim.subject}; {claim.statistic})",
                "dataset": claim.dataset,
                "kind": "claim",
                "ours": claim.value,
                "low": claim.low,
                "high": claim.high,
                "runs": claim.seeds,
                "verdict": verdicts.NOT_RUN if standin else verdict,
                "why": "measured on generated stand-in data" if standin else why,
                "measured_on": claim.dataset,
                "source": claim.source,
                "scale": claim.scale,
                "evidence": TABLES["observations"],
                "rule": verdicts.RULES["claim"],
            }
        )
    return rows


def counts(table: pd.DataFrame) -> dict[str, int]:
    """Return how many statements have each verdict."""
    order = (verdicts.REPRODUCED, verdicts.DIFFERS, verdicts.UNDECIDED, verdicts.NOT_RUN)
    return {verdict: int((table["verdict"] == verdict).sum()) for verdict in order}


def summary(table: pd.DataFrame) -> str:
    """Return in words how many statements have each verdict."""
    return ", ".join(f"{number} {verdict}" for verdict, number in counts(table).items())


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is read: numbers short, the data with their source and scale."""
    measured = table["ours"].notna()
    ours = [
        f"{_short(mean)} [{_short(low)}, {_short(high)}]" if np.isfinite(low) else _short(mean)
        for mean, low, high in zip(table["ours"], table["low"], table["high"], strict=True)
    ]
    source = table["source"].replace([STANDIN, STANDIN_SHOWN], "stand-in")
    data = [
        f"{place} ({', '.join(words for words in known if isinstance(words, str) and words)})"
        for place, *known in zip(table["measured_on"], source, table["scale"], strict=True)
    ]
    return pd.DataFrame(
        {
            "where": table["where"],
            "statement": table["statement"],
            "data set": table["dataset"],
            "paper": [_short(value) for value in table["paper"]],
            "measured [95 % interval]": np.where(measured, ours, ""),
            "runs": [f"{runs:.0f}" if np.isfinite(runs) else "" for runs in table["runs"]],
            "difference": [_short(value) for value in table["difference"]],
            "verdict": table["verdict"],
            "why": table["why"].fillna(""),
            "on": np.where(measured, data, ""),
            "evidence": table["evidence"].fillna(""),
        }
    )


def rules() -> list[str]:
    """Return each kind's rule in a sentence."""
    return [f"{kind}: {rule}" for kind, rule in verdicts.RULES.items()]


def page(table: pd.DataFrame) -> str:
    """Return the table as one HTML page that needs nothing else."""
    shown = readable(table)
    head = "".join(f"<th>{escape(name)}</th>" for name in shown.columns)
    body = "\n".join(
        f'<tr class="{row["verdict"].replace(" ", "-")}">'
        + "".join(f"<td>{escape(str(value))}</td>" for value in row)
        + "</tr>"
        for _, row in shown.iterrows()
    )
    rules_list = "".join(f"<li>{escape(rule)}</li>" for rule in rules())
    return _PAGE.format(summary=summary(table), rules=rules_list, head=head, body=body)


def _short(value: float) -> str:
    if value is None or not np.isfinite(value):
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>leakcore: how close to the paper</title>
<style>
body {{ font: 14px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 110rem;
       padding: 0 1.5rem; color: #222; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; vertical-align: top; padding: .35rem .6rem;
          border-bottom: 1px solid #ddd; }}
th {{ position: sticky; top: 0; background: #fff; border-bottom: 2px solid #888; }}
td:nth-child(8) {{ font-weight: 600; white-space: nowrap; }}
td:nth-child(4), td:nth-child(7) {{ white-space: nowrap; }}
.reproduced td:nth-child(8) {{ color: #00664b; }}
.differs td:nth-child(8) {{ color: #a63d00; }}
.undecided td:nth-child(8) {{ color: #5a4a9c; }}
.not-run {{ color: #777; }}
</style>
<h1>How close to the paper</h1>
<p>Every number and claim of <i>Privacy Risks of Explaining Machine Learning Models</i> (Shokri,
Strobel, Zick) against what this run measured: {summary}. Verdicts are computed by the rules below,
the same for all statements of a kind; numbers on stand-in or other data are shown, but decide
nothing.</p>
<details><summary>The rules</summary><ul>{rules}</ul></details>
<table>
<thead><tr>{head}</tr></thead>
<tbody>
{body}
</tbody>
</table>
</html>
"""
