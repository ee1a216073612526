"""Purchase and texas from small handmade archives in the original format."""

import io
import tarfile

import numpy as np
import pytest

from leakcore.datasets import purchase, texas
from leakcore.errors import LeakcoreError


def lines(rows: np.ndarray) -> bytes:
    return b"".join(b",".join(str(v).encode() for v in row) + b"\n" for row in rows)


def pack(path, **members: bytes):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name.replace("__", "/"))
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return {path.name: path}


@pytest.fixture
def data():
    rng = np.random.default_rng(5)
    return rng.integers(0, 2, (7, 600)), rng.permutation([1, 2, 100, 37, 5, 1, 99])


def write_purchase(tmp_path, text):
    return pack(tmp_path / "dataset_purchase.tgz", dataset_purchase=text)


def test_purchase(tmp_path, data):
    bits, labels = data
    text = lines(np.column_stack([labels, bits]))
    for variant in (text, text.replace(b"\n", b"\r\n"), text.rstrip(b"\n")):
        parts = purchase.code(write_purchase(tmp_path, variant), n_points=7)
        np.testing.assert_array_equal(parts.features, bits)
        np.testing.assert_array_equal(parts.labels, labels - 1)
        assert parts.features.dtype == np.uint8
        assert len(parts.feature_names) == 600


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.replace(b",1", b",2", 1), "line 1 is not a label and 600 bits"),
        (lambda t: t.replace(b",1", b";1", 1), "line 1 is not"),
        (lambda t: t[:-3], "line 7 is not"),
        (lambda t: b"x" + t, "line 1 is not"),
        (lambda t: t + t.split(b"\n")[0], "expected 7 rows, found 8"),
        (lambda t: t.split(b"\n")[0], "expected 7 rows, found 1"),
        (lambda t: b"0" * 9999 + t, "line 1 is longer than"),
    ],
)
def test_purchase_refuses_damage(tmp_path, data, change, words):
    text = lines(np.column_stack(data[::-1]))
    with pytest.raises(LeakcoreError, match=words):
        purchase.code(write_purchase(tmp_path, change(text)), n_points=7)


def write_texas(tmp_path, feats, labels):
    members = {"texas__100__feats": feats, "texas__100__labels": labels}
    return pack(tmp_path / "dataset_texas.tgz", **members)


@pytest.mark.parametrize("width", [6_169, 6_170])
def test_texas(tmp_path, width):
    rng = np.random.default_rng(6)
    bits, labels = rng.integers(0, 2, (4, width)), np.array([1, 100, 3, 3])
    files = write_texas(tmp_path, lines(bits), lines(labels[:, None]))
    parts = texas.code(files, n_points=4)
    np.testing.assert_array_equal(parts.features, bits)
    np.testing.assert_array_equal(parts.labels, labels - 1)
    assert parts.features.shape[1:] in texas.SHAPES
    assert len(parts.feature_names) == width


def test_texas_refuses_damage(tmp_path):
    bits = lines(np.ones((2, 6_170), int))
    for feats, labels, words in (
        (bits.replace(b"1", b"7", 1), b"1\n2\n", "line 1 of texas/100/feats"),
        (bits[:-4], b"1\n2\n", "line 2 of texas/100/feats"),
        (bits, b"1\nhip\n", "line 2 of texas/100/labels is b'hip'"),
        (bits, b"1\n", "labels: expected 2 rows, found 1"),
        (bits * 2, b"1\n2\n", "feats: expected 2 rows, found 4"),
        (b"", b"1\n2\n", "feats: expected 2 rows, found 0"),
    ):
        with pytest.raises(LeakcoreError, match=words):
            texas.code(write_texas(tmp_path, feats, labels), n_points=2)
