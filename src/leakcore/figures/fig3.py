"""Figure 3: how membership, prediction variance and gradient norm are correlated."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from leakcore.figures import style

_LOOKS: dict[tuple[str, str], style.Look] = {
    ("membership", "variance"): style.Look("membership, Var(c(x))", "#D55E00", "^"),
    ("membership", "norm"): style.Look("membership, 1-norm of the gradient", "#0072B2", "o"),
    ("variance", "norm"): style.Look("Var(c(x)), 1-norm of the gradient", "#009E73", "s"),
}
_BOTTOM = -0.1


def draw(table: pd.DataFrame, datasets: Sequence[str]) -> Figure:
    """Draw Figure 3, one panel a data set, one line a pair of signals.

    Parameters
    ----------
    table : one row a data set, level and pair: `dataset`, `source`, `first`, `second`,
        `samplings` (seeds), the means `gap` and `correlation` (with its sign), and the interval of
        the latter over the seeds, `correlation_low` and `correlation_high`; where there is one
        seed only, `within_low` and `within_high`, over its points.
    datasets : the panels, in this order; one without rows says so.
    """
    sources = dict(zip(table["dataset"], table["source"], strict=True))
    with style.theme():
        figure, panels, columns = style.panels(
            datasets, sources, width=4.4, height=2.0, margin=1.0, ylabel="|correlation|"
        )
        for name, axes in zip(datasets, panels, strict=True):
            _panel(axes, table[table["dataset"] == name])
        panels[0].set_ylim(_BOTTOM, 1)
        handles = [
            Line2D([], [], color=look.colour, marker=look.marker, label=look.label)
            for look in _LOOKS.values()
        ]
        figure.legend(handles=handles, loc="outside upper center", ncols=min(3, columns))
        seeds = style.count(table["samplings"]) if len(table) else "0"
        notes = [
            "Absolute Pearson correlation over members and non-members. Filled: positive; hollow: "
            "negative. Var(c(x)): variance of the entries of the prediction vector. "
            + style.SIDE_BY_SIDE,
            f"Bars: 95 % intervals over the seeds ({seeds}), over the points where there is one "
            "seed; a bar that passes 0 leaves the sign open. Long bars are cut off at the edge.",
        ]
        style.footer(figure, notes, sources)
    return figure


def _panel(axes: Axes, part: pd.DataFrame) -> None:
    axes.axhline(0, color="0.5", linewidth=0.8, linestyle=":", zorder=1)
    axes.grid(axis="y", color="0.9")
    axes.set_axisbelow(True)
    if part.empty:
        style.empty(axes, "no overfitting level was reached")
        axes.set_xticks([])
        return
    shifts = style.gap_axis(axes, part["gap"].to_numpy(float), len(_LOOKS))
    for shift, ((first, second), look) in zip(shifts, _LOOKS.items(), strict=True):
        line = part[(part["first"] == first) & (part["second"] == second)].sort_values("gap")
        line = line.dropna(subset=["correlation"])
        if line.empty:
            continue
        single = line["samplings"] == 1
        mean = line["correlation"].to_numpy(float)
        sign = np.where(mean < 0, -1, 1)
        ends = np.stack(
            [
                np.where(single, line[f"within_{end}"], line[f"correlation_{end}"]) * sign
                for end in ("low", "high")
            ]
        )
        x = line["gap"].to_numpy(float) + shift
        size = np.abs(mean)
        axes.errorbar(
            x,
            size,
            yerr=np.clip([size - ends.min(axis=0), ends.max(axis=0) - size], 0, None),
            color=look.colour,
            elinewidth=0.7,
            capsize=1.5,
        )
        for filled in (True, False):
            rows = (sign > 0) == filled
            axes.plot(
                x[rows],
                size[rows],
                look.marker,
                color=look.colour,
                markerfacecolor=look.colour if filled else "white",
            )
