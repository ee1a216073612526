"""Tidy tables on disk, the same bytes for the same numbers."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

STANDIN = "synthetic"  # the source of a Dataset that is generated in place of the real one


def write_csv(frame: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """Write a table with ten significant digits; a missing number is an empty field.

    The file appears under its name only when it is whole.
    """
    text = frame.to_csv(index=False, float_format="%.10g", lineterminator="\n")
    _write_text(text, Path(path))


def write(
    frame: pd.DataFrame,
    *,
    csv: str | os.PathLike[str],
    md: str | os.PathLike[str],
    tex: str | os.PathLike[str],
    caption: str,
) -> None:
    """Write a table for machines (.csv), for a page (.md) and for a paper (.tex, booktabs)."""
    write_csv(frame, csv)
    shown = frame.map(_shown)
    if "source" in shown:
        shown["source"] = shown["source"].replace(STANDIN, "stand-in (generated)")
    _write_text(f"{caption}\n\n{shown.to_markdown(index=False)}\n", Path(md))
    latex = shown.to_latex(
        index=False, caption=caption, escape=True, column_format="l" * shown.shape[1]
    )
    _write_text(latex, Path(tex))


def dataset_names(table: pd.DataFrame) -> str:
    """Return the names in the column `dataset`; stand-in data are named as such."""
    named = table[["dataset", "source"]].drop_duplicates().itertuples(index=False)
    return ", ".join(f"{n} (stand-in)" if source == STANDIN else str(n) for n, source in named)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.4g}"
    return "" if value is None else str(value)


def _write_text(text: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
