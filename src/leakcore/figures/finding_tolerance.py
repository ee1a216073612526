"""Finding: what a solver's tolerance does to leave-one-out influence."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from leakcore.figures import style

PANELS = {"refit_error": "weights of the refit", "change_error": "refit minus full fit"}
MARKERS = "os^DvPX"


def draw(table: pd.DataFrame, default: float) -> Figure:
    """Draw errors against the tolerance, one line a data set, both axes logarithmic.

    Parameters
    ----------
    table : rows of `leakcore.evaluation.findings.tolerance_table`.
    default : the solver's own tolerance, which is marked.
    """
    names = list(dict.fromkeys(table["dataset"]))
    sources = dict(zip(table["dataset"], table["source"], strict=True))
    floor = _floor(table)
    with style.theme():
        figure, grid = plt.subplots(1, 2, figsize=(6.4, 3.2), sharey=True, layout="constrained")
        for axes, (error, title) in zip(grid, PANELS.items(), strict=True):
            axes.axhline(
                1, color="0.3", linewidth=0.8, linestyle=":", label="as large as the change itself"
            )
            axes.axvline(
                default, color="0.5", linewidth=0.8, linestyle="--", label="scikit-learn's default"
            )
            for place, (name, colour) in enumerate(
                zip(names, style.cycle(len(names) + 1)[:-1], strict=True)
            ):
                part = table[table["dataset"] == name].sort_values("tolerance")
                middle, low, high = (
                    part[f"{error}{end}"].clip(lower=floor) for end in ("", "_q1", "_q3")
                )
                features = int(part["n_features"].iloc[0])
                label = f"{style.standin_label(name, sources[name])}, {features:,} features"
                axes.fill_between(
                    part["tolerance"], low, high, color=colour, alpha=0.25, linewidth=0
                )
                axes.plot(
                    part["tolerance"],
                    middle,
                    color=colour,
                    marker=MARKERS[place % len(MARKERS)],
                    markersize=3.5,
                    label=label,
                )
            axes.set_xscale("log")
            axes.set_yscale("log")
            axes.invert_xaxis()
            axes.set_title(title)
            axes.set_xlabel("tolerance of the solver")
            axes.grid(axis="y", color="0.92")
            style.log_ticks(axes, table["tolerance"].min(), table["tolerance"].max())
            axes.xaxis.set_minor_locator(NullLocator())
        grid[0].set_ylabel("error / leave-one-out change")
        handles, labels = grid[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=2)
        style.footer(figure, _notes(table), sources)
    return figure


def _floor(table: pd.DataFrame) -> float:
    """The smallest positive error, where zeros are drawn on the logarithmic axis."""
    values = table[[f"{error}_q1" for error in PANELS]].to_numpy(float)
    return float(values[values > 0].min(initial=1.0))


def _notes(table: pd.DataFrame) -> list[str]:
    notes = [
        "One sampling: members left out one at a time and refitted by scikit-learn (lbfgs, C = 1, "
        "from zero), against exact refits. Euclidean errors of the weights, relative to the exact "
        f"change: median and quartiles of {style.count(table['points'])} members. Where a line is "
        "flat, lbfgs stops because the objective no longer falls, whatever the tolerance."
    ]
    gave_up = float(np.max(table["gave_up"]))
    if gave_up > 0:
        notes.append(
            f"Up to {100 * gave_up:.0f} % of the refits at one tolerance met the limit of "
            "iterations first."
        )
    return notes
