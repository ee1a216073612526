import pandas as pd
import pytest
import torch

from leakcore.attacks import layout, network

WIDTHS = {"predicted": 7, "label": 7, "probabilities": 7, "explanation": 30}


def test_the_layers_are_those_of_section_4_2():
    table = layout.layers(WIDTHS)
    chains = {
        name: [part["inputs"].iloc[0], *part["outputs"]]
        for name, part in table.groupby("sub_network", sort=False)
    }
    assert chains == {
        "predicted": [7, 512, 64],
        "label": [7, 512, 64],
        "probabilities": [7, 1024, 512, 64],
        "explanation": [30, 1024, 512, 64],
        "joint": [256, 64, 1],
    }
    for _, part in table.groupby("sub_network"):
        assert part["inputs"].tolist()[1:] == part["outputs"].tolist()[:-1]
        assert part["layer"].tolist() == list(range(1, len(part) + 1))


def test_parameters_are_those_of_torch_layers_and_of_the_network():
    table = layout.layers(WIDTHS)
    for row in table.itertuples():
        layer = torch.nn.Linear(row.inputs, row.outputs)
        assert row.parameters == sum(p.numel() for p in layer.parameters())
    whole = network.AttackNetwork(WIDTHS, torch.device("cpu"))
    assert table["parameters"].sum() == whole.weights.numel()


def test_the_table_follows_the_network(monkeypatch):
    before = layout.layers({"predicted": 3})
    monkeypatch.setitem(network._HIDDEN, "predicted", (9, 8, 64))
    after = layout.layers({"predicted": 3})
    assert before["outputs"].tolist() == [512, 64, 64, 1]
    assert after["outputs"].tolist() == [9, 8, 64, 64, 1]
    with pytest.raises(AssertionError):
        pd.testing.assert_frame_equal(before, after)
