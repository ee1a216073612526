from dataclasses import replace

import numpy as np
import pytest

from leakcore.attacks.membership import attack
from leakcore.attacks.registry import ATTACKS
from leakcore.errors import LeakcoreError
from leakcore.store import Scores

OPTIONS = {"fraction": 0.7, "seed": 0}


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_every_attack_scores_the_same_test_points_at_every_level(name, observe, tmp_path):
    settings = {"epochs": 1} if "network" in name else {}
    levels = [observe(60, level=0.0), None, observe(60, level=0.2, seed=1)]
    calls = []
    scores = attack(
        ATTACKS[name],
        iter(levels),
        settings=settings,
        levels=3,
        progress=lambda done, total, words: calls.append((done, total, words)),
        **OPTIONS,
    )
    assert len(scores.index) == 18
    assert scores.member.sum() == 9
    assert np.array_equal(scores.member, scores.index < 30)
    assert {column.level for column in scores.columns} == {0.0, 0.2}
    assert len({(c.level, c.access) for c in scores.columns}) == len(scores.columns)
    assert calls[-1][0] == calls[-1][1]
    assert "level 0.2" in calls[-1][2]
    scores.save(tmp_path / "scores")  # thresholds are numbers that JSON can hold
    back = Scores.load(tmp_path / "scores")
    assert [c.threshold for c in back.columns] == [c.threshold for c in scores.columns]


def test_no_level_reached_gives_no_columns(tmp_path):
    scores = attack(ATTACKS["loss-threshold"], [None, None], settings={}, **OPTIONS)
    scores.save(tmp_path / "scores")
    assert Scores.load(tmp_path / "scores").columns == ()


def test_levels_that_show_other_points_are_refused(observe):
    other = replace(observe(60), index=np.arange(60) + 1)
    with pytest.raises(LeakcoreError, match="other points"):
        attack(ATTACKS["loss-threshold"], [observe(60), other], settings={}, **OPTIONS)
