import numpy as np
import pytest

from leakcore.store import Observations


def make(n=400, shape=(8,), classes=4, seed=0, level=0.1):
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(classes), n).astype(np.float32)
    return Observations(
        index=np.arange(n),
        member=np.arange(n) < n // 2,
        label=rng.integers(0, classes, n),
        predicted=probabilities.argmax(1),
        probabilities=probabilities,
        loss=rng.exponential(size=n).astype(np.float32),
        explanation=rng.standard_normal((n, *shape)).astype(np.float32),
        level=level,
        train_accuracy=0.9,
        test_accuracy=0.8,
    )


@pytest.fixture
def observe():
    """Make observations of points of which nothing tells the members."""
    return make
