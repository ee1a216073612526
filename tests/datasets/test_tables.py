"""Adult and hospital from small handmade files in the original format."""

import csv
import io
import zipfile

import numpy as np
import pytest

from leakcore.datasets import adult, hospital
from leakcore.datasets.coding import code
from leakcore.datasets.sources import RawManifest
from leakcore.errors import LeakcoreError

TRAIN = """\
39, State-gov, 77516, Bachelors, 13, Never-married, Adm-clerical, Not-in-family, White, Male, \
2174, 0, 40, United-States, <=50K
17, ?, 100000, 11th, 7, Never-married, ?, Own-child, Black, Female, 0, 0, 20, ?, <=50K

"""
TEST = """\
|1x3 Cross validator
60, Private, 50000, Masters, 14, Divorced, Sales, Unmarried, Other, Male, 0, 400, 60, Cuba, >50K.

"""


def write_adult(directory, train=TRAIN, test=TEST):
    for name, text in (("adult.data", train), ("adult.test", test)):
        (directory / name).write_text(text)
    return {name: directory / name for name in ("adult.data", "adult.test")}


def test_adult_coding(tmp_path):
    parts = adult.code(write_adult(tmp_path), n_points=3)
    assert parts.features.shape == (3, 104)
    assert parts.features.dtype == np.float64
    assert len(set(parts.feature_names)) == 104
    assert parts.labels.tolist() == [0, 0, 1]
    column = {name: parts.features[:, i] for i, name in enumerate(parts.feature_names)}
    ages = np.array([39, 17, 60])
    np.testing.assert_allclose(column["age"], ages / (2 * ages.mean()), rtol=1e-15)
    np.testing.assert_allclose(column["capital-loss"], [0, 0, 1.5], rtol=1e-15)
    assert column["workclass=State-gov"].tolist() == [1, 0, 0]
    assert column["sex=Male"].tolist() == [1, 0, 1]
    for name, sums in (
        ("workclass", [1, 0, 1]),  # `?` sets no bit
        ("occupation", [1, 0, 1]),
        ("native-country", [1, 0, 1]),
        ("education", [1, 1, 1]),
        ("race", [1, 1, 1]),
    ):
        bits = [v for key, v in column.items() if key.startswith(f"{name}=")]
        assert np.sum(bits, axis=0).tolist() == sums, name
    codes, names = parts.groups["age"]
    assert [names[c] for c in codes] == ["30-40", "10-20", "60-70"]
    codes, names = parts.groups["race"]
    assert [names[c] for c in codes] == ["White", "Black", "Other"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("39, State", "x, State", "column age: expected whole numbers"),
        ("39, State", ", State", "adult.data: data row 1 has no age"),
        ("State-gov", "Mars-gov", "column workclass: unknown value 'Mars-gov'"),
        ("2174, 0, 40, United-States, <=50K", "2174", "data row 1 has no capital-loss"),
        ("United-States, <=50K", "United-States, <=50K, 1, 2", "not a readable table|more than 15"),
        ("United-States, <=50K", "United-States, <=50K, 1", "more than 15"),
        ("<=50K", "maybe", "column income: unknown value 'maybe'"),
    ],
)
def test_adult_refuses_damaged_rows(tmp_path, old, new, words):
    files = write_adult(tmp_path, train=TRAIN.replace(old, new, 1))
    with pytest.raises(LeakcoreError, match=words):
        adult.code(files, n_points=3)


def test_adult_refuses_missing_rows_and_columns_of_zeros(tmp_path):
    with pytest.raises(LeakcoreError, match=r"expected 48,842 rows, found 3.*n_points"):
        adult.code(write_adult(tmp_path))
    with pytest.raises(LeakcoreError, match="column capital-loss has mean 0"):
        adult.code(write_adult(tmp_path, test=TEST.replace("400", "0")), n_points=3)
    with pytest.raises(LeakcoreError, match="expected 3 rows, found 1"):
        adult.code(write_adult(tmp_path, train=""), n_points=3)


def test_adult_with_a_single_class_is_refused(tmp_path):
    files = write_adult(tmp_path, test=TEST.replace(">50K", "<=50K"))
    manifest = RawManifest("mirror", {name: str(path) for name, path in files.items()}, {})
    with pytest.raises(LeakcoreError, match="every point has label 0"):
        code("adult", "leakcore.datasets.adult", manifest, n_points=3, seed=0, options={})


