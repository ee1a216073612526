"""Figure 14: Figure 5 for networks of several sizes."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from leakcore.figures import fig5, style


def draw(table: pd.DataFrame, networks: Sequence[str]) -> Figure:
    """Draw Figure 14: a column a network, correlations above accuracies.

    Parameters
    ----------
    table : as for `fig5.draw`, with the column `network`.
    networks : the columns, in this order.
    """
    with style.theme():
        figure, grid = plt.subplots(
            2,
            len(networks),
            figsize=(max(4.8, 2.3 * len(networks)), 4.3),
            sharex=True,
            sharey="row",
            squeeze=False,
            layout="constrained",
        )
        for name, (above, below) in zip(networks, grid.T, strict=True):
            part = table[table["network"] == name]
            fig5.correlations(above, part)
            fig5.accuracies(below, part)
            above.set_title(f"{name} network")
        fig5.frame(list(grid.flat), table)
        for axes in grid[0]:
            axes.set_xlabel("")
        grid[0][0].set_ylabel(fig5.CORRELATION)
        grid[1][0].set_ylabel(fig5.ACCURACY)
        fig5.legend(figure, table)
        style.footer(figure, fig5.notes(table), {})
    return figure
