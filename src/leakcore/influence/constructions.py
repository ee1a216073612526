"""Models in which few or all training records can be revealed (Appendix F, Figure 8).

Both families have one feature. Like everywhere in leakcore a model is (weight, intercept) with
logit w y + b; the paper writes w y - b.

The paper's proofs hold with these corrections, which the tests check numerically.

- Lemma F.1, third case. Let all models be shifts, B = e^b, and B_1 < B < B_m the extremes. Both
  extremes can be revealed exactly if H < B < A, the harmonic and the arithmetic mean of B_1 and
  B_m; else only one. Their influences are equal at e^(-w y) = (B_1 + B_m - 2 B) / (B (B_1 + B_m)
  - 2 B_1 B_m), in the paper's sign of b. The paper prints the condition as b <= log A, with y of
  the other sign, and leaves out H, where the denominator vanishes.
- Lemma F.1, second case. Models through one common point leave one revealable record only if all
  turn to the same side: with both sides and the common probability away from 1/2, the curvature
  of the sigmoid favours one record above the point and another below.
- Lemma F.2. The tangents of y^2 attain the maximum of w_i y - b_i at their own point, but the
  influence is an absolute value, and at y = 1 the tangents from afar lie deeper below 0 than the
  largest lies above. A constant added to all of them makes them all positive between the points.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leakcore.errors import LeakcoreError

FloatArray = NDArray[np.float64]


def two_revealable(m: int) -> tuple[FloatArray, FloatArray]:
    """Models of which only the two extremes can be revealed (Figure 8 left; Lemma F.1, case 3).

    Leaving any record out shifts the model along y, by amounts spread evenly about 0.

    Parameters
    ----------
    m : number of training records, at least 2.

    Returns
    -------
    full : (2,) the model.
    weights : (m, 2) the model without each record. Only the first and the last can be revealed.
    """
    if m < 2:
        raise LeakcoreError(f"records: found {m}; the construction needs at least 2")
    return np.array([1.0, 0.0]), np.column_stack([np.ones(m), np.linspace(-1.0, 1.0, m)])


def all_revealable(m: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Models of which every record can be revealed (Figure 8 right; Lemma F.2, corrected).

    The tangents of y^2 at 1..m, scaled by 1/m^2 so that no probability saturates, plus 1.

    Parameters
    ----------
    m : number of training records, at least 1.

    Returns
    -------
    full : (2,) the model, constant 1/2.
    weights : (m, 2) the model without each record.
    queries : (m, 1) query i reveals record i.
    """
    if m < 1:
        raise LeakcoreError(f"records: found {m}; the construction needs at least 1")
    k = np.arange(1, m + 1, dtype=np.float64)
    weights = np.column_stack([2 * k / m**2, 1 - k**2 / m**2])
    return np.zeros(2), weights, k[:, None]
