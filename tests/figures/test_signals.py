"""Figures 3, 4 and 12 and the defences: they show the numbers, and every word fits the page."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from leakcore.evaluation import records
from leakcore.evaluation.signals import PAIRS
from leakcore.figures import defence, fig3, fig4, fig12, style

from .test_fig1 import table as measured
from .test_fig1 import words


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def inside(figure):
    """Whether all words lie on the page."""
    figure.canvas.draw()
    page = figure.bbox
    legends = [*figure.legends, *(a.get_legend() for a in figure.axes if a.get_legend())]
    texts = [*figure.texts, figure._supxlabel, *(axes.title for axes in figure.axes)]
    texts += [axes.xaxis.label for axes in figure.axes] + [axes.yaxis.label for axes in figure.axes]
    texts += [text for legend in legends for text in legend.get_texts()]
    boxes = [text.get_window_extent() for text in texts if text.get_text()]
    return all(
        page.x0 <= b.x0 and b.x1 <= page.x1 and page.y0 <= b.y0 and b.y1 <= page.y1 for b in boxes
    )


def correlations(names=("purchase", "digits"), seeds=3):
    rows = []
    for name in names:
        for level in (0.0, 0.1, 0.2):
            for place, (first, second) in enumerate(PAIRS):
                r = (-1) ** place * (0.1 + level)
                ends = (r - 0.05, r + 0.05)
                over = ends if seeds > 1 else (np.nan, np.nan)
                rows.append(
                    (name, "synthetic", level, first, second, seeds, level, r, *over, *ends)
                )
    columns = ["dataset", "source", "level", "first", "second", "samplings", "gap", "correlation"]
    ends = ["correlation_low", "correlation_high", "within_low", "within_high"]
    return pd.DataFrame(rows, columns=columns + ends)


@pytest.mark.parametrize("panels", [1, 2, 4])
def test_figure_3_fits(panels):
    names = ("purchase", "digits", "texas", "hospital")[:panels]
    assert inside(fig3.draw(correlations(names), names))


@pytest.mark.parametrize("seeds", [1, 3])
def test_figure_3_shows_absolute_values_with_their_intervals(seeds):
    (axes,) = fig3.draw(correlations(("digits",), seeds), ["digits"]).axes
    lines = list(axes.containers)
    assert len(lines) == len(PAIRS)
    for line in lines:
        np.testing.assert_allclose(line.lines[0].get_ydata(), [0.1, 0.2, 0.3])
        segments = line.lines[2][0].get_segments()
        np.testing.assert_allclose(segments[0][:, 1], [0.05, 0.15])
    # The second pair is negative: hollow.
    hollow = [m for m in axes.lines if m.get_markerfacecolor() == "white" and len(m.get_xdata())]
    assert len(hollow) == 1


def test_figure_3_says_what_is_missing_and_what_is_a_standin():
    figure = fig3.draw(correlations(("purchase",)), ["purchase", "hospital"])
    assert "no overfitting level was reached" in words(figure)
    assert "Purchase (stand-in)" in words(figure)


def smoothed(seeds=3):
    rng = np.random.default_rng(0)
    counts = [0, 1, 4, 16]
    norms = pd.DataFrame(
        {
            "member": np.tile([True, False], 400),
            "samples": np.repeat(counts, 200),
            "norm": rng.gamma(2, 1, 800),
            "gap": 0.2,
        }
    )
    rows = [
        ("digits", "package", attack, count, seeds, 0.2, 0.6, 0.55, 0.65, 0.5, 0.7)
        for attack in ("network", "norm-tree")
        for count in counts
    ]
    columns = ["dataset", "source", "attack", "samples", "samplings", "gap", "accuracy"]
    ends = ["accuracy_low", "accuracy_high", "within_low", "within_high"]
    return norms, pd.DataFrame(rows, columns=columns + ends)


def test_figure_4_fits_and_shows_every_kind_and_count():
    norms, accuracy = smoothed()
    figure = fig4.draw(norms, accuracy, noise=1.0)
    assert inside(figure)
    left, right = figure.axes
    labels = left.get_legend_handles_labels()[1]
    assert labels == ["members", "non-members"]
    assert [t.get_text() for t in left.get_xticklabels()] == ["none", "1", "4", "16"]
    assert [t.get_text() for t in right.get_xticklabels()] == ["none", "1", "4", "16"]
    medians = norms[norms["member"]].groupby("samples")["norm"].median().tolist()
    drawn = [c.lines[0].get_ydata()[0] for c in left.containers]
    assert set(medians) <= set(drawn)


def test_figure_4_without_a_level_says_so():
    norms, accuracy = smoothed()
    figure = fig4.draw(norms.iloc[:0], accuracy.iloc[:0], noise=1.0)
    assert words(figure).count("no overfitting level was reached") == 2


def explained(names):
    frames = [
        measured(("digits", "purchase")).query("access == 'gradient'").assign(explanation=name)
        for name in names
    ]
    return pd.concat(frames, ignore_index=True)


def test_figure_12_fits_and_draws_one_line_an_explanation():
    names = [*style.EXPLANATION_LOOKS, "signed-gradient"]
    attacked = {name: ["digits", "purchase"] for name in names}
    figure = fig12.draw(explained(names), ["digits", "purchase"], attacked)
    assert inside(figure)
    labels = [c.get_label() for c in figure.axes[0].containers]
    assert len(labels) == len(names)
    assert labels[-1] == "signed-gradient"  # a new explanation needs no look of its own


def test_figure_12_says_where_an_explanation_was_not_run():
    attacked = {"gradient": ["digits", "purchase"], "lime": ["digits"], "kernel-shap": ["digits"]}
    figure = fig12.draw(explained(["gradient"]), ["digits", "purchase"], attacked)
    said = " ".join(words(figure).split())
    assert "Not run on Purchase, for the cost: LIME, kernel SHAP." in said
    everywhere = fig12.draw(explained(["gradient"]), ["digits"], {"gradient": ["digits"]})
    assert "not run" not in words(everywhere).lower()


def test_explanations_look_different():
    looks = style.explanation_looks([*style.EXPLANATION_LOOKS, "a", "b", "c"])
    assert len({look.colour for look in looks.values()}) == len(looks)
    assert len({look.marker for look in looks.values()}) == len(looks)


def defences():
    rows = [
        ("digits", "package", kind, epsilon, 3, test, attack, tpr)
        for kind, epsilon, test, attack, tpr in (
            ("none", np.nan, 0.9, 0.7, 0.1),
            ("smoothgrad", np.nan, 0.9, 0.5, 0.01),
            ("sgd", np.nan, 0.8, 0.6, 0.05),
            ("dp-sgd", 1.0, 0.5, 0.5, 0.01),
            ("dp-sgd", 8.0, 0.7, 0.55, 0.02),
        )
    ]
    columns = ["dataset", "source", "defence", "epsilon", "samplings"]
    table = pd.DataFrame(rows, columns=[*columns, "test_accuracy", "accuracy", "tpr_at_fpr_0.01"])
    for name in ("test_accuracy", "accuracy", "tpr_at_fpr_0.01"):
        table[f"{name}_low"], table[f"{name}_high"] = table[name] - 0.02, table[name] + 0.02
    return table


def test_the_defences_fit_and_are_told_apart():
    figure = defence.draw(defences(), delta=1e-4)
    assert inside(figure)
    left, right = figure.axes
    labels = [
        "no defence",
        "SmoothGrad",
        "trained as DP-SGD, unprotected",
        "DP-SGD, epsilon 1",
        "DP-SGD, epsilon 8",
    ]
    for axes, column in ((left, "accuracy"), (right, "tpr_at_fpr_0.01")):
        assert [c.get_label() for c in axes.containers] == labels
        drawn = [c.lines[0].get_xydata()[0].tolist() for c in axes.containers]
        assert drawn == defences()[["test_accuracy", column]].to_numpy().tolist()
    assert "0.0001" in words(figure)


def test_no_defence_to_show_is_said():
    figure = defence.draw(defences().iloc[:0], delta=1e-4)
    assert "no overfitting level was reached" in words(figure)


def test_figures_without_any_level_are_drawn():
    rows = correlations().iloc[:0]
    table = records.average(
        rows, ["dataset", "source", "level", "first", "second"], ["correlation"]
    )
    assert "no overfitting level was reached" in words(fig3.draw(table, ["digits"]))
    none = explained(["gradient"]).iloc[:0]
    figure = fig12.draw(none, ["digits"], {"gradient": ["digits"]})
    assert "no overfitting level was reached" in words(figure)
