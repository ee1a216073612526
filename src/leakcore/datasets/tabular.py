"""Helpers for tables: csv files, categories, blocks of bits."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leakcore.errors import LeakcoreError

if TYPE_CHECKING:
    import pandas as pd


def read_csv(
    stream: Any,
    where: str,
    columns: Sequence[str],
    *,
    has_header: bool,
    skip_rows: int = 0,
) -> pd.DataFrame:
    """Read the named columns of a csv file as stripped text.

    Parameters
    ----------
    stream : path or open file.
    where : how to call the file in an error.
    columns : the columns wanted or, without a header, the names of all columns.
    has_header : whether the first row names the columns.
    skip_rows : rows to pass over at the top.

    Raises
    ------
    LeakcoreError : if the file is no such table, or a column or a value is missing.
    """
    import pandas as pd

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # "loss of data"
            table = pd.read_csv(
                stream,
                dtype=str,
                header=0 if has_header else None,
                names=None if has_header else [*columns, "surplus"],
                keep_default_na=False,
                na_values=[],
                skipinitialspace=True,
                skiprows=skip_rows,
                index_col=False,
            )
    except (ValueError, OSError, pd.errors.ParserWarning) as error:
        raise LeakcoreError(
            f"{where}: not a readable table ({error}); fetch the file again"
        ) from error
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise LeakcoreError(
            f"{where}: column {', '.join(missing)} is missing; this is another version of the file"
        )
    # Without a header a row that is too short or too long shows in the column after the last.
    surplus = [c for c in table.columns if not has_header and c not in columns]
    table_, surplus_ = table[list(columns)], table[surplus]
    blank = table_.isna() | (table_ == "")
    if bool(blank.to_numpy().any()):
        row, column = np.argwhere(blank.to_numpy())[0]
        raise LeakcoreError(
            f"{where}: data row {row + 1} has no {columns[column]}; the file is cut short or "
            "damaged, fetch it again"
        )
    if surplus and not bool((surplus_.isna() | (surplus_ == "")).to_numpy().all()):
        raise LeakcoreError(
            f"{where}: a row has more than {len(columns)} columns; fetch the file again"
        )
    return table_


def integers(values: Iterable[str], where: str) -> NDArray[np.int64]:
    """Parse whole numbers.

    Raises
    ------
    LeakcoreError : if a value is no whole number.
    """
    try:
        return np.array([int(value) for value in values], dtype=np.int64)
    except ValueError as error:
        raise LeakcoreError(f"{where}: expected whole numbers ({error})") from error


def category_codes(
    values: Iterable[str], categories: Sequence[str], where: str, *, unknown: str | None = None
) -> NDArray[np.int16]:
    """Return each value's position in `categories`, -1 for the value `unknown`.

    Raises
    ------
    LeakcoreError : if a value is neither.
    """
    import pandas as pd

    column = np.asarray(list(values), dtype=object)
    codes = pd.Index(list(categories), dtype=object).get_indexer(pd.Index(column)).astype(np.int16)
    strange = {value for value in column[codes < 0] if value != unknown}
    if strange:
        raise LeakcoreError(
            f"{where}: unknown value {sorted(strange)[0]!r}, expected one of "
            f"{', '.join(categories)}; this is another version of the file"
        )
    return codes


def one_hot(codes: NDArray[np.int16], n_categories: int) -> NDArray[np.uint8]:
    """Return one bit a category, (n, n_categories); code -1 gives zeros only.

    Two categories give one bit, set for the second (as scikit-learn's LabelBinarizer does).
    """
    if n_categories == 2:
        codes, n_categories = codes - np.int16(1), 1
    bits: NDArray[np.uint8] = (codes[:, None] == np.arange(n_categories)).astype(np.uint8)
    return bits


def one_hot_names(column: str, categories: Sequence[str]) -> list[str]:
    """Return the names of the columns that `one_hot` makes."""
    return [f"{column}={c}" for c in (categories[1:] if len(categories) == 2 else categories)]


def parse_bits(line: bytes, n_bits: int, out: NDArray[np.uint8]) -> bool:
    """Parse `n_bits` comma-separated bits into `out`; False if the line is anything else."""
    if len(line) != 2 * n_bits - 1:
        return False
    text = np.frombuffer(line, np.uint8)
    np.subtract(text[::2], ord("0"), out=out)
    return bool((out <= 1).all() and (text[1::2] == ord(",")).all())


def read_lines(stream: IO[bytes], max_length: int, where: str) -> Iterable[tuple[int, bytes]]:
    """Yield the number and the text of each line that is not blank, without holding the file.

    Raises
    ------
    LeakcoreError : if a line is longer than `max_length` bytes.
    """
    number = 0
    while line := stream.readline(max_length + 1):
        number += 1
        if len(line) > max_length:
            raise LeakcoreError(
                f"{where}: line {number} is longer than {max_length:,} bytes; "
                "this is another version of the file"
            )
        if line := line.strip():
            yield number, line
