"""UCI Adult: census records, income above 50,000 $ or not (paper B.4)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leakcore.datasets import tabular
from leakcore.datasets.coding import Parts, expect_rows
from leakcore.datasets.sources import RawFile
from leakcore.errors import LeakcoreError

_URL = "https://archive.ics.uci.edu/ml/machine-learning-databases/adult/"
RAW = (
    RawFile(
        "adult.data",
        (_URL + "adult.data",),
        sha256="5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d",
    ),
    RawFile(
        "adult.test",
        (_URL + "adult.test",),
        sha256="a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05",
    ),
)
SOURCES = ("mirror", "download", "synthetic")
N_POINTS = 48_842
N_CLASSES = 2
SHAPE = (104,)

_COLUMNS = (
    *("age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation"),
    *("relationship", "race", "sex", "capital-gain", "capital-loss", "hours-per-week"),
    *("native-country", "income"),
)
_NUMERIC = ("age", "fnlwgt", "education-num", "capital-gain", "capital-loss", "hours-per-week")
_CATEGORIES = {
    "workclass": "Federal-gov Local-gov Never-worked Private Self-emp-inc Self-emp-not-inc "
    "State-gov Without-pay",
    "education": "10th 11th 12th 1st-4th 5th-6th 7th-8th 9th Assoc-acdm Assoc-voc Bachelors "
    "Doctorate HS-grad Masters Preschool Prof-school Some-college",
    "marital-status": "Divorced Married-AF-spouse Married-civ-spouse Married-spouse-absent "
    "Never-married Separated Widowed",
    "occupation": "Adm-clerical Armed-Forces Craft-repair Exec-managerial Farming-fishing "
    "Handlers-cleaners Machine-op-inspct Other-service Priv-house-serv Prof-specialty "
    "Protective-serv Sales Tech-support Transport-moving",
    "relationship": "Husband Not-in-family Other-relative Own-child Unmarried Wife",
    "race": "Amer-Indian-Eskimo Asian-Pac-Islander Black Other White",
    "sex": "Female Male",
    "native-country": "Cambodia Canada China Columbia Cuba Dominican-Republic Ecuador El-Salvador "
    "England France Germany Greece Guatemala Haiti Holand-Netherlands Honduras Hong Hungary India "
    "Iran Ireland Italy Jamaica Japan Laos Mexico Nicaragua Outlying-US(Guam-USVI-etc) Peru "
    "Philippines Poland Portugal Puerto-Rico Scotland South Taiwan Thailand Trinadad&Tobago "
    "United-States Vietnam Yugoslavia",
}
_AGE_BANDS = tuple(f"{low}-{low + 10}" for low in range(0, 100, 10))
_STREAM = 0xAD017


def code(files: Mapping[str, Path], *, n_points: int | None = None) -> Parts:
    """Code train and test file together to 104 columns.

    The numeric columns are each divided by twice their mean over all rows. Categories give one bit
    each, `?` gives none; sex gives one bit.

    Parameters
    ----------
    files : paths of `adult.data` and `adult.test`.
    n_points : rows to expect in both files together.

    Raises
    ------
    LeakcoreError : if a file is damaged or of another version.
    """
    import pandas as pd

    tables = [
        tabular.read_csv(path, str(path), _COLUMNS, has_header=False, skip_rows=skip)
        # adult.test begins with a line that is no record
        for path, skip in ((files["adult.data"], 0), (files["adult.test"], 1))
    ]
    table = pd.concat(tables, ignore_index=True)
    expect_rows("adult.data and adult.test", len(table), N_POINTS if n_points is None else n_points)
    return _code({column: table[column].to_numpy() for column in _COLUMNS})


def _code(table: Mapping[str, NDArray[Any]]) -> Parts:
    """Code columns of text; shared by the real data and their stand-in."""
    n = len(table["age"])
    features = np.empty((n, *SHAPE))
    names: list[str] = []
    for column in _NUMERIC:
        values = tabular.integers(table[column], f"adult: column {column}")
        mean = values.mean() if n else 0.0
        if not mean > 0:
            raise LeakcoreError(
                f"adult: column {column} has mean {mean:g}, expected more than 0 to scale by; "
                "fetch the raw files again"
            )
        features[:, len(names)] = values / (2 * mean)
        names.append(column)
    codes: dict[str, NDArray[np.int16]] = {}
    for column, text in _CATEGORIES.items():
        categories = text.split()
        codes[column] = tabular.category_codes(
            table[column], categories, f"adult: column {column}", unknown="?"
        )
        new = tabular.one_hot_names(column, categories)
        features[:, len(names) : len(names) + len(new)] = tabular.one_hot(
            codes[column], len(categories)
        )
        names += new
    income = [str(value).removesuffix(".") for value in table["income"]]  # adult.test has the stop
    labels = tabular.category_codes(income, ("<=50K", ">50K"), "adult: column income")
    age = tabular.integers(table["age"], "adult: column age")
    return Parts(
        features=features,
        labels=labels.astype(np.int64),
        feature_names=tuple(names),
        groups={
            "age": (np.minimum(age // 10, len(_AGE_BANDS) - 1).astype(np.int16), _AGE_BANDS),
            "race": (codes["race"], tuple(_CATEGORIES["race"].split())),
        },
    )


def standin(n_points: int, seed: int) -> Parts:
    """Make records with the columns and the coding of Adult.

    Categories are drawn independently, with shares like those of the original for race and sex;
    income follows a logistic model of age, education, hours, marital status and occupation.

    Parameters
    ----------
    n_points : number of records.
    seed : seed of the generator.
    """
    rng = np.random.default_rng([seed, _STREAM])
    shares = {"race": [0.01, 0.03, 0.10, 0.01, 0.85], "sex": [0.33, 0.67]}
    table: dict[str, NDArray[Any]] = {}
    drawn: dict[str, NDArray[np.int64]] = {}
    for column, text in _CATEGORIES.items():
        categories = text.split()
        weights = np.array(shares.get(column, rng.dirichlet(np.full(len(categories), 0.7))))
        drawn[column] = rng.choice(len(categories), n_points, p=weights)
        table[column] = np.array(categories, dtype=object)[drawn[column]]
    age = np.clip(17 + rng.gamma(2.5, 9.0, n_points), 17, 90).astype(np.int64)
    education = rng.integers(1, 17, n_points)
    hours = np.clip(rng.normal(40, 12, n_points), 1, 99).astype(np.int64)
    gain = np.where(rng.random(n_points) < 0.08, rng.integers(100, 20_000, n_points), 0)
    numeric = {
        "age": age,
        "fnlwgt": rng.integers(12_000, 400_000, n_points),
        "education-num": education,
        "capital-gain": gain,
        "capital-loss": np.where(rng.random(n_points) < 0.05, 1_900, 0),
        "hours-per-week": hours,
    }
    if n_points:
        for column in ("capital-gain", "capital-loss"):
            numeric[column][0] = 1_900  # never all zeros, however few the points
    table |= {column: values.astype(str).astype(object) for column, values in numeric.items()}
    logit = (age - 38) / 12 + (education - 10) / 3 + (hours - 40) / 15 + gain / 8_000 - 1.8
    for column in ("marital-status", "occupation"):
        effects = rng.normal(0, 0.8, len(_CATEGORIES[column].split()))
        logit = logit + effects[drawn[column]]
    rich = rng.random(n_points) < 1 / (1 + np.exp(-logit))
    table["income"] = np.where(rich, ">50K", "<=50K").astype(object)
    return _code(table)
