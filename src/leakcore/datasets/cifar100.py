"""CIFAR-100: colour images of 32 x 32 pixels, 100 classes (paper B.3)."""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leakcore.datasets import archives, standins
from leakcore.datasets.coding import Parts, expect_rows
from leakcore.datasets.sources import RawFile
from leakcore.errors import LeakcoreError

RAW = (
    RawFile(
        "cifar-100-python.tar.gz",
        ("https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",),
        md5="eb9058c3a382ffc7106e4002c42a8d85",
    ),
)
SOURCES = ("mirror", "download", "synthetic")
N_POINTS = 60_000
N_CLASSES = 100
SHAPE = (3, 32, 32)
_N_COARSE = 20
_STREAM = 0xC1FA


def code(files: Mapping[str, Path], *, n_points: int | None = None) -> Parts:
    """Pool the train and the test images.

    Parameters
    ----------
    files : path of `cifar-100-python.tar.gz`.
    n_points : images to expect.

    Raises
    ------
    LeakcoreError : if the file is damaged, of another version, or its pickles hold anything but
        plain data.
    """
    path = files["cifar-100-python.tar.gz"]
    pixels, fine, coarse = [], [], []
    members = {part: f"cifar-100-python/{part}" for part in ("train", "test", "meta")}
    pickles = archives.read_members(path, members.values(), RAW[0].max_bytes)
    for part in ("train", "test"):
        content = _load(path, members[part], pickles.pop(members[part]))
        pixels.append(_array(content.get(b"data"), f"{path}: {part}"))
        fine.append(_labels(content, b"fine_labels", len(pixels[-1]), N_CLASSES, path, part))
        coarse.append(_labels(content, b"coarse_labels", len(pixels[-1]), _N_COARSE, path, part))
    meta = _load(path, members["meta"], pickles[members["meta"]])
    expect_rows(str(path), sum(map(len, pixels)), N_POINTS if n_points is None else n_points)
    labels = np.concatenate(fine)
    return Parts(
        features=np.concatenate(pixels).reshape(-1, *SHAPE),
        labels=labels,
        groups={
            "fine": (
                labels.astype(np.int16),
                _names(meta, b"fine_label_names", N_CLASSES, path),
            ),
            "coarse": (
                np.concatenate(coarse).astype(np.int16),
                _names(meta, b"coarse_label_names", _N_COARSE, path),
            ),
        },
    )


def standin(n_points: int, seed: int, *, noise: float = 1.0) -> Parts:
    """Make small colour images of 100 classes in place of CIFAR-100.

    Each class is a smooth random picture, near that of its coarse class; each image is it shifted
    a little, perhaps mirrored, with its own smooth background, contrast and pixel noise.

    Parameters
    ----------
    n_points : number of images.
    seed : seed of the generator.
    noise : amplitude of an image's background against that of its class picture.
    """
    rng = np.random.default_rng([seed, _STREAM])
    coarse = standins.balanced(rng, N_CLASSES, _N_COARSE)
    prototypes = 0.6 * standins.smooth(rng, _N_COARSE, SHAPE, 4)[coarse]
    prototypes += standins.smooth(rng, N_CLASSES, SHAPE, 8)
    labels = standins.balanced(rng, n_points, N_CLASSES)
    features = np.empty((n_points, *SHAPE), dtype=np.uint8)
    for i, label in enumerate(labels):
        image = np.roll(prototypes[label], rng.integers(-3, 4, 2), axis=(1, 2))
        if rng.random() < 0.5:
            image = image[:, :, ::-1]
        image = rng.uniform(0.6, 1.2) * image + noise * standins.smooth(rng, 1, SHAPE, 8)[0]
        image += 0.15 * rng.normal(size=SHAPE)
        features[i] = np.clip(128 + 40 * image, 0, 255)
    groups = {
        "fine": (labels.astype(np.int16), tuple(f"fine {i}" for i in range(N_CLASSES))),
        "coarse": (
            coarse[labels].astype(np.int16),
            tuple(f"coarse {i}" for i in range(_N_COARSE)),
        ),
    }
    return Parts(features, labels, groups=groups)


