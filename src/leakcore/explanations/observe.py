"""Observe a target: what an attacker sees of each member and non-member, written block by block."""

from __future__ import annotations

import importlib
import inspect
import mmap
import os
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from leakcore import store
from leakcore.errors import LeakcoreError
from leakcore.targets import devices, training

Rows = Callable[[NDArray[np.int64]], NDArray[Any]]

_BLOCK_BYTES = 32 * 2**20


def observe(
    path: str | os.PathLike[str],
    target: store.Target,
    model: nn.Module | None,
    rows: Rows,
    labels: NDArray[np.int64],
    split: store.Split,
    *,
    explanation: str,
    settings: Mapping[str, Any] | None = None,
    seed: int = 0,
    batch_size: int = 256,
    device: torch.device | str = "cpu",
    progress: Callable[[int, int, str], None] | None = None,
) -> None:
    """Write the `Observations` of one target.

    The explained output is the largest logit, before the softmax. One batch of points is in memory
    at a time, whatever the size of the split. A target that never reached its level gives an
    artefact that says so and holds no arrays.

    Parameters
    ----------
    path : where the artefact shall lie.
    target : its level and accuracies are handed on.
    model : the target's network, returning logits (n, k); None only if the level was not reached.
    rows : gives the network's inputs (m, ...) for the indices (m,) of points, in ascending order;
        see `dataset_rows`.
    labels : (n,) class of every point of the data set.
    split : the points to observe.
    explanation : module path of the explanation, from the registry.
    settings : the explanation's own settings.
    seed : of the explanation's random numbers.
    batch_size : points in memory at once. No explanation sends more rows than this through the
        network in one pass; the results do not depend on it (beyond rounding).
    device : where the network runs.
    progress : called with (points done, points in all, a few words).

    Raises
    ------
    LeakcoreError : if the explanation has no such setting, or cannot explain this network
        correctly.
    """
    facts = {
        "level": target.level,
        "reached": target.reached,
        "train_accuracy": target.train_accuracy,
        "test_accuracy": target.test_accuracy,
    }
    if not target.reached:
        store.write(path, store.Observations.kind, facts, {})
        return
    if model is None:
        raise ValueError("a target that reached its level needs its network")
    model = model.to(device).eval()
    explain = _explainer(explanation, dict(settings or {}), seed)
    index = np.concatenate([split.members, split.nonmembers]).astype(np.int64)
    shape, n_classes = _shapes(model, rows(index[:1]), device)
    count = len(index)
    arrays = {
        "index": (np.int64, (count,)),
        "member": (np.bool_, (count,)),
        "label": (np.int64, (count,)),
        "predicted": (np.int64, (count,)),
        "probabilities": (np.float32, (count, n_classes)),
        "loss": (np.float32, (count,)),
        "explanation": (np.float32, (count, *shape)),
    }
    with store.create(path, store.Observations.kind, facts, arrays) as maps:
        maps["index"][:] = index
        maps["member"][:] = np.arange(count) < len(split.members)
        maps["label"][:] = labels[index]
        # In the data set's order, so that a batch's rows lie close together in its file.
        order = np.argsort(index)
        for start in range(0, count, batch_size):
            places = order[start : start + batch_size]
            inputs = torch.from_numpy(np.asarray(rows(index[places]), dtype=np.float32)).to(device)
            points = torch.from_numpy(index[places])
            truth = torch.from_numpy(labels[index[places]]).to(device)
            logits, explained = explain(model, inputs, points)
            log_probabilities = logits.double().log_softmax(1)
            loss = -log_probabilities.gather(1, truth[:, None])[:, 0]
            maps["predicted"][places] = logits.argmax(1).cpu().numpy()
            maps["probabilities"][places] = log_probabilities.exp().float().cpu().numpy()
            maps["loss"][places] = loss.float().cpu().numpy()
            maps["explanation"][places] = explained.cpu().numpy()
            _release(maps["explanation"])
            if progress:
                progress(start + len(places), count, "points explained")


