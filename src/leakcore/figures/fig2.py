"""Figure 2: a network on the whole gradient against a tree on its 1-norm."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from leakcore.figures import fig1

ACCESSES = ("gradient", "gradient-norm", "normalised-gradient")


def draw(table: pd.DataFrame, datasets: Sequence[str] | None = None) -> Figure:
    """Draw Figure 2, in the manner of Figure 1.

    Beside the paper's two attacks it shows the network on gradients of 1-norm 1, the ablation of
    Hypothesis 4.4 (2).

    Parameters
    ----------
    table, datasets : as for `fig1.draw`; rows of other kinds of access are left out.
    """
    return fig1.draw(table[table["access"].isin(ACCESSES)], datasets)
