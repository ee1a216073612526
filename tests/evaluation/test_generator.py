from itertools import permutations

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.datasets._samples_generator import _generate_hypercube

from leakcore.evaluation import generator


@pytest.mark.parametrize(("n_classes", "seed"), [(2, 0), (4, 1), (4, 3), (8, 0)])
def test_corners_are_those_that_scikit_learn_draws(n_classes, seed):
    """They are the generator's first numbers; it shuffles the features at its end."""
    table = generator.cube_rows(n_classes, 400 * n_classes, seed)
    columns = ["corner1", "corner2", "corner3"]
    # One label in a hundred is drawn at random; all points of a label have its corner.
    found = table.groupby("class")[columns].agg(["min", "max"])
    assert (found.xs("min", axis=1, level=1) == found.xs("max", axis=1, level=1)).all(axis=None)
    corners = table.groupby("class")[columns].first().to_numpy()
    drawn = 2.0 * _generate_hypercube(n_classes, 3, np.random.RandomState(seed)) - 1
    assert any((corners[:, order] == drawn).all() for order in permutations(range(3)))


def test_points_are_those_of_make_classification():
    table = generator.cube_rows(3, 90, 5)
    points, labels = make_classification(
        90, 3, n_informative=3, n_redundant=0, n_classes=3, n_clusters_per_class=1, random_state=5
    )
    np.testing.assert_allclose(table[["x1", "x2", "x3"]], points, atol=1e-6)
    np.testing.assert_array_equal(table["class"], labels)
