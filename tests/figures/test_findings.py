"""The figures of the findings show their tables' numbers, and every text has its place."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from leakcore.evaluation import findings
from leakcore.evaluation.membership import measure
from leakcore.figures import finding_low_fpr, finding_rank, finding_tolerance
from leakcore.store import ScoreColumn, Scores

ACCESSES = ("gradient", "gradient+label", "prediction", "gradient+prediction", "loss", "new")
NAMES = {
    "breast_cancer": "package",
    "adult": "synthetic",
    "hospital": "mirror",
    "dogfish": "mirror",
}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def words(figure):
    return " ".join(text.get_text().replace("\n", " ") for text in figure.findobj(plt.Text))


def check_texts_inside(figure):
    figure.canvas.draw()
    page = figure.bbox
    legends = [text for legend in figure.legends for text in legend.get_texts()]
    labels = [
        text
        for axes in figure.axes
        for text in (axes.title, axes.xaxis.label, axes.yaxis.label, *axes.get_yticklabels())
    ]
    for text in [figure._supxlabel, *legends, *labels]:
        if text.get_text() and text.get_visible():
            box = text.get_window_extent()
            assert page.x0 <= box.x0, text
            assert box.x1 <= page.x1, text
            assert page.y0 <= box.y0, text
            assert box.y1 <= page.y1, text


def tolerance_table(names, gave_up=0.0):
    rows = [
        {
            "dataset": name,
            "source": NAMES[name],
            "n_features": 30,
            "n_train": 100,
            "tolerance": tolerance,
            "points": 20,
            **{
                f"{error}{end}": factor * 1e3 * tolerance
                for error in ("refit_error", "change_error")
                for end, factor in (("", 1), ("_q1", 0.5), ("_q3", 2))
            },
            "iterations": 9,
            "gave_up": gave_up,
        }
        for name in names
        for tolerance in (1e-2, 1e-4, 1e-10)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize("count", [1, 4])
def test_tolerance(count):
    table = tolerance_table(list(NAMES)[:count])
    table.loc[0, "refit_error_q1"] = 0  # no logarithm
    figure = finding_tolerance.draw(table, 1e-4)
    check_texts_inside(figure)
    for axes in figure.axes:
        lines = [line for line in axes.lines if "features" in line.get_label()]
        assert len(lines) == count
        assert sorted(lines[0].get_ydata()) == pytest.approx([1e-7, 0.1, 10])
    assert "limit of iterations" not in words(figure)
    assert "Up to 50 %" in words(finding_tolerance.draw(tolerance_table(["adult"], 0.5), 1e-4))
    assert ("Adult (stand-in)" in words(figure)) == (count == 4)


def rank_table(names, samplings=2):
    rows = [
        {
            "dataset": name,
            "source": NAMES[name],
            "seed": seed,
            "variant": variant,
            "n_features": 104,
            "n_train": 2000,
            "recovered": 90 + seed,
            "upper_bound": 92 + seed,
        }
        for name in names
        for seed in range(samplings)
        for variant in ("weights", "subspace")
    ]
    independent = [
        {"dataset": name, "seed": seed, "independent_columns": 92 + seed}
        for name in names
        for seed in range(samplings)
    ]
    return findings.rank_table(pd.DataFrame(rows), pd.DataFrame(independent))


@pytest.mark.parametrize("count", range(1, 5))
def test_rank(count):
    figure = finding_rank.draw(rank_table(list(NAMES)[:count]))
    check_texts_inside(figure)
    assert len(figure.axes) == count
    for axes in figure.axes:
        assert [bar.get_width() for bar in axes.patches] == [104, 92.5, 92.5, 90.5, 90.5]
    assert "over 2 samplings" in words(figure)


def test_rank_of_one_sampling_has_no_bars():
    figure = finding_rank.draw(rank_table(["adult"], samplings=1))
    assert not [c for c in figure.axes[0].containers if getattr(c, "has_xerr", False)]
    assert "Adult (stand-in)" in words(figure)


def low_fpr_table(names, n, seeds=2):
    frames = []
    for name in names:
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            member = np.arange(n) < n // 2
            columns = tuple(
                ScoreColumn(level, 0.8, 0.7, access, rng.normal(size=n) + member, 0.5)
                for level in (0.0, 0.2)
                for access in ACCESSES
            )
            scores = Scores(np.arange(n), member, columns)
            facts = {"dataset": name, "source": NAMES[name], "seed": seed}
            frames.append(
                measure(scores, explanation="gradient", attack="network", bootstrap=10, **facts)
            )
    return findings.low_fpr_table(pd.concat(frames))


def test_low_fpr_shows_the_rates():
    table = low_fpr_table(["adult"], 400)
    figure = finding_low_fpr.draw(table)
    check_texts_inside(figure)
    (axes,) = figure.axes
    drawn = {c.get_label(): c.lines[0].get_ydata() for c in axes.containers}
    assert len(drawn) == len(ACCESSES)
    gradient = table[table["access"] == "gradient"]["tpr_at_fpr_0.01"]
    floor = finding_low_fpr._floor(0.01)
    assert drawn["gradient"].tolist() == pytest.approx((100 * gradient).clip(lower=floor).tolist())
    assert "over 2 seeds" in words(figure)


def test_a_rate_below_one_non_member_is_not_shown_and_said():
    text = words(finding_low_fpr.draw(low_fpr_table(["hospital"], 400)))
    assert "at 1 % false positives" in text
    assert "at 0.1 % false positives" not in text
    assert "200 non-members" in text
    assert "0.1 % is not shown" in text


def test_a_rate_of_one_non_member_or_more_has_a_row_of_panels():
    table = low_fpr_table(["hospital"], 2000, seeds=1)
    few = low_fpr_table(["adult"], 400, seeds=1)
    figure = finding_low_fpr.draw(pd.concat([table, few]), ["hospital", "adult", "dogfish"])
    check_texts_inside(figure)
    text = words(figure)
    assert len(figure.axes) == 6
    assert "at 0.1 % false positives" in text
    assert "too few non-members" in text
    assert "no overfitting level" in text
    assert "within the seed (bootstrap)" in text


def test_low_fpr_without_rows():
    figure = finding_low_fpr.draw(low_fpr_table(["adult"], 400).iloc[:0], ["adult"])
    assert "no overfitting level" in words(figure)
