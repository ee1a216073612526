"""CIFAR-100 from small handmade archives, and hostile pickles in its place."""

import io
import os
import pickle
import struct
import tarfile

import numpy as np
import pytest

from leakcore.datasets import cifar100
from leakcore.errors import LeakcoreError

META = {
    b"fine_label_names": [f"fine{i}".encode() for i in range(100)],
    b"coarse_label_names": [f"coarse{i}".encode() for i in range(20)],
}


def content(n: int, seed: int) -> dict:
    rng = np.random.default_rng(seed)
    return {
        b"data": rng.integers(0, 256, (n, 3072), dtype=np.uint8),
        b"fine_labels": rng.integers(0, 100, n).tolist(),
        b"coarse_labels": rng.integers(0, 20, n).tolist(),
        b"filenames": [b"x.png"] * n,
    }


def python2(part: dict) -> bytes:
    """Pickle as Python 2 with numpy 1 did: byte strings, numpy.core, and protocol 2."""

    def text(value: bytes) -> bytes:
        return b"T" + struct.pack("<i", len(value)) + value

    def array(value: np.ndarray) -> bytes:
        rows, columns = value.shape
        return (
            b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x00t" + text(b"b") + b"tR"
            b"(K\x01(J" + struct.pack("<i", rows) + b"J" + struct.pack("<i", columns) + b"t"
            b"cnumpy\ndtype\n(" + text(b"u1") + b"K\x00K\x01tR"
            b"(K\x03" + text(b"|") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
            b"\x89" + text(value.tobytes()) + b"tb"
        )

    out = b"\x80\x02}("
    for key, value in part.items():
        out += text(key)
        if isinstance(value, np.ndarray):
            out += array(value)
        else:
            items = (text(v) if isinstance(v, bytes) else b"K" + bytes([v]) for v in value)
            out += b"](" + b"".join(items) + b"e"
    return out + b"u."


def write(directory, train, test, meta=META, dump=python2):
    path = directory / "cifar-100-python.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, part in (("train", train), ("test", test), ("meta", meta)):
            text = part if isinstance(part, bytes) else dump(part)
            info = tarfile.TarInfo(f"cifar-100-python/{name}")
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text))
    return {path.name: path}


@pytest.mark.parametrize("protocol", ["python 2", 2, 4])
def test_train_and_test_are_pooled(tmp_path, protocol):
    train, test = content(5, 1), content(3, 2)
    dump = python2 if protocol == "python 2" else lambda part: pickle.dumps(part, protocol)
    if protocol == "python 2":  # the hand-written pickle is what numpy itself reads
        loaded = pickle.loads(python2(train), encoding="bytes")
        np.testing.assert_array_equal(loaded[b"data"], train[b"data"])
    parts = cifar100.code(write(tmp_path, train, test, dump=dump), n_points=8)
    pixels = np.concatenate([train[b"data"], test[b"data"]])
    np.testing.assert_array_equal(parts.features.reshape(8, -1), pixels)
    assert parts.features.shape == (8, 3, 32, 32)
    assert parts.features.dtype == np.uint8
    assert parts.labels.tolist() == train[b"fine_labels"] + test[b"fine_labels"]
    codes, names = parts.groups["fine"]
    assert codes.tolist() == parts.labels.tolist()
    assert names[7] == "fine7"
    codes, names = parts.groups["coarse"]
    assert codes.tolist() == train[b"coarse_labels"] + test[b"coarse_labels"]
    assert names[19] == "coarse19"


class Call:
    """Pickles as a call of any function."""

    def __init__(self, function, *arguments):
        self.reduced = function, arguments

    def __reduce__(self):
        return self.reduced


@pytest.mark.parametrize("protocol", [0, 2, 4])
@pytest.mark.parametrize("attack", ["system", "eval", "open", "getattr", "frombuffer", "nested"])
def test_a_hostile_pickle_executes_nothing(tmp_path, attack, protocol):
    trace = tmp_path / "trace"
    call = {
        "system": Call(os.system, f"touch {trace}"),
        "eval": Call(eval, f"open({str(trace)!r}, 'w')"),
        "open": Call(open, str(trace), "w"),
        "getattr": Call(getattr, np.ndarray, "tofile"),
        "frombuffer": Call(np.frombuffer, b"x"),
        "nested": {b"data": [Call(os.system, f"touch {trace}")]},
    }[attack]
    hostile = pickle.dumps(call, protocol)
    if attack in ("system", "eval", "open"):  # the attack works on an unguarded reader
        pickle.loads(hostile)
        assert trace.exists()
        trace.unlink()
    with pytest.raises(LeakcoreError, match=r"refused, .*train is not a pickle of plain data"):
        cifar100.code(write(tmp_path, hostile, content(1, 0)), n_points=2)
    assert not trace.exists()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"not a pickle",
        python2(content(2, 0))[:-500],
        b"c__builtin__\nexec\n(S'1'\ntR.",
        b"cnumpy\nndarray\n)\x81}b.",  # a marker with state: loads, but is no dictionary
        b"c_codecs\nencode\n(X\x01\x00\x00\x00aX\x05\x00\x00\x00utf-8tR.",
        b"\x80\x02Pid\n.",  # a persistent id
        b"\x80\x02\x82\x01.",  # the extension registry
        b"\x80\x02]q\x00.",
    ],
)
def test_damaged_pickles_are_refused(tmp_path, text):
    with pytest.raises(LeakcoreError, match=r"cifar-100-python.tar.gz: .*train"):
        cifar100.code(write(tmp_path, text, content(1, 0)), n_points=2)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        (b"data", np.zeros((2, 3072)), "`data` is not an array"),
        (b"data", np.zeros((2, 3071), np.uint8), "`data` is not an array"),
        (b"data", np.array([[{}]], dtype=object), "`data` is not an array"),
        (b"data", [1, 2], "`data` is not an array"),
        (b"fine_labels", [1, 100], "labels from 0 to 99"),
        (b"fine_labels", [1, -1], "labels from 0 to 99"),
        (b"fine_labels", [1], "of 2 labels"),
        (b"coarse_labels", [1, 20], "labels from 0 to 19"),
        (b"coarse_labels", None, "no list `coarse_labels`"),
    ],
)
def test_wrong_content_is_refused(tmp_path, key, value, words):
    train = content(2, 0) | {key: value}
    files = write(tmp_path, train, content(1, 0), dump=lambda part: pickle.dumps(part, 2))
    with pytest.raises(LeakcoreError, match=words):
        cifar100.code(files, n_points=3)


def test_wrong_names_rows_and_truncation_are_refused(tmp_path):
    train, test = content(2, 0), content(1, 0)
    with pytest.raises(LeakcoreError, match="fine_label_names"):
        cifar100.code(write(tmp_path, train, test, {b"fine_label_names": [b"a"]}), n_points=3)
    files = write(tmp_path, train, test)
    with pytest.raises(LeakcoreError, match="expected 60,000 rows, found 3"):
        cifar100.code(files)
    path = files["cifar-100-python.tar.gz"]
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(LeakcoreError, match="damaged"):
        cifar100.code(files, n_points=3)
