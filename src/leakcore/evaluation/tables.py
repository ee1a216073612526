"""Tidy tables on disk, the same bytes for the same numbers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from html import escape
from pathlib import Path

import pandas as pd

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{caption}</title><style>
body {{ font: 14px/1.4 sans-serif; margin: 1.5em; }}
p {{ max-width: 60em; }}
table {{ border-collapse: collapse; border-top: 2px solid; border-bottom: 2px solid; }}
th, td {{ padding: .25em .8em; text-align: left; white-space: nowrap; }}
thead {{ border-bottom: 1px solid; }}
tbody tr:nth-child(even) {{ background: #f2f2f2; }}
</style></head><body>
<p>{caption}</p>
{body}
</body></html>
"""

STANDIN = "synthetic"  # the source of a Dataset that is generated in place of the real one
STANDIN_SHOWN = "stand-in (generated)"  # what a reader is told; in Table 1's .csv as well


def write_csv(frame: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """Write a table with ten significant digits; a missing number is an empty field.

    The file appears under its name only when it is whole.
    """
    text = frame.to_csv(index=False, float_format="%.10g", lineterminator="\n")
    write_text(text, path)


def write(
    frame: pd.DataFrame,
    *,
    csv: str | os.PathLike[str],
    md: str | os.PathLike[str],
    tex: str | os.PathLike[str],
    caption: str,
    html: str | os.PathLike[str] | None = None,
    shown: pd.DataFrame | None = None,
) -> None:
    """Write a table for machines (.csv), pages (.md, .html) and a paper (.tex, booktabs).

    Parameters
    ----------
    frame : the numbers.
    csv, md, tex, html : where to write.
    caption : of all but the table for machines.
    shown : what the page and the paper show, where that is less than all numbers.
    """
    write_csv(frame, csv)
    shown = (frame if shown is None else shown).map(_shown)
    if "source" in shown:
        shown["source"] = shown["source"].replace(STANDIN, STANDIN_SHOWN)
    write_text(f"{caption}\n\n{shown.to_markdown(index=False)}\n", md)
    columns = "l" * shown.shape[1]
    latex = shown.to_latex(index=False, caption=caption, escape=True, column_format=columns)
    write_text(latex, tex)
    if html is not None:
        body = shown.to_html(index=False, border=0)
        write_text(_PAGE.format(caption=escape(caption), body=body), html)


def compact(
    frame: pd.DataFrame,
    keep: Mapping[str, str],
    values: Mapping[str, tuple[str, str]],
    digits: int = 1,
) -> pd.DataFrame:
    """Return a table to be read: each mean with its standard deviation in one column.

    Parameters
    ----------
    frame : the numbers.
    keep : columns to show as they are, and their headings.
    values : headings, and for each the columns of the mean and of the standard deviation.
    digits : after the decimal point.
    """
    shown = frame[list(keep)].rename(columns=dict(keep))
    if "source" in frame and "source" not in keep and "dataset" in keep:
        standin = frame["source"] == STANDIN
        shown[keep["dataset"]] = frame["dataset"].where(~standin, frame["dataset"] + " (stand-in)")
    for heading, (mean, deviation) in values.items():
        shown[heading] = [
            "" if pd.isna(m) else f"{m:.{digits}f}" + ("" if pd.isna(d) else f" ± {d:.{digits}f}")
            for m, d in zip(frame[mean], frame[deviation], strict=True)
        ]
    return shown


def readable_intervals(
    frame: pd.DataFrame, keep: Mapping[str, str], value: tuple[str, str, str], digits: int = 3
) -> pd.DataFrame:
    """Return a table to be read: a number and its interval in one column.

    Parameters
    ----------
    frame : the numbers.
    keep : columns to show as they are, and their headings.
    value : the columns of the number, and of the ends of its interval.
    digits : after the decimal point.
    """
    shown = compact(frame, keep, {})
    numbers, lows, highs = (frame[name] for name in value)
    shown["value [95 % interval]"] = [
        ""
        if pd.isna(number)
        else f"{number:.{digits}f}"
        + ("" if pd.isna(low) else f" [{low:.{digits}f}, {high:.{digits}f}]")
        for number, low, high in zip(numbers, lows, highs, strict=True)
    ]
    return shown


def dataset_names(table: pd.DataFrame) -> str:
    """Return the names in the column `dataset`; stand-in data are named as such."""
    named = table[["dataset", "source"]].drop_duplicates().itertuples(index=False)
    return ", ".join(f"{n} (stand-in)" if source == STANDIN else str(n) for n, source in named)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.4g}"
    return "" if value is None else str(value)


def write_text(text: str, path: str | os.PathLike[str]) -> None:
    """Write a text; the file appears under its name only when it is whole."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
