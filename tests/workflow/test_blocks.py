import sys
from itertools import product

import pytest
import yaml

from .conftest import ROOT

sys.path.insert(0, str(ROOT / "workflow" / "lib"))
import blocks

DEFAULT = yaml.safe_load((ROOT / "config.yaml").read_text())["dimension"]
PAPER = DEFAULT | yaml.safe_load((ROOT / "config/paper.yaml").read_text())["dimension"]


@pytest.mark.parametrize("settings", [DEFAULT, PAPER, PAPER | {"seeds": [7]}])
def test_every_combination_is_in_one_block(settings):
    done = [
        (n, block["n_classes"], seed)
        for block in blocks.blocks(settings).values()
        for n in block["n_features"]
        for seed in block["seeds"]
    ]
    wanted = [
        (n, k, seed)
        for n, k, seed in product(settings["features"], settings["classes"], settings["seeds"])
        if 2**n >= k
    ]
    assert sorted(done) == sorted(wanted)


def test_the_paper_has_the_numbers_of_features_that_it_names():
    assert PAPER["features"] == [
        1, 2, 5, 10, 14, 20, 50, 100, 127, 200, 500, 600, 1000, 2000, 3072, 5000, 6000, 10000,
    ]  # fmt: skip
    assert (PAPER["classes"], PAPER["n_points"], len(PAPER["seeds"])) == ([2, 100], 20_000, 10)
    assert PAPER["training"]["epochs"] == 100
    assert {name: shape["hidden"] for name, shape in PAPER["networks"].items()} == {
        "small": [5], "base": [50, 50], "big": [100, 100, 100],
    }  # fmt: skip


def test_few_features_train_all_seeds_together_and_many_one_seed_alone():
    for block in blocks.blocks(PAPER).values():
        if max(block["n_features"]) <= 127:
            assert block["seeds"] == PAPER["seeds"]
        if max(block["n_features"]) >= 1000:
            assert len(block["seeds"]) == len(block["n_features"]) == 1
    # Seeds that do not fit into one stack are spread evenly.
    sizes = {len(b["seeds"]) for b in blocks.blocks(PAPER).values() if b["n_features"] == [200]}
    assert sizes == {5}


def test_small_work_is_put_together():
    assert len(blocks.blocks(DEFAULT)) < len(DEFAULT["features"])
    assert len(blocks.blocks(PAPER | {"seeds": [0]})) < 2 * len(PAPER["features"]) - 8


def test_the_two_largest_jobs_fit_in_four_gigabytes():
    most = sorted(blocks.memory(b, PAPER["n_points"]) for b in blocks.blocks(PAPER).values())
    assert sum(most[-2:]) < 4000
    # features in float32 and the mixing matrix in float64
    assert most[-1] > (20_000 * 10_000 * 4 + 10_000**2 * 8) / 1e6


def test_longer_blocks_come_first():
    work = [
        blocks.length({"n_features": n, "n_classes": k, "seeds": [0]}, networks)
        for n, k, networks in [([10], 2, 1), ([100], 2, 1), ([1000], 2, 1), ([1000], 100, 1)]
    ]
    assert work == sorted(work)
    block = {"n_features": [10], "n_classes": 2, "seeds": [0]}
    assert blocks.length(block, 2) > blocks.length(block, 1)
