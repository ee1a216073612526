"""Figure 6: share of members that are revealed as their own explanation."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from leakcore.figures import style


def draw(table: pd.DataFrame) -> Figure:
    """Draw Figure 6.

    Parameters
    ----------
    table : one row a data set and k, with `dataset`, `source`, `k`, `samplings`, `rate` and the
        interval `rate_low`, `rate_high`, as shares.
    """
    names = list(dict.fromkeys(table["dataset"]))
    ks = sorted(table["k"].unique())
    sources = dict(zip(table["dataset"], table["source"], strict=True))
    width = 0.8 / len(ks)
    with style.theme():
        figure, axes = plt.subplots(
            figsize=(max(3.6, 1.3 * len(names) + 0.8), 2.9), layout="constrained"
        )
        for place, k in enumerate(ks):
            part = table[table["k"] == k].set_index("dataset").loc[names]
            mean = 100 * part["rate"].to_numpy(float)
            ends = 100 * part[["rate_low", "rate_high"]].to_numpy(float).T
            axes.bar(
                np.arange(len(names)) + (place - (len(ks) - 1) / 2) * width,
                mean,
                width,
                yerr=np.clip([mean - ends[0], ends[1] - mean], 0, None),
                color=style.K_COLOURS[place % len(style.K_COLOURS)],
                error_kw={"elinewidth": 0.8, "capsize": 2},
                label=f"k = {k}",
            )
        axes.set_xticks(range(len(names)), [style.wrapped(name, sources[name]) for name in names])
        axes.set_ylabel("members revealed by\ntheir own explanation (%)")
        axes.set_ylim(0, 100)
        axes.grid(axis="y", color="0.9")
        axes.set_axisbelow(True)
        figure.legend(loc="outside upper center", ncols=len(ks))
        notes = [f"Bars: 95 % intervals over {style.count(table['samplings'])} samplings."]
        style.footer(figure, notes, sources)
    return figure