class _Array:
    """What a pickled numpy array is loaded as: it keeps the pickled state and does nothing."""

    state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


class _Dtype:
    """What a pickled numpy dtype is loaded as: it keeps the type's name."""

    def __init__(self, name: Any = None, *_: Any) -> None:
        self.name = name

    def __setstate__(self, state: Any) -> None:
        """Drop the byte order and alignment: a single byte has neither."""


class _Marker:
    """Stands for the class `numpy.ndarray`, which the pickle names but nothing may create."""


def _reconstruct(*_: Any) -> _Array:
    return _Array()


def _encode(text: Any, codec: Any) -> bytes:
    if not (isinstance(text, str) and codec == "latin1"):
        raise pickle.UnpicklingError("_codecs.encode of anything but latin1 text")
    return text.encode("latin1")


class _Unpickler(pickle.Unpickler):
    """Loads plain containers, numbers, text and arrays; of numpy itself nothing is called."""

    def find_class(self, module: str, name: str) -> Any:
        # Python 2, numpy 1 and numpy 2 each have their own spelling of the same array.
        allowed: dict[tuple[str, str], Any] = {
            ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
            ("numpy._core.multiarray", "_reconstruct"): _reconstruct,
            ("numpy", "ndarray"): _Marker,
            ("numpy", "dtype"): _Dtype,
            ("_codecs", "encode"): _encode,
        }
        try:
            return allowed[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}") from None


def _load(path: Path, member: str, pickled: bytes) -> dict[Any, Any]:
    try:
        content = _Unpickler(io.BytesIO(pickled), encoding="bytes").load()
    except Exception as error:  # a damaged or hostile pickle may raise anything
        raise LeakcoreError(
            f"{path}: refused, {member} is not a pickle of plain data ({error}); "
            "get the file from its original source"
        ) from error
    if not isinstance(content, dict):
        raise LeakcoreError(
            f"{path}: {member} holds a {type(content).__name__}, expected a dictionary; "
            "get the file from its original source"
        )
    return content


def _array(pickled: Any, where: str) -> NDArray[np.uint8]:
    """Rebuild an (n, 3072) array of bytes from its pickled state."""
    width = int(np.prod(SHAPE))
    try:
        _, shape, dtype, fortran, data = pickled.state
        if dtype.name not in ("u1", b"u1") or fortran or not isinstance(data, bytes):
            raise ValueError(f"it has type {dtype.name!r}")
        if len(shape) != 2 or shape[1] != width:
            raise ValueError(f"it has shape {shape}")
        return np.frombuffer(data, np.uint8).reshape(shape)
    except (AttributeError, TypeError, ValueError) as error:
        raise LeakcoreError(
            f"{where}: `data` is not an array of rows of {width} bytes ({error}); "
            "get the file from its original source"
        ) from error


def _labels(
    content: dict[Any, Any], key: bytes, n: int, n_classes: int, path: Path, part: str
) -> NDArray[np.int64]:
    values = content.get(key)
    if (
        not isinstance(values, list)
        or len(values) != n
        or not all(type(value) is int and 0 <= value < n_classes for value in values)
    ):
        raise LeakcoreError(
            f"{path}: {part} has no list `{key.decode()}` of {n} labels from 0 to {n_classes - 1}; "
            "get the file from its original source"
        )
    return np.array(values, dtype=np.int64)


def _names(meta: dict[Any, Any], key: bytes, n: int, path: Path) -> tuple[str, ...]:
    names = meta.get(key)
    if (
        not isinstance(names, list)
        or len(names) != n
        or not all(isinstance(name, bytes) for name in names)
    ):
        raise LeakcoreError(
            f"{path}: meta has no list `{key.decode()}` of {n} names; "
            "get the file from its original source"
        )
    return tuple(name.decode("latin1") for name in names)
