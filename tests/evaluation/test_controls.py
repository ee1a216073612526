"""The attacks as a whole: nothing is found where nothing leaks, and what leaks is found."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

from leakcore.attacks.membership import attack
from leakcore.attacks.registry import ATTACKS
from leakcore.evaluation.membership import measure
from leakcore.store import Observations


def observe(trained_on, shown, member):
    """Show points to a softmax regression on the real digits; explain by the largest logit."""
    x, y = load_digits(return_X_y=True)
    x = x / 16
    model = LogisticRegression(C=1e4, max_iter=300, tol=1e-3).fit(x[trained_on], y[trained_on])
    probabilities = model.predict_proba(x[shown])
    truth = probabilities[np.arange(len(shown)), y[shown]]
    predicted = probabilities.argmax(1)
    return Observations(
        index=shown,
        member=member,
        label=y[shown],
        predicted=predicted,
        probabilities=probabilities.astype(np.float32),
        loss=-np.log(np.maximum(truth, 1e-30)).astype(np.float32),
        # The probability's gradient, as a linear logit's is the same for all points of a class.
        explanation=(
            probabilities.max(1)[:, None] * (model.coef_[predicted] - probabilities @ model.coef_)
        ).astype(np.float32),
        level=0.1,
        train_accuracy=float(model.score(x[trained_on], y[trained_on])),
        test_accuracy=float(model.score(x[shown], y[shown])),
    )


def intervals(observations, name, settings):
    scores = attack(ATTACKS[name], [observations], fraction=0.7, seed=0, settings=settings)
    names = {"dataset": "digits", "source": "package", "explanation": "gradient", "attack": name}
    return measure(scores, seed=0, bootstrap=500, **names).set_index("access")


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_members_that_were_never_trained_on_are_not_found(name):
    """Negative control: both kinds are strangers to the model, so a guess is all there is."""
    points = np.random.default_rng(3).permutation(1797)
    observations = observe(points[:300], points[300:1700], np.arange(1400) < 700)
    table = intervals(observations, name, {"epochs": 3} if "network" in name else {})
    for access, row in table.iterrows():
        assert row["accuracy_low"] <= 0.5 <= row["accuracy_high"], access
        assert row["auc_low"] <= 0.5 <= row["auc_high"], access
        # An interval that contains everything would prove nothing.
        assert row["accuracy_high"] - row["accuracy_low"] < 0.12, access


def test_an_overfitted_model_is_found_out():
    """Positive control: 1,000 members with random labels, learnt by heart."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((2000, 1500))
    y = rng.integers(0, 2, 2000)
    member = np.arange(2000) < 1000
    model = LogisticRegression(C=1e-2).fit(x[member], y[member])
    p = model.predict_proba(x)
    observations = Observations(
        index=np.arange(2000),
        member=member,
        label=y,
        predicted=p.argmax(1),
        probabilities=p.astype(np.float32),
        loss=-np.log(p[np.arange(2000), y]).astype(np.float32),
        # The probability's gradient, of the first features only: they are enough.
        explanation=(p.prod(1)[:, None] * model.coef_[:, :50]).astype(np.float32),
        level=0.5,
        train_accuracy=model.score(x[member], y[member]),
        test_accuracy=model.score(x[~member], y[~member]),
    )
    assert observations.train_accuracy - observations.test_accuracy > 0.4
    assert intervals(observations, "loss-threshold", {})["accuracy_low"]["loss"] > 0.75
    assert intervals(observations, "norm-tree", {})["accuracy_low"]["gradient-norm"] > 0.6
    network = intervals(observations, "network", {"epochs": 5})
    assert (network["accuracy_low"] > 0.6).all(), network["accuracy"]
    # The explanations differ in length alone, so nothing is left of them once it is taken away.
    blind = intervals(observations, "normalised-network", {"epochs": 5})
    assert blind["accuracy_low"]["normalised-gradient"] <= 0.5
