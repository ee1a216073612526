"""Figure 1: attack accuracy against overfitting, one panel a data set, one line an access."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from leakcore.figures import style


def draw(
    table: pd.DataFrame,
    datasets: Sequence[str] | None = None,
    *,
    looks: Mapping[str, style.Look] | None = None,
    notes: Sequence[str] = (),
) -> Figure:
    """Draw Figure 1.

    Parameters
    ----------
    table : rows of `leakcore.evaluation.membership.summarise`; a missing row is a level that no
        run reached. Points lie at the mean gap that the targets had, with the interval over seeds,
        or within the one seed where there is only one.
    datasets : the panels, in this order; one without rows says so. By default those in the table.
    looks : of each line, by its name in the column `access`; by default `style.access_looks`.
    notes : further notes for the foot of the figure.
    """
    names = list(dict.fromkeys(table["dataset"])) if datasets is None else list(datasets)
    looks = style.access_looks(table["access"]) if looks is None else looks
    accesses = [access for access in looks if access in set(table["access"])]
    sources = dict(zip(table["dataset"], table["source"].astype(str), strict=True))
    with style.theme():
        figure, panels, columns = style.panels(
            names, sources, width=3.6, height=2.1, margin=0.9, ylabel="attack accuracy"
        )
        for name, axes in zip(names, panels, strict=True):
            part = table[table["dataset"] == name]
            _panel(axes, part, {access: looks[access] for access in accesses})
        entries = dict(
            chain.from_iterable(
                zip(labels, handles, strict=True)
                for handles, labels in (axes.get_legend_handles_labels() for axes in panels)
            )
        )
        figure.legend(
            list(entries.values()),
            list(entries),
            loc="outside upper center",
            ncols=style.legend_columns(list(entries), figure.get_figwidth(), 2 * columns),
            columnspacing=1.2,
            handlelength=1.8,
        )
        for axes in panels[:1]:  # the others share its axis; an empty table has no panel
            _frame(axes, table)
        style.footer(figure, [*_notes(table), *notes], sources)
    return figure


def _panel(axes: Axes, part: pd.DataFrame, looks: Mapping[str, style.Look]) -> None:
    axes.axhline(0.5, color="0.5", linewidth=0.8, linestyle=":", label="chance", zorder=1)
    axes.grid(axis="y", color="0.9")
    axes.set_axisbelow(True)
    if part.empty:
        style.empty(axes, "no overfitting level was reached")
        axes.set_xticks([])
        return
    drawn = [access for access in looks if access in set(part["access"])]
    shifts = style.gap_axis(axes, part["gap"].to_numpy(float), len(drawn))
    for shift, access in zip(shifts, drawn, strict=True):
        line, look = part[part["access"] == access].sort_values("gap"), looks[access]
        mean = line["accuracy"].to_numpy(float)
        low, high = _bars(line)
        axes.errorbar(
            line["gap"].to_numpy(float) + shift,
            mean,
            yerr=np.clip([mean - low, high - mean], 0, None),
            color=look.colour,
            linestyle=look.line,
            marker=look.marker,
            markeredgecolor="white",
            markeredgewidth=0.4,
            elinewidth=0.7,
            capsize=1.5,
            label=look.label,
        )


def _bars(part: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ends of the bars: over seeds, or within the seed where there is only one."""
    single = part["seeds"].to_numpy() == 1
    low, high = (
        np.where(single, part[f"accuracy_within_{end}"], part[f"accuracy_{end}"]).astype(float)
        for end in ("low", "high")
    )
    return low, high


def _frame(axes: Axes, table: pd.DataFrame) -> None:
    """Set the accuracy axis; the long bars of two seeds must not flatten all else."""
    if table.empty:
        axes.set_ylim(0.4, 1)
        return
    mean = table["accuracy"].to_numpy(float)
    low, high = _bars(table)
    bottom = max(low.min(), mean.min() - 0.1)
    top = min(high.max(), mean.max() + 0.1)
    axes.set_ylim(min(bottom, 0.48) - 0.01, max(top, 0.55) + 0.01)


def _notes(table: pd.DataFrame) -> list[str]:
    notes = [
        "Overfitting gap: train accuracy minus test accuracy of the target model. "
        + style.SIDE_BY_SIDE
    ]
    if table.empty:
        return notes
    fewest, most = int(table["seeds"].min()), int(table["seeds"].max())
    if most == 1:
        bars = "Bars: 95 % intervals within the seed (bootstrap over the test points)."
    else:
        fewest_over = max(fewest, 2)
        seeds = f"{most}" if fewest_over == most else f"{fewest_over} to {most}"
        bars = f"Bars: 95 % intervals over {seeds} seeds"
        bars += ", within the seed where only one reached the level." if fewest == 1 else "."
    low, high = _bars(table)
    mean = table["accuracy"].to_numpy(float)
    if low.min() < mean.min() - 0.1 or high.max() > mean.max() + 0.1:
        bars += " Long bars are cut off at the panel's edge."
    return [*notes, bars]
