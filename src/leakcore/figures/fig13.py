"""Figure 13: the generator of synthetic data at three features."""

from __future__ import annotations

from itertools import combinations, product

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from leakcore.figures import style

_LOOKS = (
    ("#0072B2", "o"),
    ("#D55E00", "^"),
    ("#009E73", "s"),
    ("#CC79A7", "D"),
    ("#E69F00", "v"),
    ("#56B4E9", "P"),
    ("#000000", "X"),
    ("#F0E442", "*"),
)


def draw(table: pd.DataFrame) -> Figure:
    """Draw Figure 13: the points of every class around its corner of the cube.

    Parameters
    ----------
    table : one row a point: `x1`, `x2`, `x3`, `class`, and its class's corner `corner1` to
        `corner3` (see `leakcore.evaluation.generator.cube_rows`).
    """
    with style.theme(), plt.rc_context({"grid.color": "0.88"}):
        figure = plt.figure(figsize=(4.2, 4.0), layout="constrained")
        axes = figure.add_subplot(projection="3d")
        for start, end in combinations(product((-1, 1), repeat=3), 2):
            if np.abs(np.subtract(start, end)).sum() == 2:
                axes.plot(*zip(start, end, strict=True), color="0.35", linewidth=0.8)
        for name, part in table.groupby("class"):
            colour, marker = _LOOKS[int(str(name)) % len(_LOOKS)]
            axes.scatter(
                part["x1"],
                part["x2"],
                part["x3"],
                s=10,
                color=colour,
                marker=marker,
                linewidths=0,
                alpha=0.6,
                label=f"class {int(str(name)) + 1}",
            )
            corner = part[["corner1", "corner2", "corner3"]].iloc[0].to_numpy(float)
            axes.scatter(
                *corner, s=70, color=colour, marker=marker, edgecolors="black", linewidths=1.0
            )
        reach = float(np.ceil(np.abs(table[["x1", "x2", "x3"]].to_numpy()).max()))
        for place, name in enumerate("xyz", start=1):
            axes.set(**{f"{name}lim": (-reach, reach), f"{name}label": f"feature {place}"})
            axis = getattr(axes, f"{name}axis")
            axis.set_major_locator(MultipleLocator(2))
            axis.set_pane_color("white")
            axis.labelpad = -4
        axes.tick_params(pad=-2)
        axes.grid(visible=True)
        axes.view_init(elev=20, azim=-62)
        axes.set_box_aspect((1, 1, 1))
        figure.legend(loc="outside upper center", ncols=4, markerscale=1.8)
        style.footer(
            figure,
            [
                f"{len(table):,} points of make_classification with three features. Large markers: "
                "the corner of the cube that is the centre of a class. A random matrix stretches "
                "each class."
            ],
            {},
        )
    return figure