def observe_stored(
    path: str | os.PathLike[str],
    target: store.Target,
    dataset: str | os.PathLike[str],
    split: store.Split,
    *,
    explanation: str,
    settings: Mapping[str, Any] | None = None,
    seed: int = 0,
    device: str = "cpu",
    progress: Callable[[int, int, str], None] | None = None,
) -> None:
    """Write the `Observations` of one target on a Dataset that lies on disk.

    Parameters
    ----------
    path, target, split, explanation, settings, seed, progress : see `observe`.
    dataset : path of the Dataset that the split points into.
    device : `auto`, `cpu` or `cuda`.

    Raises
    ------
    LeakcoreError : see `observe`.
    """
    _, arrays = store.read(dataset, store.Dataset.kind, ["labels"])
    observe(
        path,
        target,
        training.load_model(target) if target.reached else None,
        network_rows(dataset, target),
        arrays["labels"],
        split,
        explanation=explanation,
        settings=settings,
        seed=seed,
        device=devices.device_of(device),
        progress=progress,
    )


def network_rows(dataset: str | os.PathLike[str], target: store.Target) -> Rows:
    """Return a function that reads a target's inputs (m, ...) float32 at ascending indices (m,)."""
    stored, divisor = dataset_rows(dataset), target.architecture["input_divisor"]
    return lambda index: stored(index).astype(np.float32) / divisor


def dataset_rows(path: str | os.PathLike[str]) -> Rows:
    """Return a function that reads a Dataset's features (m, ...) at ascending indices (m,).

    The file is read in contiguous blocks of at most 32 MiB; the data set is never in memory whole.
    """
    shape = store.read_meta(path, store.Dataset.kind)["shape"]
    # No stored dtype is wider than 8 bytes.
    height = max(1, _BLOCK_BYTES // (8 * int(np.prod(shape))))

    def rows(index: NDArray[np.int64]) -> NDArray[Any]:
        if len(index) == 0 or np.any(np.diff(index) < 0):
            raise ValueError("the indices must be ascending, and at least one")
        parts, begin = [], 0
        while begin < len(index):
            first = int(index[begin])
            end = int(np.searchsorted(index, first + height))
            last = int(index[end - 1])
            block = store.read_rows(path, store.Dataset.kind, "features", first, last + 1)
            parts.append(block[index[begin:end] - first])
            begin = end
        return np.concatenate(parts)

    return rows


def _explainer(
    name: str, settings: dict[str, Any], seed: int
) -> Callable[[nn.Module, Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Return a function of (model, inputs, index) that gives the logits and the explanation."""
    module = importlib.import_module(name)
    known = [
        parameter
        for parameter in inspect.signature(module.explain).parameters
        if parameter not in ("model", "inputs", "classes", "seed", "index")
    ]
    for key, value in settings.items():
        if key not in known:
            raise LeakcoreError(
                f"setting {key}: {value!r} is unknown to the explanation {name}; "
                f"it takes {', '.join(known) or 'no settings'}"
            )

    def from_one_pass(model: nn.Module, inputs: Tensor, index: Tensor) -> tuple[Tensor, Tensor]:
        result: tuple[Tensor, Tensor] = module.explain_predicted(
            model, inputs, seed=seed, index=index, **settings
        )
        return result

    def after_prediction(model: nn.Module, inputs: Tensor, index: Tensor) -> tuple[Tensor, Tensor]:
        with torch.no_grad():
            logits = model(inputs)
        classes = logits.argmax(1)
        return logits, module.explain(model, inputs, classes, seed=seed, index=index, **settings)

    return from_one_pass if hasattr(module, "explain_predicted") else after_prediction


def _release(array: NDArray[Any]) -> None:
    """Leave what is written to the system's file cache, which it may empty when memory is short."""
    base: Any = array.base
    if isinstance(base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        base.madvise(mmap.MADV_DONTNEED)


@torch.no_grad()
def _shapes(
    model: nn.Module, row: NDArray[Any], device: torch.device | str
) -> tuple[tuple[int, ...], int]:
    """Return the shape of one input and the number of classes."""
    logits = model(torch.from_numpy(np.asarray(row, dtype=np.float32)).to(device))
    return tuple(row.shape[1:]), logits.shape[1]
