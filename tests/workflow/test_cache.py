"""A second checkout that shares a cache trains nothing again."""

import pytest

from .conftest import TINY, Checkout, contents, differences

pytestmark = pytest.mark.workflow


def test_a_second_checkout_takes_data_sets_and_targets_from_the_cache(complete, tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir()
    targets = [f"results/targets/digits/seed-{seed}/curve.csv" for seed in (0, 1)]
    targets.append("results/targets/purchase/seed-0/curve.csv")

    def checkout(name, config=TINY):
        (tmp_path / name).mkdir()
        return Checkout(tmp_path / name, config)

    def run(there):
        return there.run("--cache", "--", *targets, SNAKEMAKE_OUTPUT_CACHE=str(cache)).stdout

    first = checkout("first")
    assert "train digits seed 1: done" in run(first)
    # Two data sets: raw files, coded data; three trainings: targets at two levels, their curve.
    assert len(list(cache.iterdir())) == 2 + 2 + 3 * 3
    second = checkout("second")
    output = run(second)
    for word in ("train ", "code ", "fetch "):
        assert f"{word}digits" not in output
        assert f"{word}purchase" not in output
    local = contents(complete)
    made = contents(second)
    # Also what differs in nothing but its seed or data set.
    assert len({made[f"targets/digits/seed-{seed}/level-0.00.safetensors"] for seed in (0, 1)}) == 2
    assert differences(made, {name: local[name] for name in made}) == []
    # Another setting, or other code, is not served what is old.
    third = checkout("third", {**TINY, "targets": {**TINY["targets"], "digits": {"epochs": 5}}})
    source = third.folder / "src/leakcore/datasets/purchase.py"
    source.write_text(source.read_text() + "\n\nUNUSED = 1\n")
    output = run(third)
    assert "train digits seed 0: done" in output
    assert "code digits" not in output
    assert "code purchase: done" in output
