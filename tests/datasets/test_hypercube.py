import numpy as np
import pytest

from leakcore.datasets import hypercube, synthetic
from leakcore.errors import LeakcoreError


@pytest.mark.parametrize(
    ("n_features", "n_classes", "n_points", "seed"),
    [
        (1, 2, 700, 0),
        (2, 2, 1999, 1),
        (7, 100, 1730, 0),
        (30, 100, 900, 2),
        (31, 2, 1200, 3),
        (64, 100, 2000, 4),
        (300, 2, 1501, 5),
        (900, 3, 40, 6),
    ],
)
def test_it_draws_the_points_of_make_classification(n_features, n_classes, n_points, seed):
    parts = synthetic.make(n_features, n_classes, n_points, seed)
    features, labels = hypercube.make(n_features, n_classes, n_points, seed)
    assert features.dtype == np.float32
    assert labels.dtype == np.int64
    np.testing.assert_array_equal(labels, parts.labels)
    # Half a unit in the last place of float32, and a little for the sums in float64.
    error = np.abs(features - parts.features)
    assert (error <= 2.0**-24 * np.abs(parts.features) + 1e-12).all()


def test_seeds_repeat_and_differ():
    first, again, other = (hypercube.make(5, 3, 50, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first[0], again[0])
    assert not np.allclose(first[0], other[0])


@pytest.mark.parametrize(("n_features", "n_classes"), [(6, 100), (0, 2), (3, 1)])
def test_too_few_corners_are_refused(n_features, n_classes):
    with pytest.raises(LeakcoreError, match=f"{n_classes} classes cannot lie"):
        hypercube.make(n_features, n_classes, 10, 0)
