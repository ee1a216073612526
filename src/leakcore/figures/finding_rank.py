"""Finding: collinear columns, not the number of columns, bound Algorithm 1."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Self

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from leakcore.figures import style

GREYS = ("0.85", "0.6")
BOUND = "#003049"
VARIANTS = {"weights": ("as the authors ran it", "#0072B2"), "subspace": ("as printed", "#E69F00")}


@dataclass(frozen=True)
class _Bar:
    words: str
    value: float
    colour: str
    low: float = float("nan")
    high: float = float("nan")

    @classmethod
    def mean(cls, words: str, row: dict[Hashable, Any], name: str, colour: str) -> Self:
        return cls(words, row[name], colour, row[f"{name}_low"], row[f"{name}_high"])


def draw(table: pd.DataFrame) -> Figure:
    """Draw one panel of bars a data set: features, their rank, the bound, and what is recovered.

    Parameters
    ----------
    table : rows of `leakcore.evaluation.findings.rank_table`.
    """
    names = list(dict.fromkeys(table["dataset"]))
    sources = dict(zip(table["dataset"], table["source"], strict=True))
    columns = len(names) if len(names) <= 3 else 2
    rows = -(-len(names) // columns)
    with style.theme():
        size = (1.9 * columns + 1.5 + 0.7 * (columns == 2), 1.45 * rows + 0.6)
        figure, panels = style.grid(len(names), columns, size)
        for place, (name, axes) in enumerate(zip(names, panels, strict=True)):
            part = table[table["dataset"] == name]
            _panel(axes, part)
            members = int(part["n_train"].iloc[0])
            axes.set_title(f"{style.standin_label(name, sources[name])}\n{members:,} members")
            if place % columns:
                axes.tick_params(axis="y", labelleft=False)
        notes = [
            "Independent columns: rank of the members' features with a column of ones for the "
            "intercept. Rank of the changes: of the leave-one-out changes of the model, the bound "
            f"of Algorithm 1. Means and 95 % intervals over {style.count(table['samplings'])} "
            "samplings."
        ]
        style.footer(figure, notes, sources)
    return figure


def _panel(axes: Axes, part: pd.DataFrame) -> None:
    first = part.iloc[0].to_dict()
    bars = [
        _Bar("features", first["n_features"], GREYS[0]),
        _Bar.mean("independent columns", first, "independent_columns", GREYS[1]),
        _Bar.mean("rank of the changes", first, "upper_bound", BOUND),
    ]
    for variant, (words, colour) in VARIANTS.items():
        found = part[part["variant"] == variant]
        if len(found):
            row = found.iloc[0].to_dict()
            bars.append(_Bar.mean(f"recovered, {words}", row, "recovered", colour))
    top = 0.0
    for place, bar in enumerate(bars):
        value, end = bar.value, bar.value
        axes.barh(place, value, 0.72, color=bar.colour, linewidth=0)
        if bar.low < bar.high:
            axes.errorbar(
                value,
                place,
                xerr=[[value - bar.low], [bar.high - value]],
                color="#D55E00",
                elinewidth=1,
                capsize=2,
            )
            end = bar.high
        axes.annotate(
            f"{value:,.4g}" if value < 1000 else f"{value:,.0f}",
            (end, place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=7,
        )
        top = max(top, end)
    axes.set_yticks(range(len(bars)), [bar.words for bar in bars])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.22 * top)
    axes.locator_params(axis="x", nbins=5)
