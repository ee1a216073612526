"""Find raw files in the mirrors, and know by content whether one has changed."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leakcore.datasets import sources
from leakcore.datasets.registry import DATASETS

_CACHE = Path("results") / ".cache" / "raw-sha256.json"


def contents(config: Mapping[str, Any], dataset: str) -> dict[str, str]:
    """Return the sha256 of each raw file that a mirror has, by name; empty if none is used.

    The digest, not the file's age, tells the workflow that raw data changed. Digests are cached by
    path, size and modification time, because large files are slow to read.
    """
    if "mirror" not in config["datasets"][dataset]["sources"]:
        return {}
    module = importlib.import_module(DATASETS[dataset])
    # Data sets made from the same raw files share the folder that these lie in.
    folder = getattr(module, "RAW_FOLDER", dataset)
    found = sources.find_in_mirrors(folder, module.RAW, sources.mirror_folders(config["mirrors"]))
    return {name: _sha256(path) for name, path in sorted((found or {}).items())}


def _sha256(path: Path) -> str:
    stat = path.stat()
    key = f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}"
    try:
        known = json.loads(_CACHE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    if key not in known:
        with open(path, "rb") as file:
            known[key] = hashlib.file_digest(file, "sha256").hexdigest()
        _CACHE.parent.mkdir(parents=True, exist_ok=True)
        partial = _CACHE.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(json.dumps(known, sort_keys=True, indent=1), encoding="utf-8")
        os.replace(partial, _CACHE)
    digest: str = known[key]
    return digest
