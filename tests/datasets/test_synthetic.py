"""The make_classification generator of Figure 5."""

import numpy as np
import pytest
from sklearn.datasets import make_classification

from leakcore.datasets.synthetic import make
from leakcore.errors import LeakcoreError


def test_is_the_named_call():
    parts = make(7, 100, 300, 3)
    features, labels = make_classification(
        300, 7, n_informative=7, n_redundant=0, n_repeated=0, n_classes=100,
        n_clusters_per_class=1, random_state=3,
    )  # fmt: skip
    np.testing.assert_array_equal(parts.features, features)
    np.testing.assert_array_equal(parts.labels, labels)
    assert parts.features.dtype == np.float64
    assert len(parts.feature_names) == 7


@pytest.mark.parametrize(("features", "classes"), [(6, 100), (0, 2), (5, 1)])
def test_too_few_corners(features, classes):
    with pytest.raises(LeakcoreError, match=f"{classes} classes cannot lie"):
        make(features, classes, 50, 0)


def test_just_enough_corners():
    assert make(1, 2, 50, 0).features.shape == (50, 1)
    assert np.unique(make(2, 4, 200, 0).labels).size == 4
