"""Diabetic hospital stays, readmission within 30 days or not (paper B.5)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leakcore.datasets import archives, tabular
from leakcore.datasets.coding import Parts, expect_rows
from leakcore.datasets.sources import RawFile
from leakcore.errors import LeakcoreError

_MEMBERS = ("dataset_diabetes/diabetic_data.csv", "diabetic_data.csv")
RAW = (
    RawFile(
        "dataset_diabetes.zip",
        (
            "https://archive.ics.uci.edu/static/public/296/"
            "diabetes+130-us+hospitals+for+years+1999-2008.zip",
            "https://archive.ics.uci.edu/ml/machine-learning-databases/00296/dataset_diabetes.zip",
        ),
        # The two addresses pack the same table differently.
        members=_MEMBERS,
        member_sha256="0689e7ec031237dc63031b938805c48377748761a3b26acab621567afa24df97",
        max_bytes=100 << 20,
    ),
)
SOURCES = ("mirror", "download", "synthetic")
N_POINTS = 101_766
N_CLASSES = 2
SHAPE = (127,)

_COUNTS = (
    *("time_in_hospital", "num_lab_procedures", "num_procedures", "num_medications"),
    *("number_outpatient", "number_emergency", "number_inpatient", "number_diagnoses"),
)
_RACES = ("AfricanAmerican", "Asian", "Caucasian", "Hispanic", "Other")
_AGE_BANDS = tuple(f"[{low}-{low + 10})" for low in range(0, 100, 10))
_DOSES = ("Down", "No", "Steady", "Up")
_TAKEN = ("No", "Steady")
_CATEGORIES: dict[str, tuple[str, ...]] = {
    "gender": ("Female", "Male", "Unknown/Invalid"),
    "race": ("?", *_RACES),
    "age": _AGE_BANDS,
    "discharge_disposition_id": tuple(str(i) for i in range(1, 29) if i not in (21, 26)),
    "max_glu_serum": (">200", ">300", "None", "Norm"),
    "A1Cresult": (">7", ">8", "None", "Norm"),
    "metformin": _DOSES,
    "repaglinide": _DOSES,
    "nateglinide": _DOSES,
    "chlorpropamide": _DOSES,
    "glimepiride": _DOSES,
    "acetohexamide": _TAKEN,
    "glipizide": _DOSES,
    "glyburide": _DOSES,
    "tolbutamide": _TAKEN,
    "pioglitazone": _DOSES,
    "rosiglitazone": _DOSES,
    "acarbose": _DOSES,
    "miglitol": _DOSES,
    "troglitazone": _TAKEN,
    "tolazamide": ("No", "Steady", "Up"),
    # Nobody took the next two: their one bit is always 0.
    "examide": _TAKEN,
    "citoglipton": _TAKEN,
    "insulin": _DOSES,
    "glyburide-metformin": _DOSES,
    "glipizide-metformin": _TAKEN,
    "glimepiride-pioglitazone": _TAKEN,
    "metformin-rosiglitazone": _TAKEN,
    "metformin-pioglitazone": _TAKEN,
    "change": ("Ch", "No"),
    "diabetesMed": ("No", "Yes"),
}
_STREAM = 0x405B


def code(files: Mapping[str, Path], *, n_points: int | None = None) -> Parts:
    """Code the table to 127 columns: 8 counts, unscaled, and 119 bits.

    A column with two categories gives one bit. `None` and `?` are categories of their own, except
    in the group `race`, where `?` is unknown.

    Parameters
    ----------
    files : path of `dataset_diabetes.zip`.
    n_points : rows to expect.

    Raises
    ------
    LeakcoreError : if the file is damaged or of another version.
    """
    path = files["dataset_diabetes.zip"]
    columns = [*_COUNTS, *_CATEGORIES, "readmitted"]
    with archives.open_member(path, _MEMBERS, RAW[0].max_bytes) as stream:
        table = tabular.read_csv(stream, str(path), columns, has_header=True)
    expect_rows(str(path), len(table), N_POINTS if n_points is None else n_points)
    return _code({column: table[column].to_numpy() for column in columns})


def _code(table: Mapping[str, NDArray[Any]]) -> Parts:
    """Code columns of text; shared by the real data and their stand-in."""
    features = np.empty((len(table["readmitted"]), *SHAPE), dtype=np.uint8)
    for i, column in enumerate(_COUNTS):
        values = tabular.integers(table[column], f"hospital: column {column}")
        if len(values) and not 0 <= values.min() <= values.max() <= 255:
            raise LeakcoreError(
                f"hospital: column {column} has values from {values.min()} to {values.max()}, "
                "expected 0 to 255; this is another version of the file"
            )
        features[:, i] = values
    names = list(_COUNTS)
    codes: dict[str, NDArray[np.int16]] = {}
    for column, categories in _CATEGORIES.items():
        where = f"hospital: column {column}"
        codes[column] = tabular.category_codes(table[column], categories, where)
        new = tabular.one_hot_names(column, categories)
        features[:, len(names) : len(names) + len(new)] = tabular.one_hot(
            codes[column], len(categories)
        )
        names += new
    readmitted = tabular.category_codes(
        table["readmitted"], ("<30", ">30", "NO"), "hospital: column readmitted"
    )
    return Parts(
        features=features,
        labels=(readmitted == 0).astype(np.int64),
        feature_names=tuple(names),
        groups={
            "age": (codes["age"], _AGE_BANDS),
            "race": ((codes["race"] - 1).astype(np.int16), _RACES),
        },
    )


def standin(n_points: int, seed: int, *, positive: float = 0.5, signal: float = 0.3) -> Parts:
    """Make records with the columns and the coding of the hospital data, hard to tell apart.

    Most columns say nothing of the label, a few say a little, as in the original; a network that
    fits its training part well has learnt it by heart.

    Parameters
    ----------
    n_points : number of records.
    seed : seed of the generator.
    positive : share of records with label 1. The default is balanced, unlike the original's 0.11,
        so that a balanced sample needs few points.
    signal : how strongly the columns depend on the label (0: not at all).
    """
    rng = np.random.default_rng([seed, _STREAM])
    label = rng.permutation(n_points) < round(positive * n_points)
    table: dict[str, NDArray[Any]] = {}
    means = dict(zip(_COUNTS, (4.4, 43.0, 1.3, 16.0, 0.4, 0.2, 0.6, 7.4), strict=True))
    for column, mean in means.items():
        shift = np.exp(signal * rng.normal(0, 0.2) * label)
        spread = rng.gamma(2.0, 0.5, n_points)
        counts = np.clip(rng.poisson(mean * shift * spread), 0, 255)
        table[column] = counts.astype(str).astype(object)
    for column, categories in _CATEGORIES.items():
        k = len(categories)
        dominant = column in ("examide", "citoglipton")
        shares = np.eye(k)[0] if dominant else rng.dirichlet(np.full(k, 0.6))
        tilted = shares * np.exp(signal * rng.normal(0, 0.5, k))
        tilted /= tilted.sum()
        values = np.where(
            label, rng.choice(k, n_points, p=tilted), rng.choice(k, n_points, p=shares)
        )
        table[column] = np.array(categories, dtype=object)[values]
    table["readmitted"] = np.where(label, "<30", "NO").astype(object)
    return _code(table)
