"""The only thing that a reconstruction attack may touch: a model that explains itself.

An `Oracle` holds a logistic regression and its training data and gives away what a record-based
explanation gives away (paper section 3.2): the prediction, the k most influential training
records, and their influence. It counts the queries. Attacks receive the oracle, never the data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from leakcore.errors import LeakcoreError
from leakcore.influence.influence import RecordExplainer

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Answer:
    """What m queries give away.

    Attributes
    ----------
    probability : (m,) predicted probability of class 1.
    ids : (m, k) names of the revealed training records, most influential first.
    influence : (m, k) their signed influence f(y) - f_x(y) (paper section 5.2).
    """

    probability: FloatArray
    ids: IntArray
    influence: FloatArray


class Oracle:
    """A logistic regression with record-based explanations, open to queries only.

    Parameters
    ----------
    features, labels : (n, d) and (n,) the training records.
    full : (d+1,) the model, intercept last.
    weights : (n, d+1) the model without each training record.
    k : how many records an answer reveals.

    Raises
    ------
    LeakcoreError : if k is not between 1 and n.
    ValueError : if the shapes do not fit.
    """

    def __init__(
        self,
        features: NDArray[np.generic],
        labels: IntArray,
        full: FloatArray,
        weights: FloatArray,
        k: int,
    ) -> None:
        n, d = features.shape
        if labels.shape != (n,) or full.shape != (d + 1,) or weights.shape != (n, d + 1):
            raise ValueError(
                f"need (n, d), (n,), (d+1,) and (n, d+1), found features {features.shape}, labels "
                f"{labels.shape}, full {full.shape}, weights {weights.shape}"
            )
        if not 1 <= k <= n:
            raise LeakcoreError(f"k: found {k}; choose 1 to {n}, the number of training points")
        self._features, self._labels = features, labels
        self._models, self._k = RecordExplainer(full, weights), k
        self._revealed = np.zeros(n, dtype=np.bool_)
        self._queries = 0
        self._asked: dict[bytes, Answer] = {}

    @property
    def n_features(self) -> int:
        """Number of features d of a query."""
        return len(self._models.full) - 1

    @property
    def k(self) -> int:
        """How many records an answer reveals."""
        return self._k

    @property
    def queries(self) -> int:
        """How many points have been queried so far."""
        return self._queries

    def query(self, points: FloatArray) -> Answer:
        """Predict and explain every row of points (m, d); each counts as one query."""
        points = np.asarray(points, dtype=np.float64)
        self._queries += len(points)
        # Traversals from many starts ask about the same records one at a time.
        key = points.tobytes() if len(points) == 1 else None
        if key is not None and key in self._asked:
            return self._asked[key]
        answer = self._answer(self._models.margin(points), *self._models.top_k(points, self._k))
        if key is not None:
            self._asked[key] = answer
        return answer

    def query_along_axes(self, point: FloatArray, axes: IntArray, steps: FloatArray) -> Answer:
        """Query the points that differ from `point` (d,) in one coordinate each.

        The same as `query` of point + steps[j] * (unit vector of axes[j]), j = 0..m-1, and counted
        the same; it costs the machine that runs the oracle a d-th of the work.
        """
        self._queries += len(axes)
        margin = self._models.margin(point[None]) + steps * self._models.full[axes]
        return self._answer(margin, *self._models.top_k_along_axes(point, axes, steps, self._k))

    def _answer(self, margin: FloatArray, ids: IntArray, influence: FloatArray) -> Answer:
        self._revealed[ids] = True
        return Answer(expit(margin), ids, influence)

    def records(self, ids: IntArray) -> tuple[NDArray[np.generic], IntArray]:
        """Features (m, d) and labels (m,) of records that an answer has revealed; no query.

        Raises
        ------
        PermissionError : if one of the records has not been revealed.
        """
        if not self._revealed[ids].all():
            raise PermissionError("an attack asked for a record that no answer has revealed")
        return self._features[ids], self._labels[ids]
