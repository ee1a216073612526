import matplotlib.pyplot as plt
import pytest
from matplotlib.patches import FancyBboxPatch

from leakcore.attacks import layout
from leakcore.figures import fig11

WIDTHS = {"predicted": 7, "label": 7, "probabilities": 7, "explanation": 3072}


def table(source="mirror"):
    return layout.layers(WIDTHS).assign(dataset="purchase", source=source)


def words(figure):
    return [text.get_text() for text in figure.findobj(plt.Text) if text.get_text()]


def test_there_is_a_box_for_every_input_and_layer_with_its_width():
    layers = table()
    figure = fig11.draw(layers)
    inputs = layers.loc[layers["layer"] == 1, "inputs"].tolist()
    wanted = sorted(f"{width:,}" for width in [*inputs, *layers["outputs"]])
    numbers = sorted(word for word in words(figure) if word.replace(",", "").isdigit())
    assert numbers == wanted
    assert len(figure.findobj(FancyBboxPatch)) == len(wanted)
    plt.close(figure)


def test_the_picture_follows_the_table():
    layers = table()
    layers.loc[0, "outputs"] = 4321
    figure = fig11.draw(layers)
    assert "4,321" in words(figure)
    fewer = fig11.draw(layers[layers["sub_network"] != "label"])
    assert "true label\n(one-hot)" in words(figure)
    assert "true label\n(one-hot)" not in words(fewer)
    plt.close("all")


def test_whose_widths_they_are_is_told():
    for source, name in (("mirror", "for Purchase;"), ("synthetic", "for Purchase (stand-in);")):
        figure = fig11.draw(table(source))
        assert name in figure._supxlabel.get_text().replace("\n", " ")
        plt.close(figure)


def test_boxes_do_not_overlap_and_all_is_inside():
    figure = fig11.draw(table())
    figure.canvas.draw()
    boxes = [patch.get_window_extent() for patch in figure.findobj(FancyBboxPatch)]
    for place, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:place])
    for item in [*figure.findobj(FancyBboxPatch), *figure.axes[0].texts, figure._supxlabel]:
        box = item.get_window_extent()
        assert figure.bbox.x0 <= box.x0, item
        assert box.x1 <= figure.bbox.x1, item
        assert figure.bbox.y0 <= box.y0, item
        assert box.y1 <= figure.bbox.y1, item
    plt.close(figure)


def test_a_sub_network_without_words_is_a_mistake():
    layers = table().replace({"sub_network": {"label": "magic"}})
    with pytest.raises(ValueError, match="magic"):
        fig11.draw(layers)
