"""Figure 12: attack accuracy for every explanation, over overfitting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from leakcore.figures import fig1, style

# The attacker sees the predicted label and the explanation.
ACCESS = "gradient"


def draw(
    table: pd.DataFrame,
    datasets: Sequence[str],
    explanations: Mapping[str, Sequence[str]],
) -> Figure:
    """Draw Figure 12, in the manner of Figure 1: one panel a data set, one line an explanation.

    Parameters
    ----------
    table : as for `fig1.draw`; rows of other kinds of access than `ACCESS` are left out.
    datasets : the panels.
    explanations : those to show, each with the data sets that it was attacked on. The figure says
        where these are not all.
    """
    shown = table[(table["access"] == ACCESS) & table["explanation"].isin(list(explanations))]
    looks = style.explanation_looks(list(explanations))
    partly: dict[str, list[str]] = {}
    for name, attacked in explanations.items():
        if missing := [dataset for dataset in datasets if dataset not in attacked]:
            words = ", ".join(style.pretty(dataset) for dataset in missing)
            partly.setdefault(words, []).append(looks[name].label)
    notes = ["The attacker sees the predicted label and one explanation of each point."]
    notes += [f"Not run on {k}, for the cost: {', '.join(v)}." for k, v in partly.items()]
    return fig1.draw(shown.assign(access=shown["explanation"]), datasets, looks=looks, notes=notes)
