"""Figure 5: how the gradient's 1-norm follows membership, over the data's dimension."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from leakcore.figures import style

CORRELATION = "correlation of 1-norm\nwith membership, times −1"
ACCURACY = "accuracy of\nthe target model"
# Colour and marker of the numbers of classes, in their order.
_LOOKS = (("#0072B2", "o"), ("#D55E00", "s"), ("#009E73", "^"), ("#CC79A7", "D"))
_FRAME = (-0.03, 1.05)  # of the accuracies
_PARTS = {"train_accuracy": ("train", "-"), "test_accuracy": ("test", "--")}


def draw(table: pd.DataFrame) -> Figure:
    """Draw Figure 5: the correlation, and the accuracies that explain it, of one network.

    The correlation is drawn with its sign reversed, as the amount that the paper tells of: above 0
    where members have the smaller gradients.

    Parameters
    ----------
    table : one row a number of features and of classes: `n_features`, `n_classes`, `samplings`
        (runs), and for `correlation` (of the 1-norm with membership), `train_accuracy` and
        `test_accuracy` the mean and its interval `_low`, `_high`.
    """
    with style.theme():
        figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 2.9), layout="constrained")
        correlations(left, table)
        accuracies(right, table)
        left.set_ylabel(CORRELATION)
        right.set_ylabel(ACCURACY)
        frame([left, right], table)
        legend(figure, table)
        style.footer(figure, notes(table), {})
    return figure


def correlations(axes: Axes, table: pd.DataFrame) -> None:
    """Draw the correlation of 1-norm and membership, sign reversed, one line a number of classes.

    Parameters
    ----------
    axes : to draw in.
    table : as for `draw`, of one network.
    """
    axes.axhline(0, color="0.5", linewidth=0.8, linestyle=":", zorder=1)
    for k, (colour, marker) in _looks(table).items():
        _line(axes, table[table["n_classes"] == k], "correlation", -1, colour, marker, "-")


def accuracies(axes: Axes, table: pd.DataFrame) -> None:
    """Draw the accuracy on members and on non-members, one pair a number of classes.

    Parameters
    ----------
    axes : to draw in.
    table : as for `draw`, of one network.
    """
    for k, (colour, marker) in _looks(table).items():
        for column, (_, dash) in _PARTS.items():
            _line(axes, table[table["n_classes"] == k], column, 1, colour, marker, dash)
    axes.set_ylim(*_FRAME)


def frame(panels: Sequence[Axes], table: pd.DataFrame) -> None:
    """Give all panels the same logarithmic axis of the number of features."""
    low, high = float(table["n_features"].min()), float(table["n_features"].max())
    for axes in panels:
        axes.set_xscale("log")
        axes.set_xlim(low / 1.3, high * 1.3)
        style.log_ticks(axes, low, high)
        axes.grid(axis="y", color="0.9")
        axes.set_axisbelow(True)
        axes.set_xlabel("number of features $n$")


def legend(figure: Figure, table: pd.DataFrame) -> None:
    """Tell the numbers of classes by colour, and train from test accuracy by the dash."""
    entries = [
        _sample(f"$k$ = {k}", color=colour, marker=marker)
        for k, (colour, marker) in _looks(table).items()
    ]
    entries += [
        _sample(f"{part} accuracy", color="0.3", linestyle=dash, marker="o", markerfacecolor=face)
        for (part, dash), face in zip(_PARTS.values(), ("0.3", "white"), strict=True)
    ]
    figure.legend(handles=entries, loc="outside upper center", ncols=len(entries))


def notes(table: pd.DataFrame) -> list[str]:
    """Say what the panels and their bars show."""
    runs = style.count(table["samplings"])
    bars = "one run, without intervals" if runs == "1" else f"bars: 95 % intervals over {runs} runs"
    cut = " Bars are cut off at the panel's edge." if _cut(table) else ""
    return [
        f"Data of make_classification, half of them members; Pearson correlation; {bars}. "
        "Above 0, members have the smaller gradients."
        f"{cut}"
    ]


def _cut(table: pd.DataFrame) -> bool:
    """Return whether an accuracy's interval leaves its panel."""
    low, high = _FRAME
    return bool(
        any(
            (table[f"{part}_high"] > high).any() or (table[f"{part}_low"] < low).any()
            for part in _PARTS
        )
    )


def _sample(label: str, **look: Any) -> Line2D:
    return Line2D([], [], label=label, **look)


def _looks(table: pd.DataFrame) -> dict[int, tuple[str, str]]:
    classes = sorted(int(k) for k in table["n_classes"].unique())
    return {k: _LOOKS[place % len(_LOOKS)] for place, k in enumerate(classes)}


def _line(
    axes: Axes, part: pd.DataFrame, column: str, sign: int, colour: str, marker: str, dash: str
) -> None:
    part = part.sort_values("n_features")
    mean = sign * part[column].to_numpy(float)
    ends = sign * part[[f"{column}_low", f"{column}_high"]].to_numpy(float).T
    axes.errorbar(
        part["n_features"],
        mean,
        yerr=np.abs(ends[::sign] - mean),
        color=colour,
        marker=marker,
        markersize=3.5,
        markerfacecolor="white" if dash == "--" else colour,
        markeredgewidth=0.8,
        linestyle=dash,
        elinewidth=0.7,
        capsize=1.5,
    )
