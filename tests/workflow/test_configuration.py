import copy
import sys

import pytest
import yaml

from leakcore.errors import LeakcoreError

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


def overlaid(preset):
    def merge(below, above):
        for key, value in above.items():
            below[key] = merge(below.get(key, {}), value) if isinstance(value, dict) else value
        return below

    return merge(copy.deepcopy(DEFAULT), yaml.safe_load(preset.read_text()))


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
