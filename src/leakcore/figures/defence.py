"""What protection costs: the target's accuracy against the attack's, for each defence."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from leakcore.figures import style

_METRICS = {
    "accuracy": ("attack accuracy", 0.5),
    "tpr_at_fpr_0.01": ("TPR at 1 % FPR", 0.01),
}
NONE, SMOOTH, PRIVATE, PLAIN = "none", "smoothgrad", "dp-sgd", "sgd"
_LABELS = {
    NONE: "no defence",
    SMOOTH: "SmoothGrad",
    PRIVATE: "DP-SGD",
    PLAIN: "trained as DP-SGD, unprotected",
}
_MARKERS = {NONE: "o", SMOOTH: "X", PRIVATE: "s", PLAIN: "D"}
_COLOURS = {NONE: "#000000", SMOOTH: "#D55E00", PLAIN: "#7F7F7F"}


def draw(table: pd.DataFrame, *, delta: float) -> Figure:
    """Draw the defences, one row of panels a data set.

    Parameters
    ----------
    table : one row a data set and defence: `dataset`, `source`, `defence` (`none`, `smoothgrad`,
        `dp-sgd`, or `sgd`: its training without protection), `epsilon` (of `dp-sgd`), `samplings`
        (seeds), and `test_accuracy` (of the target), `accuracy` and `tpr_at_fpr_0.01` (of the
        attack) with `_low` and `_high` over the seeds. Without rows the figure says so.
    delta : of the privacy budgets.
    """
    names = list(dict.fromkeys(table["dataset"])) or [""]
    sources = dict(zip(table["dataset"], table["source"], strict=True))
    epsilons = sorted(table["epsilon"].dropna().unique())
    colours = dict(zip(epsilons, style.cycle(len(epsilons)), strict=True))
    with style.theme():
        figure, grid = plt.subplots(
            len(names),
            2,
            figsize=(6.4, 2.4 * len(names) + 0.9),
            squeeze=False,
            layout="constrained",
        )
        for name, row in zip(names, grid, strict=True):
            part = table[table["dataset"] == name]
            for (metric, (label, chance)), axes in zip(_METRICS.items(), row, strict=True):
                axes.set_xlabel("test accuracy of the target")
                axes.set_ylabel(label)
                axes.grid(color="0.92")
                axes.set_axisbelow(True)
                axes.axhline(
                    chance, color="0.5", linewidth=0.8, linestyle=":", label="chance", zorder=1
                )
                if part.empty:
                    style.empty(axes, "no overfitting level was reached")
                    continue
                axes.set_title(style.standin_label(name, sources[name]))
                _panel(axes, part, metric, colours)
        handles, labels = grid[0][0].get_legend_handles_labels()
        figure.legend(
            handles, labels, loc="outside upper center", ncols=style.legend_columns(labels, 6.4, 4)
        )
        notes = [
            "The attacker sees the predicted label and the gradient, or SmoothGrad in its place. "
            "No defence and SmoothGrad: targets at the highest overfitting level reached. DP-SGD: "
            f"the gradient of a target trained with (epsilon, {delta:g})-differential privacy, and "
            "the same training with neither clipping nor noise."
        ]
        if len(table):
            notes.append(
                f"Bars: 95 % intervals over the seeds ({style.count(table['samplings'])}). Long "
                "bars are cut off at the panel's edge."
            )
        style.footer(figure, notes, sources)
    return figure


def _panel(axes: Axes, part: pd.DataFrame, metric: str, colours: dict[float, object]) -> None:
    private = part[part["defence"] == PRIVATE].sort_values("epsilon")
    axes.plot(private["test_accuracy"], private[metric], color="0.6", linewidth=0.8, zorder=1)
    for row in part.sort_values("epsilon", na_position="first").to_dict("records"):
        kind = str(row["defence"])
        label = _LABELS[kind]
        colour: object = _COLOURS.get(kind)
        if kind == PRIVATE:
            label += f", epsilon {row['epsilon']:g}"
            colour = colours[float(row["epsilon"])]
        bars = {}
        for axis, name in (("x", "test_accuracy"), ("y", metric)):
            ends = np.array([row[name] - row[f"{name}_low"], row[f"{name}_high"] - row[name]])
            bars[f"{axis}err"] = np.clip(np.nan_to_num(ends), 0, None)[:, None]
        axes.errorbar(
            [row["test_accuracy"]],
            [row[metric]],
            **bars,
            fmt=_MARKERS[kind],
            color=colour,
            markeredgecolor="white",
            markeredgewidth=0.5,
            markersize=6,
            elinewidth=0.8,
            capsize=1.5,
            label=label,
            zorder=3,
        )
    # Long bars must not flatten what they belong to.
    for axis, name, room in (("x", "test_accuracy", 0.1), ("y", metric, 0.1)):
        low, high = part[name].min() - room, part[name].max() + room
        limits = axes.get_xlim() if axis == "x" else axes.get_ylim()
        chosen = max(limits[0], low), min(limits[1], high)
        (axes.set_xlim if axis == "x" else axes.set_ylim)(*chosen)
