"""Figure 15: self-revealing points against the size of the training set."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from leakcore.figures import style


def draw(table: pd.DataFrame) -> Figure:
    """Draw Figure 15, one panel a data set, both axes logarithmic.

    Parameters
    ----------
    table : one row a data set, size and k: `dataset`, `source`, `size`, `k`, `samplings`, and
        `rate` with `rate_low`, `rate_high`, as shares.
    """
    names = list(dict.fromkeys(table["dataset"]))
    ks = sorted(table["k"].unique())
    sources = dict(zip(table["dataset"], table["source"], strict=True))
    with style.theme():
        figure, grid = plt.subplots(
            1,
            len(names),
            figsize=(max(3.6, 2.1 * len(names)), 2.6),
            squeeze=False,
            sharey=True,
            layout="constrained",
        )
        for name, axes in zip(names, grid[0], strict=True):
            for place, k in enumerate(ks):
                part = table[(table["dataset"] == name) & (table["k"] == k)].sort_values("size")
                colour = style.K_COLOURS[place % len(style.K_COLOURS)]
                mean = 100 * part["rate"]
                axes.errorbar(
                    part["size"],
                    mean,
                    yerr=[
                        (mean - 100 * part["rate_low"]).clip(lower=0, upper=mean * 0.999),
                        (100 * part["rate_high"] - mean).clip(lower=0),
                    ],
                    color=colour,
                    marker="o^s"[place % 3],
                    markersize=3,
                    capsize=1.5,
                    elinewidth=0.7,
                    label=f"k = {k}",
                )
            axes.set_xscale("log")
            axes.set_yscale("log")
            sizes = table.loc[table["dataset"] == name, "size"]
            style.size_ticks(axes, sorted(sizes.unique()))
            axes.set_title(style.wrapped(name, sources[name]))
            axes.set_xlabel("members")
            axes.grid(color="0.92")
        grid[0][0].set_ylabel("self-revealing (%)")
        style.plain_percent(grid[0][0])
        handles, labels = grid[0][0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=len(ks))
        notes = [f"Bars: 95 % intervals over {style.count(table['samplings'])} samplings."]
        style.footer(figure, notes, sources)
    return figure
