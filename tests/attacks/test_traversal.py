"""Traversals against the influence graph, and the omniscient attacker against every order."""

from itertools import permutations

import networkx as nx
import numpy as np
import pytest

from leakcore.attacks.oracle import Answer
from leakcore.attacks.traversal import SCHEDULES, omniscient, traverse
from leakcore.errors import LeakcoreError


class GraphOracle:
    """Answers from a table: record i has the feature i and reveals ids[i]."""

    def __init__(self, ids, influence=None, features=None):
        self.ids = np.asarray(ids)
        n, k = self.ids.shape
        self.influence = np.tile(np.arange(k, 0, -1.0), (n, 1)) if influence is None else influence
        self.features = np.arange(float(n))[:, None] if features is None else features
        self.asked = []

    def query(self, points):
        (i,) = [np.flatnonzero((self.features == point).all(axis=1))[0] for point in points]
        self.asked.append(int(i))
        return Answer(np.array([0.5]), self.ids[[i]], self.influence[[i]])

    def records(self, ids):
        return self.features[ids], np.zeros(len(ids), dtype=np.int64)


def random_ids(seed, n=30, k=3):
    """Every record reveals k others, popular ones more often."""
    rng = np.random.default_rng(seed)
    popularity = rng.pareto(1.0, size=n) + 0.05
    return np.stack(
        [rng.choice(n, size=k, replace=False, p=popularity / popularity.sum()) for _ in range(n)]
    )


def descendants(ids, start):
    graph = nx.DiGraph((i, int(j)) for i, row in enumerate(ids) for j in row)
    return set().union(*(nx.descendants(graph, j) | {j} for j in graph.successors(start)))


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("seed", range(8))
def test_finds_exactly_what_can_be_reached(schedule, seed):
    ids = random_ids(seed)
    oracle = GraphOracle(ids)
    result = traverse(oracle, oracle.features[seed], schedule, seed=0)
    reach = descendants(ids, seed)
    assert set(result.ids.tolist()) == reach
    assert len(result.ids) == len(reach) == result.recovered[-1]
    # Every reachable record is asked about once, and so is the start.
    assert sorted(oracle.asked) == sorted(reach | {seed})
    assert result.queries == len(oracle.asked)
    seen: set[int] = set()
    for i, record in enumerate(oracle.asked):
        seen.update(ids[record].tolist())
        assert result.recovered[i] == len(seen)
    last = result.queries_to_last
    assert result.recovered[last - 1] == len(reach)
    assert last == 1 or result.recovered[last - 2] < len(reach)


# Record 0 reveals 1, 2; 1 reveals 3, 4; the rest only what is known already.
TREE = [[1, 2], [3, 4], [1, 5], [3, 4], [3, 4], [3, 4]]


@pytest.mark.parametrize(
    ("schedule", "order"),
    [("bfs", [0, 1, 2, 3, 4, 5]), ("dfs", [0, 1, 3, 4, 2, 5])],
)
def test_order_of_breadth_and_depth_first(schedule, order):
    oracle = GraphOracle(TREE)
    traverse(oracle, oracle.features[0], schedule, seed=0)
    assert oracle.asked == order


def test_highest_influence_goes_first_whatever_its_sign():
    influence = np.array([[-2, 1], [1, -0.5], [-9, 7], [3, 1], [2, 1], [8, 1]])
    oracle = GraphOracle(TREE, influence)
    traverse(oracle, oracle.features[0], "highest_influence", seed=0)
    # 0 -> 1 (2), 2 (1); 1 -> 3 (1), 4 (.5); then 2 and 3 tie, 2 is known for longer; 2 -> 5 (7).
    assert oracle.asked == [0, 1, 2, 5, 3, 4]


def test_largest_influence_seen_counts():
    # Record 2 is revealed with 4 first, then with 0.1 beside record 3 with 1.
    influence = np.array([[5, 4], [1, 0.1], [1, 1], [1, 1]])
    oracle = GraphOracle([[1, 2], [3, 2], [1, 3], [1, 2]], influence)
    traverse(oracle, oracle.features[0], "highest_influence", seed=0)
    assert oracle.asked == [0, 1, 2, 3]


def test_random_walk_stays_with_the_last_answer_while_it_can():
    ids = random_ids(3)
    for seed in range(20):
        oracle = GraphOracle(ids)
        traverse(oracle, oracle.features[0], "random_walk", seed=seed)
        for i in range(1, len(oracle.asked)):
            before, now = oracle.asked[i - 1 : i + 1]
            fresh = set(ids[before].tolist()) - set(oracle.asked[:i])
            assert now in fresh or not fresh
    orders = set()
    for seed in range(5):
        oracle = GraphOracle(ids)
        traverse(oracle, oracle.features[0], "random_walk", seed=seed)
        orders.add(tuple(oracle.asked))
    assert len(orders) > 1


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_equal_records_are_asked_about_once(schedule):
    # Records 1 and 2 have the same features.
    features = np.array([[0.0], [1.0], [1.0], [3.0]])
    oracle = GraphOracle([[1, 2], [2, 3], [2, 3], [0, 1]], features=features)
    result = traverse(oracle, features[0], schedule, seed=0)
    assert set(result.ids.tolist()) == {0, 1, 2, 3}
    assert result.queries == 3


@pytest.mark.parametrize("seed", range(5))
def test_omniscient_attacker_takes_the_most_unknown_each_time(seed):
    ids = random_ids(seed)
    result = omniscient(ids, seed)
    reach = descendants(ids, seed)
    assert set(result.ids.tolist()) == reach
    known = set(ids[seed].tolist())
    counts = [len(known)]
    while known != reach:
        best = max(sorted(known), key=lambda i: len(set(ids[i].tolist()) - known))
        known |= set(ids[best].tolist())
        counts.append(len(known))
    assert result.recovered.tolist() == counts
    oracle = GraphOracle(ids)
    for schedule in SCHEDULES:
        blind = traverse(oracle, oracle.features[seed], schedule, seed=0)
        assert len(blind.ids) == len(reach)


def test_omniscient_attacker_is_as_good_as_the_best_order_on_a_small_graph():
    ids = random_ids(11, n=7, k=2)

    def needed(order):
        known, asked = set(ids[0].tolist()), 1
        for record in order:
            if len(known) == len(reach):
                break
            if record in known and not set(ids[record].tolist()) <= known:
                known |= set(ids[record].tolist())
                asked += 1
        return asked if len(known) == len(reach) else 99

    reach = descendants(ids, 0)
    best = min(needed(order) for order in permutations(range(7)))
    assert omniscient(ids, 0).queries == best


def test_unknown_schedule():
    with pytest.raises(LeakcoreError, match="found 'best'"):
        traverse(GraphOracle(TREE), np.zeros(1), "best", seed=0)
