"""Finding: what attacks of a harmless-looking accuracy find at low false-positive rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from leakcore.evaluation import findings
from leakcore.figures import style


def draw(table: pd.DataFrame, datasets: Sequence[str] | None = None) -> Figure:
    """Draw one row of panels a resolvable false-positive rate, one column a data set.

    Parameters
    ----------
    table : rows of `leakcore.evaluation.findings.low_fpr_table`, one mark each.
    datasets : the columns, in this order; one without rows says so. By default those in the table.
    """
    names = list(dict.fromkeys(table["dataset"])) if datasets is None else list(datasets)
    sources = dict(zip(table["dataset"], table["source"], strict=True))
    looks = style.access_looks(table["access"])
    # Fewer non-members than this resolve no such rate.
    resolved = [
        fpr for fpr in findings.FPRS if (table["nonmembers"] * fpr >= 1).any()
    ] or findings.FPRS[:1]
    rows, columns = len(resolved), max(1, len(names))
    with style.theme():
        figure, grid = plt.subplots(
            rows,
            columns,
            figsize=(max(4.4, 1.75 * columns), 2.1 * rows + 1.2),
            sharex="col",
            sharey="row",
            squeeze=False,
            layout="constrained",
        )
        for fpr, row in zip(resolved, grid, strict=True):
            for name, axes in zip(names, row, strict=True):
                part = table[table["dataset"] == name]
                _panel(axes, part[part["nonmembers"] * fpr >= 1], fpr, looks, empty=part.empty)
            row[0].set_ylabel(f"members found (%)\nat {100 * fpr:g} % false positives")
            row[0].set_yscale("log")
            row[0].set_ylim(_floor(fpr), 125)
            style.plain_percent(row[0])
        for name, axes in zip(names, grid[0], strict=True):
            axes.set_title(style.wrapped(name, sources.get(name, "")))
        for axes in grid[-1]:
            axes.set_xlabel("attack accuracy (%)")
        entries = dict(
            chain.from_iterable(
                zip(labels, handles, strict=True)
                for handles, labels in (axes.get_legend_handles_labels() for axes in grid.flat)
            )
        )
        figure.legend(
            list(entries.values()),
            list(entries),
            loc="outside upper center",
            ncols=style.legend_columns(list(entries), figure.get_figwidth(), 4),
            columnspacing=1.2,
        )
        style.footer(figure, _notes(table, resolved), sources)
    return figure


def _panel(
    axes: Axes, part: pd.DataFrame, fpr: float, looks: Mapping[str, style.Look], *, empty: bool
) -> None:
    metric = f"tpr_at_fpr_{fpr:g}"
    axes.axhline(100 * fpr, color="0.5", linewidth=0.8, linestyle=":", label="guessing")
    if part.empty:
        axes.set_xticks([])
        words = "no overfitting level\nwas reached" if empty else "too few non-members"
        style.empty(axes, words)
        return
    span = 100 * part["accuracy"].to_numpy(float)
    left, right = min(48.0, span.min() - 1.5), max(56.0, span.max() + 1.5)
    grid = np.linspace(50, right, 100)
    axes.plot(
        grid,
        100 * findings.gaussian_tpr(grid / 100, fpr),
        color="0.35",
        linewidth=0.9,
        linestyle="--",
        label="Gaussian, that accuracy",
    )
    floor = _floor(fpr)
    for access, look in looks.items():
        marks = part[part["access"] == access]
        if marks.empty:
            continue
        middle, low, high = _rates(marks, metric, floor)
        axes.errorbar(
            100 * marks["accuracy"],
            middle,
            yerr=[middle - low, high - middle],
            linestyle="none",
            color=look.colour,
            marker=look.marker,
            markeredgecolor="white",
            markeredgewidth=0.4,
            elinewidth=0.5,
            clip_on=False,
            label=look.label,
        )
    axes.set_xlim(left, right)
    axes.locator_params(axis="x", nbins=5)
    axes.grid(axis="y", color="0.92")


def _floor(fpr: float) -> float:
    """The lower edge of a panel in percent, where rates of 0 are drawn."""
    return 25 * fpr


def _rates(part: pd.DataFrame, metric: str, floor: float) -> NDArray[np.float64]:
    """Return means and ends of the bars in percent, (3, n), nothing below the panel's edge.

    Bars are over seeds, or within the seed where there is only one.
    """
    single = part["seeds"].to_numpy() == 1
    ends = [
        np.where(single, part[f"{metric}_within_{end}"], part[f"{metric}_{end}"])
        for end in ("low", "high")
    ]
    values = np.array([part[metric], *ends], dtype=np.float64)
    # Rates lie between 0 and 1; Student's interval does not know.
    rates: NDArray[np.float64] = np.clip(100 * values, floor, 100)
    return rates


def _notes(table: pd.DataFrame, resolved: Sequence[float]) -> list[str]:
    notes = [
        "One mark an overfitting level. Members found: true-positive rate. Dashed: equally spread "
        "Gaussian scores of that accuracy; marks above it leak more of few members than their "
        "accuracy tells. On the lower edge: none found."
    ]
    if table.empty:
        return notes
    fewest, most = int(table["seeds"].min()), int(table["seeds"].max())
    over = f"{most}" if max(fewest, 2) >= most else f"{max(fewest, 2)} to {most}"
    bars = "Bars: 95 % intervals "
    bars += "within the seed (bootstrap)" if most == 1 else f"over {over} seeds"
    notes.append(
        bars
        + (", within the seed where only one reached the level." if 1 == fewest < most else ".")
    )
    few, many = int(table["nonmembers"].min()), int(table["nonmembers"].max())
    count = f"{few:,}" if few == many else f"{few:,} to {many:,}"
    notes.append(
        f"Rates rest on {count} non-members, so no false-positive rate below "
        f"{100 / many:.2g} % can be told from 0."
    )
    lost = [fpr for fpr in findings.FPRS if fpr not in resolved]
    if lost:
        notes[-1] = notes[-1][:-1] + (
            f"; {' and '.join(f'{100 * fpr:g} %' for fpr in lost)} is not shown for that reason."
        )
    return notes
