"""What section 4 of the paper says of networks and attacks on their explanations."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from leakcore.evaluation import claims
from leakcore.evaluation.statement import Select, Statement, difference

# Why a claim of results/tables/observations.csv does not hold, by its statement.
CLAIM_CAUSES: dict[str, str] = {
    "the normalised gradient does not beat chance": "The direction of the gradient tells a little "
    "as well, as results/figures/fig2.pdf shows",
    "the signals are correlated": "They go together, but weakly (results/figures/fig3.pdf has the "
    "correlations at every level)",
}


def _accuracy_at(epoch: int) -> Select:
    """Return the train accuracy after an epoch; nothing where training ended earlier."""
    return lambda rows: rows[rows["epoch"] == epoch].set_index("seed")["train_accuracy"]


def _largest_gap(rows: pd.DataFrame) -> pd.Series[float]:
    return rows.groupby("seed")["gap"].max()


def _at_top(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows at the highest level that most seeds reached; none where there are none."""
    return rows[rows["level"] == claims.top_level(rows)] if len(rows) else rows


def _between(rows: pd.DataFrame, classes: int, low: int, high: int) -> pd.DataFrame:
    """Return the rows of so many classes with low..high features."""
    return rows[rows["n_features"].between(low, high) & (rows["n_classes"] == classes)]


def _correlation(classes: int, low: int, high: int, how: str) -> Select:
    """Return a statistic of |correlation| over the numbers of features in low..high."""

    def select(rows: pd.DataFrame) -> pd.Series[float]:
        chosen = _between(rows, classes, low, high)
        sizes = chosen["correlation"].abs().groupby(chosen["seed"])
        result: pd.Series[float] = sizes.max() if how == "max" else sizes.mean()
        return result

    return select


def _dimension(classes: int, column: str, low: int, high: int) -> Select:
    """Return the mean of a column over the numbers of features in low..high."""

    def select(rows: pd.DataFrame) -> pd.Series[float]:
        return _between(rows, classes, low, high).groupby("seed")[column].mean()

    return select


def _explanation(name: str) -> Select:
    """Return the attack accuracy on an explanation at the highest level that most seeds reached."""

    def select(rows: pd.DataFrame) -> pd.Series[float]:
        own = rows[rows["explanation"] == name]
        accuracy: pd.Series[float] = _at_top(own).set_index("seed")["accuracy"]
        return accuracy

    return select


def section_4() -> Iterator[Statement]:
    """What section 4 and appendix C say, without section 4.3.3."""
    yield Statement(
        "4.3.2", "the degree of overfitting never exceeds 0.1", "at most", 0.1, "hospital",
        "curves", _largest_gap,
        cause="Training goes on for as many epochs as the protocol has (1,000), longer than the "
        "paper may have gone.",
    )  # fmt: skip
    yield Statement(
        "4.3.2", "almost perfect train accuracy after 25 epochs (at least 0.95)", "at least", 0.95,
        "purchase", "curves", _accuracy_at(25),
    )  # fmt: skip
    yield Statement(
        "4.3.2", "train accuracy of 85 % after 200 epochs", "about", 0.85, "texas", "curves",
        _accuracy_at(200),
    )  # fmt: skip
    for classes in (2, 100):
        few, many = (1, 100), (1_000, 9_999)
        yield Statement(
            "4.4", f"{classes} classes: almost no correlation with at most 100 features (mean "
            "absolute value at most 0.1)", "at most", 0.1, "synthetic", "dimension",
            _correlation(classes, *few, "mean"),
        )  # fmt: skip
        yield Statement(
            "4.4", f"{classes} classes: correlation with 1,000 to 10,000 features (largest "
            "absolute value, above that with at most 100)", "at least", 0, "synthetic", "dimension",
            difference(_correlation(classes, *many, "max"), _correlation(classes, *few, "max")),
        )  # fmt: skip
        yield Statement(
            "4.4", f"{classes} classes: correlation falls when the dimension grows further (at "
            "10,000 features, minus the largest below)", "at most", 0, "synthetic", "dimension",
            difference(
                _correlation(classes, 10_000, 10_000, "max"), _correlation(classes, *many, "max")
            ),
        )  # fmt: skip
    yield Statement(
        "4.4", "2 classes, 5 to 20 features: train accuracy almost 100 % (at least 0.9)",
        "at least", 0.9, "synthetic", "dimension", _dimension(2, "train_accuracy", 5, 20),
        cause="One label in a hundred is drawn at random, and corners of a small cube lie close.",
    )  # fmt: skip
    yield Statement(
        "4.4", "2 classes: test accuracy drops beyond 100 features (at 1,000, minus at 20)",
        "at most", 0, "synthetic", "dimension",
        difference(
            _dimension(2, "test_accuracy", 1_000, 1_000), _dimension(2, "test_accuracy", 20, 20)
        ),
    )  # fmt: skip
    yield Statement(
        "4.4", "100 classes: test accuracy is always low (largest mean at most 0.5)", "at most",
        0.5, "synthetic", "dimension",
        lambda rows: rows[rows["n_classes"] == 100].groupby("seed")["test_accuracy"].max(),
    )  # fmt: skip
    for dataset in ("purchase", "texas", "cifar100", "hospital"):
        where = "4.5, C" if dataset == "purchase" else "4.5"
        yield Statement(
            where, "the attack on the smoothed gradient fails (accuracy of a guess)", "chance", 0.5,
            dataset, "explanations", _explanation("smoothgrad"),
        )  # fmt: skip
        for attack, words in (("network", "the network"), ("norm-tree", "a tree on the 1-norm")):
            yield Statement(
                "Figure 4", f"{words} fails on the gradient of one noisy copy (accuracy of a "
                "guess)", "chance", 0.5, dataset, "smoothing", _smoothed(attack, 1),
            )  # fmt: skip
    gradient = _explanation("gradient")
    yield Statement(
        "C", "integrated gradients leak about as much as the gradient (ratio of accuracies)",
        "about", 1, "purchase", "explanations",
        lambda rows: (_explanation("integrated-gradients")(rows) / gradient(rows)).dropna(),
    )  # fmt: skip
    for name in ("lrp", "deeplift"):
        yield Statement(
            "C", f"the attack on {name} is weaker than on the gradient (difference of accuracies)",
            "at most", 0, "purchase", "explanations", difference(_explanation(name), gradient),
        )  # fmt: skip


