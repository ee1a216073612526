import numpy as np
import pytest
from sklearn.datasets import make_classification

from leakcore.datasets import synthetic
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
    wanted, wanted_labels = make_classification(
        n_points, n_features, n_informative=n_features, n_redundant=0, n_repeated=0,
        n_classes=n_classes, n_clusters_per_class=1, random_state=seed,
    )  # fmt: skip
    features, labels = synthetic.make(n_features, n_classes, n_points, seed)
    assert features.dtype == np.float32
    assert labels.dtype == np.int64
    np.testing.assert_array_equal(labels, wanted_labels)
    # Half a unit in the last place of float32, and a little for the sums in float64.
    error = np.abs(features - wanted)
    assert (error <= 2.0**-24 * np.abs(wanted) + 1e-12).all()


def test_seeds_repeat_and_differ():
    first, again, other = (synthetic.make(5, 3, 50, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first[0], again[0])
    assert not np.allclose(first[0], other[0])


@pytest.mark.parametrize(("n_features", "n_classes"), [(6, 100), (0, 2), (3, 1)])
def test_too_few_corners_are_refused(n_features, n_classes):
    with pytest.raises(LeakcoreError, match=f"{n_classes} classes cannot lie"):
        synthetic.make(n_features, n_classes, 10, 0)


def test_just_enough_corners():
    assert synthetic.make(1, 2, 50, 0)[0].shape == (50, 1)
    assert np.unique(synthetic.make(2, 4, 200, 0)[1]).size == 4
