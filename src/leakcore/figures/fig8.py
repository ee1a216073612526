"""Figure 8: training sets of which only two records, or all, can be revealed."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from leakcore.figures import style


def draw(table: pd.DataFrame) -> Figure:
    """Draw Figure 8.

    Parameters
    ----------
    table : one row a construction, record and query: `construction` (the panel's title), `record`,
        `query` and `influence` (absolute).
    """
    names = list(dict.fromkeys(table["construction"]))
    with style.theme():
        figure, grid = plt.subplots(
            1, len(names), figsize=(3.1 * len(names), 2.6), squeeze=False, layout="constrained"
        )
        for name, axes in zip(names, grid[0], strict=True):
            part = table[table["construction"] == name]
            curves = part.pivot_table(index="query", columns="record", values="influence")
            top = curves.to_numpy().argmax(axis=1)
            revealed = sorted(set(top))
            queries = curves.index.to_numpy()
            colours = dict(zip(revealed, style.cycle(len(revealed)), strict=True))
            for record in range(curves.shape[1]):
                line = curves.iloc[:, record].to_numpy()
                axes.plot(queries, line, color="0.75", linewidth=0.8)
                if record in colours:
                    on_top = np.where(top == record, line, np.nan)
                    axes.plot(queries, on_top, color=colours[record], linewidth=2.2)
            axes.set_title(f"{name}: {len(revealed)} of {curves.shape[1]} revealed")
            axes.set_xlabel("query $y$")
        grid[0][0].set_ylabel("absolute influence on $y$")
        style.footer(
            figure,
            [
                "Each line is one record. Coloured where it is the most influential one, and so "
                "the one that a query there reveals."
            ],
            {},
        )
    return figure
