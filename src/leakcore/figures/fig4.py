"""Figure 4: the 1-norm of the smoothed gradient, and the attack, against the number of samples."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from leakcore.figures import style

_KINDS = {True: ("members", "#D55E00", -0.2), False: ("non-members", "#0072B2", 0.2)}
_ATTACKS = {
    "network": style.Look("network on the explanation", "#000000", "o"),
    "norm-tree": style.Look("tree on its 1-norm", "#009E73", "v"),
}
_SHOWN = 1500  # points of a kind drawn; quantiles are of all


def draw(norms: pd.DataFrame, accuracy: pd.DataFrame, *, noise: float) -> Figure:
    """Draw Figure 4.

    Parameters
    ----------
    norms : one row a point and number of samples of one run: `member`, `samples`, `norm`, `gap`.
    accuracy : one row an attack and number of samples: `dataset`, `source`, `attack`, `samples`,
        `samplings` (seeds), `gap`, and `accuracy` with `accuracy_low`, `accuracy_high` over the
        seeds, or `within_low`, `within_high` where there is one seed only. Both tables are empty
        if no overfitting level was reached.
    noise : standard deviation of the noise.
    """
    with style.theme():
        figure, (left, right) = plt.subplots(
            1, 2, figsize=(6.8, 3.2), width_ratios=[1.5, 1], layout="constrained"
        )
        left.set_ylabel("1-norm of smoothed gradient")
        right.set_ylabel("attack accuracy")
        notes, sources = [], {}
        if norms.empty or accuracy.empty:
            for axes in (left, right):
                style.empty(axes, "no overfitting level was reached")
                axes.set_xticks([])
                axes.set_yticks([])
        else:
            name, source = str(accuracy["dataset"].iloc[0]), str(accuracy["source"].iloc[0])
            sources[name] = source
            counts = sorted(norms["samples"].unique())
            _clouds(left, norms, counts)
            _lines(right, accuracy, counts)
            for axes in (left, right):
                axes.set_xticks(range(len(counts)), ["none" if c == 0 else str(c) for c in counts])
                axes.set_xlabel("samples")
                axes.set_title(style.standin_label(name, source))
            kinds, lines = (axes.get_legend_handles_labels() for axes in (left, right))
            handles, labels = [*kinds[0], *lines[0]], [*kinds[1], *lines[1]]
            figure.legend(
                handles,
                labels,
                loc="outside upper center",
                ncols=style.legend_columns(labels, figure.get_figwidth(), 5),
            )
            notes = [
                f"Noise of standard deviation {noise:g}; none: the gradient without noise. Left: "
                f"one run (gap {norms['gap'].iloc[0]:.2f}), each dot a point, with median and "
                "quartiles of each kind.",
                f"Right: bars are 95 % intervals over the seeds "
                f"({style.count(accuracy['samplings'])}), within the seed where there is one. Long "
                "bars are cut off at the edge.",
            ]
        style.footer(figure, notes, sources)
    return figure


def _clouds(axes: Axes, norms: pd.DataFrame, counts: list[int]) -> None:
    jitter = np.random.default_rng(0)
    for member, (label, colour, side) in _KINDS.items():
        kind = norms[norms["member"] == member]
        for place, count in enumerate(counts):
            norm = kind.loc[kind["samples"] == count, "norm"].to_numpy(float)
            shown = norm[:: max(1, len(norm) // _SHOWN)]
            axes.plot(
                place + side + jitter.uniform(-0.15, 0.15, len(shown)),
                shown,
                ".",
                color=colour,
                markersize=1.6,
                markeredgewidth=0,
                alpha=0.35,
                rasterized=True,
            )
            low, median, high = np.quantile(norm, [0.25, 0.5, 0.75])
            axes.errorbar(
                place + side,
                median,
                yerr=[[median - low], [high - median]],
                fmt="_",
                color="white",
                elinewidth=3.2,
                markersize=9,
                markeredgewidth=3.2,
            )
            axes.errorbar(
                place + side,
                median,
                yerr=[[median - low], [high - median]],
                fmt="_",
                color=colour,
                elinewidth=1.6,
                markersize=8,
                markeredgewidth=1.8,
                label=label if place == 0 else None,
            )
    if (norms["norm"] > 0).all():
        axes.set_yscale("log")
        style.plain_percent(axes)
    axes.grid(axis="y", color="0.9")
    axes.set_axisbelow(True)


def _lines(axes: Axes, accuracy: pd.DataFrame, counts: list[int]) -> None:
    axes.axhline(0.5, color="0.5", linewidth=0.8, linestyle=":", label="chance", zorder=1)
    axes.grid(axis="y", color="0.9")
    axes.set_axisbelow(True)
    for turn, (attack, look) in enumerate(_ATTACKS.items()):
        line = accuracy[accuracy["attack"] == attack].set_index("samples").reindex(counts)
        single = line["samplings"] == 1
        mean = line["accuracy"].to_numpy(float)
        low, high = (
            np.where(single, line[f"within_{end}"], line[f"accuracy_{end}"]).astype(float)
            for end in ("low", "high")
        )
        axes.errorbar(
            np.arange(len(counts)) + 0.16 * turn - 0.08,
            mean,
            yerr=np.clip([mean - low, high - mean], 0, None),
            color=look.colour,
            marker=look.marker,
            markeredgecolor="white",
            markeredgewidth=0.4,
            elinewidth=0.7,
            capsize=1.5,
            label=look.label,
        )
    bottom, top = axes.get_ylim()
    middle = accuracy["accuracy"]
    axes.set_ylim(
        max(bottom, min(0.45, middle.min() - 0.12)), min(top, max(0.6, middle.max() + 0.12))
    )
