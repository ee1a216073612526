"""Which versions the results rest on, and which are installed."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from importlib import metadata

import pandas as pd


def versions(pins: Iterable[str]) -> pd.DataFrame:
    """Return one row for Python and for each pinned package.

    Parameters
    ----------
    pins : one `name==version` a package.

    Returns
    -------
    Columns `package`, `pinned` (empty for Python itself), `installed` (empty where it is not).
    """
    rows = [("python", "", platform.python_version())]
    for name, version in (pin.split("==") for pin in pins):
        rows.append((name, version, _installed(name)))
    return pd.DataFrame(rows, columns=["package", "pinned", "installed"])


def _installed(name: str) -> str:
    try:
        # A local part (2.9.0+cpu) says which build of the pinned version it is.
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
