"""The influence graph against a hand-drawn case and plain walks."""

import numpy as np
import pytest

from leakcore.influence.graph import influence_graph, reachable, statistics

# 0 -> 1 <-> 2, 3 reveals itself, 4 -> 0 and 3, 5 -> 4.
HAND = np.array([[1, 2], [2, 1], [1, 2], [3, 1], [0, 3], [4, 0]])


def test_hand_drawn_statistics():
    assert statistics(influence_graph(HAND)) == {
        "scc": 5,
        "scc_of_size_1": 4,
        "largest_scc": 2,
        "max_in_degree": 4,  # record 1: from 0, 1 (its loop), 2 and 3
        "in_degree_0": 1,  # record 5; 3 is kept out by its own loop and by 4
    }


def test_loop_alone_counts_as_an_in_edge():
    assert statistics(influence_graph(np.array([[0], [0], [2]])))["in_degree_0"] == 1


def test_hand_drawn_reach():
    # A start is counted only if it is revealed again.
    assert reachable(influence_graph(HAND)).tolist() == [2, 2, 2, 3, 4, 5]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("n", [3, 8, 9, 60])
def test_reach_equals_walking(seed, n):
    rng = np.random.default_rng(seed)
    ids = np.stack([rng.choice(n, size=2, replace=False) for _ in range(n)])
    ids[ids > n * 0.7] //= 2  # some records are never revealed
    expected = []
    for start in range(n):
        seen, todo = set(), [start]
        while todo:
            for j in ids[todo.pop()].tolist():
                if j not in seen:
                    seen.add(j)
                    todo.append(j)
        expected.append(len(seen))
    assert reachable(influence_graph(ids)).tolist() == expected
