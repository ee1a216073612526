"""Tidy tables on disk, the same bytes for the same numbers."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd


def write_csv(frame: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """Write a table with ten significant digits; a missing number is an empty field.

    The file appears under its name only when it is whole.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        frame.to_csv(partial, index=False, float_format="%.10g", lineterminator="\n")
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
