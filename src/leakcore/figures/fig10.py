"""Figure 10: how much of the training set a walk along the influence graph reveals."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from leakcore.figures import style


def draw(table: pd.DataFrame) -> Figure:
    """Draw Figure 10, one panel a data set.

    Parameters
    ----------
    table : one row a data set and bin: `dataset`, `source`, `low` and `high` (ends of the bin, as
        shares of the training set), `starts` (share of the starting points that reveal so much),
        and `samplings`.
    """
    names = list(dict.fromkeys(table["dataset"]))
    sources = dict(zip(table["dataset"], table["source"], strict=True))
    with style.theme():
        figure, grid = plt.subplots(
            1,
            len(names),
            figsize=(max(3.6, 1.9 * len(names)), 2.4),
            squeeze=False,
            layout="constrained",
        )
        for name, axes in zip(names, grid[0], strict=True):
            part = table[table["dataset"] == name]
            shown = part[part["starts"] > 0]
            axes.bar(
                100 * part["low"],
                100 * part["starts"],
                100 * (part["high"] - part["low"]),
                align="edge",
                color="#0072B2",
                linewidth=0,
            )
            axes.set_xlim(
                max(0, 100 * shown["low"].min() - 1), min(100, 100 * shown["high"].max() + 1)
            )
            axes.set_title(style.wrapped(name, sources[name]))
            axes.set_xlabel("revealed (%)")
        grid[0][0].set_ylabel("starting points (%)")
        notes = [f"All starting points of {style.count(table['samplings'])} samplings."]
        style.footer(figure, notes, sources)
    return figure
