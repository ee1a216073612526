import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from leakcore.evaluation import records
from leakcore.figures import fig5, fig14

VALUES = ["correlation", "train_accuracy", "test_accuracy"]


def table(networks=("base",), runs=3):
    rng = np.random.default_rng(0)
    rows = [
        {
            "network": network,
            "n_classes": k,
            "n_features": n,
            "seed": seed,
            "correlation": -0.1 * np.log10(n) + 0.02 * rng.normal(),
            "train_accuracy": 0.9 + 0.01 * rng.random(),
            "test_accuracy": 0.6 + 0.01 * rng.random(),
        }
        for network in networks
        for k in (2, 100)
        for n in (1, 10, 1000)
        if 2**n >= k
        for seed in range(runs)
    ]
    return records.average(pd.DataFrame(rows), ["network", "n_classes", "n_features"], VALUES)


def lines(axes):
    """Return for each line its x, y, and the ends of its bars."""
    drawn = []
    for container in axes.containers:
        line, _, (bars,) = container.lines
        drawn.append((*line.get_data(), np.array([s[:, 1] for s in bars.get_segments()])))
    return drawn


def test_correlation_is_drawn_with_its_sign_reversed():
    summary = table()
    figure = fig5.draw(summary)
    for k, (x, y, bars) in zip((2, 100), lines(figure.axes[0]), strict=True):
        part = summary[summary["n_classes"] == k]
        np.testing.assert_array_equal(x, part["n_features"])
        np.testing.assert_allclose(y, -part["correlation"])
        np.testing.assert_allclose(bars[:, 0], -part["correlation_high"])
        np.testing.assert_allclose(bars[:, 1], -part["correlation_low"])
    assert "times −1" in figure.axes[0].get_ylabel()
    plt.close(figure)


def test_accuracies_are_drawn_as_they_are():
    summary = table()
    figure = fig5.draw(summary)
    drawn = lines(figure.axes[1])
    wanted = [(k, part) for k in (2, 100) for part in ("train_accuracy", "test_accuracy")]
    for (k, column), (_, y, bars) in zip(wanted, drawn, strict=True):
        part = summary[summary["n_classes"] == k]
        np.testing.assert_allclose(y, part[column])
        np.testing.assert_allclose(bars, part[[f"{column}_low", f"{column}_high"]])
    plt.close(figure)


def test_a_missing_correlation_is_a_gap():
    summary = table()
    summary.loc[1, ["correlation", "correlation_low", "correlation_high"]] = np.nan
    figure = fig5.draw(summary)
    line = figure.axes[0].containers[0].lines[0]
    assert np.isnan(line.get_ydata()).tolist() == [False, True, False]
    plt.close(figure)


@pytest.mark.parametrize(
    ("runs", "words"), [(1, "without intervals"), (4, "95 % intervals over 4 runs")]
)
def test_the_footer_says_what_the_bars_are(runs, words):
    figure = fig5.draw(table(runs=runs))
    text = figure._supxlabel.get_text().replace("\n", " ")
    assert words in text
    assert "stand-in" not in text  # these data are synthetic by definition
    assert "cut off" not in text
    plt.close(figure)


def test_a_bar_that_leaves_the_panel_is_told_of():
    summary = table()
    summary.loc[0, "test_accuracy_high"] = 1.4
    figure = fig5.draw(summary)
    assert "cut off" in figure._supxlabel.get_text()
    plt.close(figure)


def test_figure_14_has_a_column_for_each_network():
    names = ["small", "base", "big"]
    summary = table(names)
    figure = fig14.draw(summary, names)
    for name, above, below in zip(names, figure.axes[:3], figure.axes[3:], strict=True):
        assert above.get_title() == f"{name} network"
        part = summary[(summary["network"] == name) & (summary["n_classes"] == 2)]
        np.testing.assert_allclose(lines(above)[0][1], -part["correlation"])
        np.testing.assert_allclose(lines(below)[0][1], part["train_accuracy"])
    plt.close(figure)


@pytest.mark.parametrize("names", [["base"], ["small", "base", "big"]])
def test_every_text_is_inside_the_figure(names):
    summary = table(names)
    for figure in (fig5.draw(summary), fig14.draw(summary, names)):
        figure.canvas.draw()
        page = figure.bbox
        labels = [label for axes in figure.axes for label in (axes.xaxis.label, axes.yaxis.label)]
        titles = [axes.title for axes in figure.axes]
        legend = figure.legends[0].get_texts()
        for text in [figure._supxlabel, *legend, *labels, *titles]:
            box = text.get_window_extent()
            assert page.x0 <= box.x0, text
            assert box.x1 <= page.x1, text
            assert page.y0 <= box.y0, text
            assert box.y1 <= page.y1, text
        plt.close(figure)
