import copy
import importlib
import inspect
import sys

import pytest
import yaml

from leakcore.errors import LeakcoreError
from leakcore.explanations.registry import EXPLANATIONS

from .conftest import ROOT

sys.path.insert(0, str(ROOT / "workflow" / "lib"))
import configuration

DEFAULT = yaml.safe_load((ROOT / "config.yaml").read_text())


def changed(path, value):
    config = copy.deepcopy(DEFAULT)
    *parents, last = path.split(".")
    place = config
    for key in parents:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return config


# Which presets one is laid over.
BELOW = {"paper-available": ["paper"], "reproduction": ["paper", "paper-available"]}


def overlaid(preset):
    def merge(below, above):
        for key, value in above.items():
            below[key] = merge(below.get(key, {}), value) if isinstance(value, dict) else value
        return below

    config = copy.deepcopy(DEFAULT)
    for name in [*BELOW.get(preset.stem, []), preset.stem]:
        config = merge(config, yaml.safe_load(preset.with_stem(name).read_text()))
    return config


def test_the_settings_read_from_the_source_are_those_of_the_functions():
    for name, module in EXPLANATIONS.items():
        taken = inspect.signature(importlib.import_module(module).explain).parameters
        expected = [p for p in taken if p not in ("model", "inputs", "classes", "seed", "index")]
        assert configuration._settings_of(name) == expected


def test_the_default_is_right():
    configuration.check(DEFAULT)


@pytest.mark.parametrize("preset", sorted((ROOT / "config").glob("*.yaml")), ids=lambda p: p.stem)
def test_every_preset_is_right_and_never_uses_standins(preset):
    config = overlaid(preset)
    configuration.check(config)
    for name in config["membership"]["datasets"]:
        assert "synthetic" not in config["datasets"][name]["sources"]


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("membership.memebers", 10, "membership: unknown key 'memebers' (did you mean 'members'?)"),
        (
            "membership.members",
            5000,
            "membership: 5600 points are wanted of purchase, but it has 2000",
        ),
        ("membership.members", "many", "membership.members: 'many' is not of type 'integer'"),
        ("membership.members", None, "membership: 'members' is a required property; add it"),
        ("membership.seeds", [1, 1], "membership.seeds"),
        ("membership.levels", [-0.1], "membership.levels.0: -0.1"),
        ("membership.datasets", ["purchas"], "(did you mean 'purchase'?)"),
        ("membership.datasets", ["dogfish"], "'dogfish' has no entry under targets; add one"),
        ("datasets.purchase.sources", ["web"], "datasets.purchase.sources.0: 'web'"),
        ("datasets.digits.sources", ["mirror"], "'mirror' is no source of digits"),
        ("datasets.purchase.standin", None, "'synthetic' needs datasets.purchase.standin"),
        ("attacks.netwrk", {}, "unknown attack 'netwrk' (did you mean 'network'?)"),
        ("records.tolerance.values", [0], "records.tolerance.values.0: 0 is less than or equal to"),
        ("records.tolerance.points", 1, "records.tolerance.points: 1 is less than the minimum"),
        ("records.tolerance", None, "records: 'tolerance' is a required property; add it"),
        (
            "explanations.smoothgrd",
            {},
            "explanations: unknown explanation 'smoothgrd' (did you mean 'smoothgrad'?)",
        ),
        (
            "explanations.smoothgrad.sample",
            3,
            "explanations.smoothgrad: unknown setting 'sample' (did you mean 'samples'?); known: "
            "noise, samples",
        ),
        ("explanations.smoothgrad.samples", 0, "explanations.smoothgrad.samples: 0 is less than"),
        ("explanations.smoothgrad.noise", -1, "explanations.smoothgrad.noise: -1 is less than"),
        ("explanations.gradient", {"noise": 1}, "explanations.gradient: takes no settings; remove"),
        ("explanations", None, "top level: 'explanations' is a required property; add it"),
        ("comparison.explanations", ["shap"], "comparison.explanations: unknown explanation"),
        ("comparison.limits.lmie", [], "(did you mean 'lime'?)"),
        (
            "comparison.limits.lime",
            ["purchas"],
            "comparison.limits.lime: unknown data set 'purchas' (did you mean 'purchase'?)",
        ),
        ("smoothing.dataset", "adult", "smoothing.dataset: 'adult' is not under membership"),
        ("smoothing.samples", [], "smoothing.samples"),
        ("defence.datasets", ["adult"], "defence.datasets.0: 'adult' is not under membership"),
        ("defence.epsilons", [0], "defence.epsilons.0: 0 is less than or equal to"),
        ("defence.clipping_norm", 0, "defence.clipping_norm: 0 is less than or equal to"),
        ("defence.delta", 0.1, "defence.delta: 0.1 is not below 1 / 600"),
        (
            "defence.training.digits.batch_size",
            601,
            "defence.training.digits.batch_size: 601, but there are 600 members",
        ),
        ("defence.training.digitz", {}, "(did you mean 'digits'?)"),
        ("dimension.features", [2, 6], "dimension.classes: 100 classes need a cube of at least 7"),
        ("dimension.networks.base", None, "dimension.networks: 'base' is a required property"),
        (
            "dimension.networks.huge",
            {"hidden_": [9]},
            "unknown key 'hidden_' (did you mean 'hidden'?)",
        ),
        ("dimension.n_points", 2001, "dimension.n_points: 2001 is not a multiple of 2"),
        ("dimension.training.epochs", 0, "dimension.training.epochs: 0 is less than the minimum"),
        ("device", "gpu", "device: 'gpu' is not one of ['auto', 'cpu', 'cuda']"),
    ],
)
def test_mistakes_are_named_with_key_value_and_remedy(path, value, words):
    with pytest.raises(LeakcoreError) as error:
        configuration.check(changed(path, value))
    assert words in str(error.value)
