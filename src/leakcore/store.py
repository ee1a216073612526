"""The artefacts that pass between stages, and how they lie on disk.

Every artefact is one safetensors file: plain arrays and one JSON document, no pickle. A file is
written under a temporary name and renamed when it is whole, so a file that exists is complete.
The same content always gives the same bytes (the safetensors library orders several metadata keys
at random, hence the single JSON document with sorted keys).
"""

from __future__ import annotations

import json
import math
import os
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray
from safetensors import SafetensorError, safe_open

from leakcore.errors import LeakcoreError

FORMAT_VERSION = 1
_METADATA_KEY = "leakcore"
_DTYPES: dict[str, str] = {
    "bool": "BOOL",
    "uint8": "U8",
    "int8": "I8",
    "int16": "I16",
    "int32": "I32",
    "int64": "I64",
    "float32": "F32",
    "float64": "F64",
}

Array = NDArray[Any]


@contextmanager
def create(
    path: str | os.PathLike[str],
    kind: str,
    meta: Mapping[str, Any],
    arrays: Mapping[str, tuple[DTypeLike, tuple[int, ...]]],
) -> Iterator[dict[str, Array]]:
    """Lay out a new artefact on disk and yield its arrays, memory-mapped, to be filled.

    Large artefacts are filled block by block and never held in memory. The file appears under
    `path` only when the block ends without an exception.

    Parameters
    ----------
    path : where the artefact shall lie.
    kind : the artefact's type, checked when it is read.
    meta : JSON-serialisable facts about the artefact.
    arrays : for each array its dtype and shape.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    document = json.dumps(
        {"kind": kind, "version": FORMAT_VERSION, **meta}, sort_keys=True, allow_nan=False
    )
    header: dict[str, Any] = {"__metadata__": {_METADATA_KEY: document}}
    # Wide elements first keeps every array aligned, as the safetensors library itself does.
    order = sorted(arrays, key=lambda name: (-np.dtype(arrays[name][0]).itemsize, name))
    end = 0
    for name in order:
        dtype, shape = np.dtype(arrays[name][0]), arrays[name][1]
        if dtype.name not in _DTYPES:
            raise TypeError(f"array {name!r}: dtype {dtype} cannot be stored")
        begin, end = end, end + dtype.itemsize * math.prod(shape)
        header[name] = {
            "dtype": _DTYPES[dtype.name],
            "shape": list(shape),
            "data_offsets": [begin, end],
        }
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)

    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with open(partial, "wb") as file:
            file.write(struct.pack("<Q", len(head)) + head)
            file.flush()
            _reserve(file.fileno(), 8 + len(head) + end)
        maps: dict[str, Array] = {}
        for name in order:
            dtype, shape = np.dtype(arrays[name][0]), arrays[name][1]
            if math.prod(shape) == 0:  # an empty file region cannot be mapped
                maps[name] = np.empty(shape, dtype)
            else:
                offset = 8 + len(head) + header[name]["data_offsets"][0]
                maps[name] = np.memmap(partial, dtype, "r+", offset, shape)
        yield maps
        for array in maps.values():
            if isinstance(array, np.memmap):
                array.flush()
        maps.clear()
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _reserve(file: int, size: int) -> None:
    """Give a file its size, with room on the disk for all of it.

    A mapped file that the disk has no room for kills the process where it is filled (SIGBUS).
    """
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
    else:
        os.ftruncate(file, size)


def write(
    path: str | os.PathLike[str], kind: str, meta: Mapping[str, Any], arrays: Mapping[str, Array]
) -> None:
    """Write arrays that are already in memory as one artefact (see `create`)."""
    layout = {name: (array.dtype, array.shape) for name, array in arrays.items()}
    with create(path, kind, meta, layout) as maps:
        for name, array in arrays.items():
            maps[name][...] = array


def read_meta(path: str | os.PathLike[str], kind: str) -> dict[str, Any]:
    """Return an artefact's JSON document.

    Raises
    ------
    LeakcoreError : if the file is missing, is no leakcore artefact, or is of another kind.
    """
    return _open(path, kind)[1]


def read(
    path: str | os.PathLike[str], kind: str, names: list[str] | None = None
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return an artefact's JSON document and its arrays (all of them, or only `names`)."""
    file, meta = _open(path, kind)
    return meta, {name: file.get_tensor(name) for name in (names or file.keys())}


