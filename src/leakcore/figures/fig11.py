"""Figure 11: the attack network, its sub-networks and the layers that join them."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from leakcore.figures import style

_JOINT = "joint"
_SEES = {
    "predicted": "predicted label\n(one-hot)",
    "label": "true label\n(one-hot)",
    "probabilities": "prediction\nvector",
    "explanation": "explanation",
}
# An input, a layer of a sub-network, a final layer.
_COLOURS = ("#F0E442", "#56B4E9", "#E69F00")
_WIDTH, _HEIGHT, _STEP = 1.0, 0.56, 1.45


def draw(table: pd.DataFrame) -> Figure:
    """Draw Figure 11, from the inputs on the left to the score on the right.

    Parameters
    ----------
    table : one row a layer (see `leakcore.attacks.layout.layers`): `sub_network`, `layer`,
        `inputs`, `outputs`, `parameters`, and `dataset`, `source`, which the widths are of.
    """
    stacks = {name: part.sort_values("layer") for name, part in table.groupby("sub_network")}
    joint = stacks.pop(_JOINT)
    names = [name for name in dict.fromkeys(table["sub_network"]) if name in stacks]
    unknown = [name for name in names if name not in _SEES]
    if unknown:
        raise ValueError(f"no words for the sub-network {unknown}; add them to fig11._SEES")
    deepest = max(len(part) for part in stacks.values())
    merge = (deepest + 1) * _STEP
    middle = (len(names) - 1) / 2
    with style.theme():
        figure, axes = plt.subplots(figsize=(7.2, 0.72 * len(names) + 0.6), layout="constrained")
        for row, name in enumerate(names):
            y, part = len(names) - 1 - row, stacks[name]
            _box(axes, 0, y, f"{part['inputs'].iloc[0]:,}", _COLOURS[0])
            axes.text(-0.75 * _WIDTH, y, _SEES[name], ha="right", va="center")
            for place, outputs in enumerate(part["outputs"], start=1):
                # The last layers stand under each other: all of them feed the same one.
                column = place if place < len(part) else deepest
                before = (place - 1) * _STEP
                _box(axes, column * _STEP, y, f"{outputs:,}", _COLOURS[1])
                _arrow(axes, (before + _WIDTH / 2, y), (column * _STEP - _WIDTH / 2, y))
            _arrow(axes, (deepest * _STEP + _WIDTH / 2, y), (merge - _WIDTH / 2, y))
        widths = [joint["inputs"].iloc[0], *joint["outputs"]]
        for place, width in enumerate(widths):
            x = merge + place * _STEP
            tall = len(names) - 1 + _HEIGHT if place == 0 else _HEIGHT
            _box(axes, x, middle, f"{width:,}", _COLOURS[2], tall)
            if place:
                _arrow(axes, (x - _STEP + _WIDTH / 2, middle), (x - _WIDTH / 2, middle))
        right = merge + (len(widths) - 1) * _STEP
        axes.text(merge, len(names) - 1 + _HEIGHT, "concatenated", ha="center", va="bottom")
        axes.text(right, middle + 0.7 * _HEIGHT, "membership\nscore", ha="center", va="bottom")
        axes.set_xlim(-3.0 * _WIDTH, right + 0.8 * _WIDTH)
        axes.set_ylim(-0.6 * _HEIGHT, len(names) - 1 + 1.6 * _HEIGHT)
        axes.set_axis_off()
        style.footer(figure, _notes(table), {})
    return figure


def _notes(table: pd.DataFrame) -> list[str]:
    shown = style.standin_label(str(table["dataset"].iloc[0]), str(table["source"].iloc[0]))
    return [
        "Numbers are the units of a layer; layers are fully connected, with ReLU after each but "
        f"the last. Widths of the inputs as for {shown}; {table['parameters'].sum():,} parameters "
        "in all. A sub-network whose input the attacker does not see is left out."
    ]


def _box(axes: Axes, x: float, y: float, words: str, colour: str, height: float = _HEIGHT) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (x - _WIDTH / 2, y - height / 2),
            _WIDTH,
            height,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor=colour,
            edgecolor="0.2",
            linewidth=0.7,
        )
    )
    axes.text(x, y, words, ha="center", va="center")


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate(
        "",
        end,
        start,
        arrowprops={
            "arrowstyle": "-|>",
            "color": "0.2",
            "linewidth": 0.7,
            "shrinkA": 0,
            "shrinkB": 0,
            "mutation_scale": 7,
        },
    )
