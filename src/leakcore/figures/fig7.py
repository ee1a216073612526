"""Figure 7: how influential the most influential record is, for members and non-members."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from leakcore.figures import style


def draw(table: pd.DataFrame) -> Figure:
    """Draw Figure 7, one row of panels a data set.

    Parameters
    ----------
    table : one row a point: `dataset`, `source`, `member`, `revealed` (the point is its own most
        influential record) and `influence`, the absolute influence of its most influential record.
    """
    names = list(dict.fromkeys(table["dataset"]))
    sources = dict(zip(table["dataset"], table["source"], strict=True))
    with style.theme():
        figure, grid = plt.subplots(
            len(names),
            2,
            figsize=(5.6, 1.55 * len(names) + 1.0),
            squeeze=False,
            sharex="row",
            sharey="row",
            layout="constrained",
        )
        for name, row in zip(names, grid, strict=True):
            part = table[(table["dataset"] == name) & (table["influence"] > 0)]
            edges = np.geomspace(part["influence"].min(), part["influence"].max(), 41)
            for member, axes in zip((True, False), row, strict=True):
                points = part[part["member"] == member]
                kinds = [points.loc[~points["revealed"], "influence"]]
                labels, colours = ["not revealed"], ["#56B4E9"]
                if member:
                    kinds.append(points.loc[points["revealed"], "influence"])
                    labels.append("revealed")
                    colours.append("#D55E00")
                axes.hist(kinds, bins=list(edges), stacked=True, color=colours, label=labels)
                axes.set_xscale("log")
                words = "members" if member else "non-members"
                axes.set_title(f"{style.standin_label(name, sources[name])}: {words}")
                style.log_ticks(axes, edges[0], edges[-1])
            row[0].set_ylabel("points")
        for axes in grid[-1]:
            axes.set_xlabel("absolute influence")
        handles, labels = grid[0][0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=2)
        notes = [
            "One sampling. Influence (change of the predicted probability) of each point's most "
            "influential record. Revealed: that record is the point itself."
        ]
        style.footer(figure, notes, sources)
    return figure
