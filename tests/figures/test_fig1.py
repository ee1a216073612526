import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from leakcore.evaluation.membership import measure, summarise
from leakcore.figures import fig1, style
from leakcore.store import ScoreColumn, Scores

ACCESSES = ("gradient", "gradient+label", "prediction", "gradient+prediction", "loss")
SOURCES = {
    "purchase": "synthetic",
    "texas": "synthetic",
    "digits": "package",
    "adult": "mirror",
    "synthetic": "synthetic",
    "hospital": "download",
}


def table(names=tuple(SOURCES), seeds=2):
    frames = []
    for name in names:
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            member = np.arange(60) < 30
            columns = tuple(
                ScoreColumn(level, 0.8, 0.8 - level, access, rng.random(60) + level * member, 0.5)
                for level in (0.0, 0.2)
                for access in ACCESSES
            )
            scores = Scores(np.arange(60), member, columns)
            facts = {"dataset": name, "source": SOURCES[name], "seed": seed}
            frames.append(
                measure(scores, explanation="gradient", attack="network", bootstrap=20, **facts)
            )
    return summarise(pd.concat(frames))


def words(figure):
    return " ".join(text.get_text() for text in figure.findobj(plt.Text))


@pytest.mark.parametrize("panels", range(1, 7))
def test_every_text_is_inside_the_figure(panels):
    figure = fig1.draw(table(tuple(SOURCES)[:panels]))
    figure.canvas.draw()
    assert len(figure.axes) == panels
    page = figure.bbox
    texts = [t for t in figure.findobj(plt.Text) if t.get_text() and t.get_visible()]
    titles = [axes.title for axes in figure.axes]
    for text in [*figure.texts, figure._supxlabel, *figure.legends[0].get_texts(), *titles]:
        box = text.get_window_extent()
        assert page.x0 <= box.x0, text
        assert box.x1 <= page.x1, text
        assert page.y0 <= box.y0, text
        assert box.y1 <= page.y1, text
    assert texts
    plt.close(figure)


@pytest.mark.parametrize("panels", range(1, 7))
def test_the_legend_of_all_explanations_is_inside_the_figure(panels):
    rows = table(tuple(SOURCES)[:panels])
    rows = rows[rows["access"] == "gradient"]
    names = list(style.EXPLANATION_LOOKS)
    rows = pd.concat([rows.assign(access=name) for name in names], ignore_index=True)
    figure = fig1.draw(rows, looks=style.explanation_looks(names))
    figure.canvas.draw()
    box = figure.legends[0].get_window_extent()
    assert len(figure.legends[0].get_texts()) == 9
    assert figure.bbox.x0 <= box.x0
    assert box.x1 <= figure.bbox.x1
    plt.close(figure)


def test_a_lone_level_lies_in_the_middle_of_an_axis_that_can_be_read():
    rows = table(("purchase",))
    rows = rows[rows["level"] == 0]
    figure = fig1.draw(rows)
    figure.canvas.draw()
    axes = figure.axes[0]
    low, high = axes.get_xlim()
    gap = float(rows["gap"].iloc[0])
    assert low < gap < high
    assert high - low > 0.05
    drawn = [line.get_xdata()[0] for line in axes.lines if line.get_marker() != "None"]
    marks = sorted({float(x) for x in drawn if low < x < high and len(np.atleast_1d(x)) == 1})
    assert abs(np.mean(marks) - gap) < 0.003
    plt.close(figure)


def test_lines_show_the_tables_numbers():
    summary = table(("digits",))
    figure = fig1.draw(summary)
    (axes,) = figure.axes
    drawn = {c.get_label(): c.lines[0].get_ydata() for c in axes.containers}
    assert list(drawn) == [style.LOOKS[access].label for access in ACCESSES]
    for access in ACCESSES:
        expected = summary[summary["access"] == access].sort_values("gap")["accuracy"]
        assert drawn[style.LOOKS[access].label].tolist() == expected.tolist()
    plt.close(figure)


def test_standin_data_are_named_and_real_data_are_not():
    text = words(fig1.draw(table(("purchase", "digits", "synthetic"))))
    assert "Purchase (stand-in)" in text
    assert "Digits (stand-in)" not in text
    assert "Synthetic (stand-in)" not in text
    assert "data: Purchase." in text
    assert "stand-in" not in words(fig1.draw(table(("digits",)))).lower()
    plt.close("all")


def test_a_panel_without_rows_says_why_and_an_empty_table_is_drawn():
    figure = fig1.draw(table(("digits",)), datasets=["digits", "hospital"])
    assert "no overfitting level was reached" in words(figure)
    nothing = fig1.draw(table(("digits",)).iloc[:0], datasets=["hospital"])
    assert "no overfitting level was reached" in words(nothing)
    plt.close("all")


def test_a_table_without_rows_and_names_is_drawn():
    figure = fig1.draw(table(("digits",)).iloc[:0])
    figure.canvas.draw()
    assert figure.axes == []
    plt.close(figure)


def test_the_footer_says_what_the_bars_are():
    assert "over 2 seeds" in words(fig1.draw(table(("digits",))))
    assert "within the seed (bootstrap" in words(fig1.draw(table(("digits",), seeds=1)))
    plt.close("all")


def test_an_access_without_a_look_gets_a_spare_one():
    rows = table(("digits",)).replace({"access": {"loss": "my-access"}})
    figure = fig1.draw(rows)
    legend = figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()][-1] == "my-access"
    plt.close(figure)


def test_looks_differ_in_colour_and_in_marker():
    assert len({look.colour for look in style.LOOKS.values()}) == len(style.LOOKS)
    assert len({look.marker for look in style.LOOKS.values()}) == len(style.LOOKS)


def test_files_have_the_same_bytes_and_embed_truetype(tmp_path):
    summary = table(("purchase",))
    for name in ("a", "b"):
        style.save(fig1.draw(summary), tmp_path / f"{name}.pdf", tmp_path / f"{name}.png")
    for kind in ("pdf", "png"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()
    pdf = (tmp_path / "a.pdf").read_bytes()
    assert b"/FontFile2" in pdf
    assert b"/Type3" not in pdf
    assert b"CreationDate" not in pdf
    assert not plt.get_fignums()
    assert len(list(tmp_path.iterdir())) == 4
