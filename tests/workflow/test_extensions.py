"""A data set and an attack are added as the documents say, and appear in Figure 1.

The code and the lines are taken from the documents as they stand there; the explanation's document
is followed in test_signals_dag.py.
"""

import copy
import textwrap

import pandas as pd
import pytest
import yaml
from sklearn.datasets import load_wine

from .conftest import ROOT, TINY
from .test_dag import rules_to_run

pytestmark = pytest.mark.workflow
FIGURE = "results/figures/fig1.pdf"


def blocks(document):
    """Return the language and the text of each code block of a document."""
    parts = (ROOT / "docs" / document).read_text().split("```")[1::2]
    pairs = (part.split("\n", 1) for part in parts)
    return [(language.strip(), textwrap.dedent(text)) for language, text in pairs]


def add(checkout, package, name, module, line):
    folder = checkout.folder / "src/leakcore" / package
    (folder / f"{name}.py").write_text(module)
    registry = folder / "registry.py"
    registry.write_text(registry.read_text().replace("\n}\n", f"\n    {line.strip()}\n}}\n"))


def overlaid(below, above):
    result = copy.deepcopy(below)
    for key, value in above.items():
        old = result.get(key)
        result[key] = overlaid(old, value) if isinstance(old, dict) else value
    return result


@pytest.fixture
def extended(finished):
    """The finished checkout, put back afterwards."""
    registries = [
        finished.folder / f"src/leakcore/{package}/registry.py"
        for package in ("datasets", "attacks")
    ]
    before = [path.read_text() for path in registries]
    yield finished
    for path, text in zip(registries, before, strict=True):
        path.write_text(text)
    finished.configure(TINY)


def test_a_data_set_is_added(extended, tmp_path):
    (_, module), (_, line), (language, config) = blocks("add-a-dataset.md")[:3]
    assert language == "yaml"
    add(extended, "datasets", "wine", module, line)
    # The raw file in its original format: the grower, 1 to 3, then the measurements.
    x, y = load_wine(return_X_y=True)
    folder = tmp_path / "wine"
    folder.mkdir()
    rows = [
        ",".join([str(int(label) + 1), *map(str, row)]) for row, label in zip(x, y, strict=True)
    ]
    (folder / "wine.data").write_text("\n".join(rows) + "\n")
    extended.configure(overlaid(TINY, yaml.safe_load(config)) | {"mirrors": [str(tmp_path)]})
    dry = extended.run(FIGURE, "-n").stdout
    assert "Train the network of wine" in dry
    assert "Train the network of digits" not in dry
    extended.run(FIGURE)
    table = pd.read_csv(extended.folder / "results/figures/fig1.csv")
    assert set(table["dataset"]) == {"digits", "wine"}
    assert set(table.loc[table["dataset"] == "wine", "source"]) == {"mirror"}


def test_an_attack_is_added(extended):
    (_, module), (_, line), (language, config) = blocks("add-an-attack.md")[:3]
    assert language == "yaml"
    add(extended, "attacks", "my_attack", module, line)
    extended.configure(overlaid(TINY, yaml.safe_load(config)))
    dry = extended.run(FIGURE, "-n").stdout
    assert rules_to_run(dry) <= {"attack", "measure_attack", "fig1"}
    assert "network on" not in dry
    extended.run(FIGURE)
    table = pd.read_csv(extended.folder / "results/figures/fig1.csv")
    assert "my-access" in set(table["access"])
