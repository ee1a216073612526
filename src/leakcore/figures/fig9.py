"""Figure 9: members revealed to an attacker who draws queries without looking at answers."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from leakcore.figures import style

TITLES = {
    "uniform": "uniform queries",
    "marginals": "marginal distributions",
    "records": "true distribution",
}


def draw(table: pd.DataFrame) -> Figure:
    """Draw Figure 9: one row of panels a data set, one column what the attacker knows.

    Parameters
    ----------
    table : one row a data set, scenario, k and number of queries: `dataset`, `source`, `scenario`,
        `k`, `queries`, `samplings`, and `share` with `share_low`, `share_high`.
    """
    names = list(dict.fromkeys(table["dataset"]))
    ks = sorted(table["k"].unique())
    sources = dict(zip(table["dataset"], table["source"], strict=True))
    with style.theme():
        figure, grid = plt.subplots(
            len(names),
            len(TITLES),
            figsize=(6.6, 1.5 * len(names) + 1.0),
            squeeze=False,
            sharex=True,
            sharey="row",
            layout="constrained",
        )
        for name, row in zip(names, grid, strict=True):
            for (scenario, title), axes in zip(TITLES.items(), row, strict=True):
                part = table[(table["dataset"] == name) & (table["scenario"] == scenario)]
                for place, k in enumerate(ks):
                    line = part[part["k"] == k].sort_values("queries")
                    colour = style.K_COLOURS[place % len(style.K_COLOURS)]
                    axes.plot(line["queries"], 100 * line["share"], color=colour, label=f"k = {k}")
                    axes.fill_between(
                        line["queries"],
                        100 * line["share_low"].clip(lower=0),
                        100 * line["share_high"],
                        color=colour,
                        alpha=0.25,
                        linewidth=0,
                    )
                axes.grid(axis="y", color="0.9")
                if name == names[0]:
                    axes.set_title(title)
            row[0].set_ylim(0, 105 * table.loc[table["dataset"] == name, "share_high"].max())
            label = style.wrapped(name, sources[name])
            row[0].set_ylabel(f"{label}\nrevealed (%)")
        for axes in grid[-1]:
            axes.set_xlabel("queries")
        handles, labels = grid[0][0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=len(ks))
        notes = [f"Bands: 95 % intervals over {style.count(table['samplings'])} samplings."]
        style.footer(figure, notes, sources)
    return figure