HEADER = [
    *("encounter_id", "patient_nbr", "race", "gender", "age", "weight", "admission_type_id"),
    *("discharge_disposition_id", "admission_source_id", "time_in_hospital", "payer_code"),
    *("medical_specialty", "num_lab_procedures", "num_procedures", "num_medications"),
    *("number_outpatient", "number_emergency", "number_inpatient", "diag_1", "diag_2"),
    *("diag_3", "number_diagnoses", "max_glu_serum", "A1Cresult", "metformin", "repaglinide"),
    *("nateglinide", "chlorpropamide", "glimepiride", "acetohexamide", "glipizide"),
    *("glyburide", "tolbutamide", "pioglitazone", "rosiglitazone", "acarbose", "miglitol"),
    *("troglitazone", "tolazamide", "examide", "citoglipton", "insulin", "glyburide-metformin"),
    *("glipizide-metformin", "glimepiride-pioglitazone", "metformin-rosiglitazone"),
    *("metformin-pioglitazone", "change", "diabetesMed", "readmitted"),
]
PATIENT = dict.fromkeys(HEADER, "No") | {
    **dict.fromkeys(["encounter_id", "patient_nbr", "discharge_disposition_id"], "1"),
    **dict.fromkeys(["diag_1", "diag_2", "diag_3", "weight", "payer_code"], "?"),
    "race": "Caucasian",
    "gender": "Female",
    "age": "[0-10)",
    "time_in_hospital": "3",
    "num_lab_procedures": "132",
    "num_procedures": "0",
    "num_medications": "18",
    "number_outpatient": "0",
    "number_emergency": "0",
    "number_inpatient": "2",
    "number_diagnoses": "9",
    "max_glu_serum": "None",
    "A1Cresult": ">8",
    "diabetesMed": "Yes",
    "readmitted": "NO",
}


def write_hospital(directory, *patients, header=HEADER):
    text = io.StringIO()
    writer = csv.DictWriter(text, header, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows([PATIENT | patient for patient in patients])
    path = directory / "dataset_diabetes.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("dataset_diabetes/diabetic_data.csv", text.getvalue())
    return {path.name: path}


def test_hospital_coding(tmp_path):
    files = write_hospital(
        tmp_path,
        {},
        {"race": "?", "age": "[10-20)", "insulin": "Up", "change": "Ch", "readmitted": "<30"},
        {"race": "Asian", "acetohexamide": "Steady", "readmitted": ">30", "diabetesMed": "No"},
    )
    parts = hospital.code(files, n_points=3)
    assert parts.features.shape == (3, 127)
    assert parts.features.dtype == np.uint8
    assert len(set(parts.feature_names)) == 127
    assert parts.labels.tolist() == [0, 1, 0]
    column = {name: parts.features[:, i].tolist() for i, name in enumerate(parts.feature_names)}
    assert list(column)[:8] == list(hospital._COUNTS)
    assert column["num_lab_procedures"] == [132] * 3
    assert column["race=?"] == [0, 1, 0]
    assert column["A1Cresult=>8"] == [1] * 3
    assert column["max_glu_serum=None"] == [1] * 3
    assert column["insulin=Up"] == [0, 1, 0]
    assert column["acetohexamide=Steady"] == [0, 0, 1]
    assert column["diabetesMed=Yes"] == [1, 1, 0]
    assert column["change=No"] == [1, 0, 1]
    assert column["examide=Steady"] == [0, 0, 0]
    # Every one-hot group with three or more categories sets exactly one bit.
    for name, categories in hospital._CATEGORIES.items():
        if len(categories) > 2:
            bits = [v for key, v in column.items() if key.startswith(f"{name}=")]
            assert np.sum(bits, axis=0).tolist() == [1, 1, 1], name
    codes, names = parts.groups["race"]
    assert codes.tolist() == [names.index("Caucasian"), -1, names.index("Asian")]
    codes, names = parts.groups["age"]
    assert [names[c] for c in codes] == ["[0-10)", "[10-20)", "[0-10)"]


def test_hospital_refuses_another_table(tmp_path):
    without = [name for name in HEADER if name != "insulin"]
    with pytest.raises(LeakcoreError, match="column insulin is missing"):
        hospital.code(write_hospital(tmp_path, {}, header=without), n_points=1)
    for change, words in (
        ({"insulin": "Sometimes"}, "column insulin: unknown value 'Sometimes'"),
        ({"num_medications": "1000"}, "values from 1000 to 1000, expected 0 to 255"),
        ({"num_medications": "-1"}, "values from -1"),
        ({"num_medications": "NaN"}, "expected whole numbers"),
        ({"num_medications": ""}, "data row 1 has no num_medications"),
    ):
        with pytest.raises(LeakcoreError, match=words):
            hospital.code(write_hospital(tmp_path, change), n_points=1)
    with pytest.raises(LeakcoreError, match="expected 101,766 rows, found 1"):
        hospital.code(write_hospital(tmp_path, {}))
