"""Which versions the results rest on, and which are installed."""

from __future__ import annotations

import platform
import re
from importlib import metadata
from pathlib import Path

import pandas as pd

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;#]+)")


def versions(lock: str | Path) -> pd.DataFrame:
    """Return one row for Python and for each pinned package.

    Parameters
    ----------
    lock : pip requirements file with one `name==version` line a package.

    Returns
    -------
    Columns `package`, `pinned` (empty for Python itself), `installed` (empty where it is not).
    """
    lines = Path(lock).read_text(encoding="utf-8").splitlines()
    pins = [match.groups() for match in map(_PIN.match, lines) if match]
    rows = [("python", "", platform.python_version())]
    rows += [(name, version, _installed(name)) for name, version in pins]
    return pd.DataFrame(rows, columns=["package", "pinned", "installed"])


def _installed(name: str) -> str:
    try:
        # A local part (2.9.0+cpu) says which build of the pinned version it is.
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
