import sys

import pytest

from .conftest import ROOT

sys.path.insert(0, str(ROOT / "workflow" / "lib"))
import packing


def test_one_seed_a_job_is_one_rule_for_whichever_seed():
    (pack,) = packing.packs([0, 1, 2], 1)
    assert pack.seeds == ("{seed}",)
    assert (pack.label, pack.words) == ("seed-{seed}", "seed {wildcards.seed}")
    assert pack.name("explain") == "explain"


@pytest.mark.parametrize("most", [2, 3, 5, 9])
def test_every_seed_has_one_job(most):
    seeds = [4, 0, 7, 1, 2]
    packs = packing.packs(seeds, most)
    assert [int(seed) for pack in packs for seed in pack.seeds] == seeds
    assert max(len(pack.seeds) for pack in packs) <= most
    for unique in ({pack.name("explain") for pack in packs}, {pack.label for pack in packs}):
        assert len(unique) == len(packs)


def test_a_seed_added_at_the_end_leaves_the_full_packs_as_they_are():
    before, after = packing.packs([0, 1, 2, 3], 2), packing.packs([0, 1, 2, 3, 4], 2)
    assert after[:2] == before
    assert (after[2].name("explain"), after[2].words) == ("explain_3", "seed 4")
    assert before[1].words == "seeds 2, 3"