def read_rows(path: str | os.PathLike[str], kind: str, name: str, start: int, stop: int) -> Array:
    """Return rows start:stop of one array without reading the rest of the file."""
    file, _ = _open(path, kind)
    rows: Array = file.get_slice(name)[start:stop]
    return rows


def _open(path: str | os.PathLike[str], kind: str) -> tuple[Any, dict[str, Any]]:
    try:
        file = safe_open(path, framework="numpy")
        meta: dict[str, Any] = json.loads((file.metadata() or {})[_METADATA_KEY])  # type: ignore[no-untyped-call]
    except FileNotFoundError as error:
        raise LeakcoreError(f"{path}: no such file; run the rule that makes it") from error
    except (SafetensorError, KeyError, ValueError) as error:
        raise LeakcoreError(
            f"{path}: not a leakcore artefact, or damaged ({error}); delete it and run again"
        ) from error
    if meta.get("kind") != kind or meta.get("version") != FORMAT_VERSION:
        raise LeakcoreError(
            f"{path}: expected a {kind} of format {FORMAT_VERSION}, found "
            f"{meta.get('kind')} of format {meta.get('version')}; delete it and run again"
        )
    return file, meta


@dataclass(frozen=True)
class Dataset:
    """A coded data set.

    Attributes
    ----------
    features : (n, ...) array; compact dtype (uint8 for bits, counts and pixels, else float64).
    labels : (n,) int64, classes 0..n_classes-1.
    n_classes : number of classes.
    feature_names : one name a feature column (empty for pixels).
    groups : for each grouping (age, race, fine class ...) the code of every point, (n,) int16,
        where -1 is "unknown", and the group names that the codes stand for.
    name : the data set's name in the config.
    source : `mirror`, `download`, `package` or `synthetic`; the last is stand-in data.
    sha256 : for each raw file its digest (empty for generated data).
    """

    kind: ClassVar[str] = "Dataset"
    features: Array
    labels: NDArray[np.int64]
    n_classes: int
    feature_names: tuple[str, ...]
    groups: dict[str, tuple[NDArray[np.int16], tuple[str, ...]]]
    name: str
    source: str
    sha256: dict[str, str] = field(default_factory=dict)

    @property
    def is_standin(self) -> bool:
        """Whether the data are generated in place of the real data set."""
        return self.source == "synthetic"

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the data set as one artefact."""
        meta = {
            "name": self.name,
            "source": self.source,
            "sha256": self.sha256,
            "n_classes": self.n_classes,
            "n_points": len(self.labels),
            "shape": list(self.features.shape[1:]),
            "feature_names": list(self.feature_names),
            "groups": {key: list(names) for key, (_, names) in self.groups.items()},
        }
        arrays = {"features": self.features, "labels": self.labels}
        arrays |= {f"group:{key}": codes for key, (codes, _) in self.groups.items()}
        write(path, self.kind, meta, arrays)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a data set back."""
        meta, arrays = read(path, cls.kind)
        return cls(
            features=arrays["features"],
            labels=arrays["labels"],
            n_classes=meta["n_classes"],
            feature_names=tuple(meta["feature_names"]),
            groups={
                key: (arrays[f"group:{key}"], tuple(names)) for key, names in meta["groups"].items()
            },
            name=meta["name"],
            source=meta["source"],
            sha256=meta["sha256"],
        )


@dataclass(frozen=True)
class Split:
    """Which points of a data set train the target (members) and which do not.

    Attributes
    ----------
    members, nonmembers : int64 indices into the data set, disjoint, each without repetition.
    seed : the seed that they were drawn with.
    """

    kind: ClassVar[str] = "Split"
    members: NDArray[np.int64]
    nonmembers: NDArray[np.int64]
    seed: int

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the split as one artefact."""
        arrays = {"members": self.members, "nonmembers": self.nonmembers}
        write(path, self.kind, {"seed": self.seed}, arrays)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a split back."""
        meta, arrays = read(path, cls.kind)
        return cls(arrays["members"], arrays["nonmembers"], meta["seed"])