def _smoothed(attack: str, samples: int) -> Select:
    """Return an attack's accuracy on the gradient smoothed over some noisy copies."""

    def select(rows: pd.DataFrame) -> pd.Series[float]:
        own = rows[(rows["attack"] == attack) & (rows["samples"] == samples)]
        accuracy: pd.Series[float] = own.set_index("seed")["accuracy"]
        return accuracy

    return select


def _accuracy(access: str) -> Select:
    """Return an attack's accuracy at the highest level that most seeds reached."""
    return lambda rows: claims.at_top(rows)[1][access]


def _worst(*accesses: str) -> Select:
    return lambda rows: claims.at_top(rows)[1][list(accesses)].min(axis=1)


def _variance_and_membership(rows: pd.DataFrame) -> pd.Series[float]:
    own = rows[(rows["first"] == "membership") & (rows["second"] == "variance")]
    result: pd.Series[float] = _at_top(own).set_index("seed")["correlation"]
    return result


def attacks() -> Iterator[Statement]:
    """What section 4.3.3 says of single data sets; at the highest level that most seeds reached."""
    gradient, prediction = _accuracy("gradient"), _accuracy("prediction")
    labelled, loss = _accuracy("gradient+label"), _accuracy("loss")
    tree = _accuracy("gradient-norm")
    networks = ("gradient", "gradient+label", "prediction", "gradient+prediction")
    quiet = (
        "In this setting hospital's networks hardly overfit (the curves are in results/targets)."
    )
    for text, kind, paper, dataset, select, cause in (
        (
            "all attacks are only slightly weaker than the loss (largest difference at most 0.05)",
            "at most", 0.05, "purchase", difference(loss, _worst(*networks)), "",
        ),
        (
            "the gradient is worth less than the prediction (difference of accuracies)", "at most",
            0, "texas", difference(gradient, prediction), "",
        ),
        (
            "the gradient alone is worth least (difference to the least of the others)", "at most",
            0, "cifar100", difference(gradient, _worst(*networks[1:])), "",
        ),
        ("gradient and label beat a guess", "at least", 0.5, "hospital", labelled, quiet),
        (
            "gradient and label beat the loss (difference of accuracies)", "at least", 0,
            "hospital", difference(labelled, loss), quiet,
        ),
        ("the prediction does not beat a guess", "chance", 0.5, "hospital", prediction, ""),
    ):  # fmt: skip
        yield Statement(
            "Observation 4.2", text, kind, paper, dataset, "attacks", select, cause=cause
        )
    for text, kind, paper, dataset, select in (
        ("the network on the gradient beats the tree on its 1-norm (difference of accuracies)",
         "at least", 0, "purchase", difference(gradient, tree)),
        (f"network and tree are almost identical (absolute difference at most {claims.MARGIN})",
         "at most", claims.MARGIN, "texas",
         lambda rows: difference(gradient, tree)(rows).abs()),
        ("the tree on the 1-norm beats the network on the gradient (difference of accuracies)",
         "at least", 0, "cifar100", difference(tree, gradient)),
    ):  # fmt: skip
        yield Statement("Figure 2", text, kind, paper, dataset, "attacks", select)
    yield Statement(
        "4.3.3", "the prediction's variance is negatively correlated with membership", "at most", 0,
        "texas", "signals", _variance_and_membership,
    )  # fmt: skip