@dataclass(frozen=True)
class Target:
    """A trained network at one overfitting level.

    Attributes
    ----------
    level : the wanted gap between train and test accuracy.
    reached : False if training never came to that gap; the weights are then empty.
    epoch, train_accuracy, test_accuracy : where training stood when the level was first reached
        (of the last epoch if it never was).
    architecture : the plain description that `leakcore.targets.architectures.build` takes.
    weights : the network's state.
    privacy : epsilon, delta and so on for differentially private training, else empty.
    """

    kind: ClassVar[str] = "Target"
    level: float
    reached: bool
    epoch: int
    train_accuracy: float
    test_accuracy: float
    architecture: dict[str, Any]
    weights: dict[str, NDArray[np.float32]]
    privacy: dict[str, float] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """Overfitting: train accuracy minus test accuracy (paper section 4.3.2)."""
        return self.train_accuracy - self.test_accuracy

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the target as one artefact."""
        meta = {
            "level": self.level,
            "reached": self.reached,
            "epoch": self.epoch,
            "train_accuracy": self.train_accuracy,
            "test_accuracy": self.test_accuracy,
            "architecture": self.architecture,
            "privacy": self.privacy,
        }
        write(path, self.kind, meta, self.weights)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a target back."""
        meta, arrays = read(path, cls.kind)
        del meta["kind"], meta["version"]
        return cls(weights=arrays, **meta)


@dataclass(frozen=True)
class Observations:
    """What the attacker can see of each point, members first, then non-members.

    Attributes
    ----------
    index : (n,) the point's index in the data set.
    member : (n,) bool.
    label : (n,) the true label.
    predicted : (n,) the predicted label.
    probabilities : (n, k) float32 prediction vector.
    loss : (n,) float32 cross-entropy, in nats.
    explanation : (n, ...) float32, shaped like the input.
    level, train_accuracy, test_accuracy : of the target that was observed.
    """

    kind: ClassVar[str] = "Observations"
    index: NDArray[np.int64]
    member: NDArray[np.bool_]
    label: NDArray[np.int64]
    predicted: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    loss: NDArray[np.float32]
    explanation: NDArray[np.float32]
    level: float
    train_accuracy: float
    test_accuracy: float

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self | None:
        """Read observations back; None if the target never reached its level."""
        meta, arrays = read(path, cls.kind)
        if not meta["reached"]:
            return None
        return cls(
            **arrays,
            level=meta["level"],
            train_accuracy=meta["train_accuracy"],
            test_accuracy=meta["test_accuracy"],
        )


@dataclass(frozen=True)
class ScoreColumn:
    """The scores of one attack with one kind of access to one target.

    Attributes
    ----------
    level, train_accuracy, test_accuracy : of the target.
    access : what the attacker saw (`prediction`, `gradient`, `gradient+label` ...).
    score : (n,) float64, higher means more likely a member.
    threshold : the point is called a member where score > threshold; fitted on the attack's
        training part, never on the test part.
    """

    level: float
    train_accuracy: float
    test_accuracy: float
    access: str
    score: NDArray[np.float64]
    threshold: float


@dataclass(frozen=True)
class Scores:
    """Membership scores of the attack's test points, for every level and access.

    Attributes
    ----------
    index : (n,) the test points' indices in the data set.
    member : (n,) bool, the truth.
    columns : one a level and kind of access; levels that were not reached have none.
    """

    kind: ClassVar[str] = "Scores"
    index: NDArray[np.int64]
    member: NDArray[np.bool_]
    columns: tuple[ScoreColumn, ...]

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the scores as one artefact."""
        columns = [
            {
                "level": c.level,
                "train_accuracy": c.train_accuracy,
                "test_accuracy": c.test_accuracy,
                "access": c.access,
                "threshold": c.threshold,
            }
            for c in self.columns
        ]
        score = np.array([c.score for c in self.columns], dtype=np.float64)
        arrays = {
            "index": self.index,
            "member": self.member,
            "score": score.reshape(len(self.columns), len(self.member)),
        }
        write(path, self.kind, {"columns": columns}, arrays)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read scores back."""
        meta, arrays = read(path, cls.kind)
        columns = tuple(
            ScoreColumn(score=score, **facts)
            for facts, score in zip(meta["columns"], arrays["score"], strict=True)
        )
        return cls(arrays["index"], arrays["member"], columns)
