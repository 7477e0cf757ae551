"""A CSV file of results as a frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from gapsim._columns import Column, column
from gapsim._errors import DamagedResults

_DTYPES = {"integer": "Int64", "unsigned": "UInt64", "real": "float64", "text": "string", "varied": "string"}
_FREE_TEXT = {("events", "detail"), ("tune", "unfit_reason")}
"""Text that is not one of a few words."""

# Later versions read the nearest number anyway, and warn of the option.
_EXACT: dict[str, Any] = (
    {"float_precision": "round_trip"} if [int(part) for part in pd.__version__.split(".")[:2]] < [3, 1] else {}
)


def read_frame(path: Path, table: str) -> pd.DataFrame:
    """Reads a file. An empty field is NA, and nothing else is: a cohort may be called 'NA'."""
    try:
        header = list(pd.read_csv(path, nrows=0, dtype=str, encoding="utf-8").columns)
        known = {name: column(table, name) for name in header}
        frame = pd.read_csv(
            path,
            dtype={name: _DTYPES[known[name].type] for name in header},
            keep_default_na=False,
            na_values=[""],
            encoding="utf-8",
            **_EXACT,
        )
    except (ValueError, TypeError) as error:
        raise DamagedResults(f"{path}: {error}") from error
    for name in header:
        if known[name].type == "varied":
            frame[name] = _typed(frame[name])
        elif known[name].type == "text" and (table, name) not in _FREE_TEXT:
            frame[name] = _category(frame[name])
    frame.attrs["table"] = table
    frame.attrs["units"] = _units(frame, known)
    return frame


def _units(frame: pd.DataFrame, known: dict[str, Column]) -> dict[str, str]:
    return {
        name: found.unit
        for name, found in known.items()
        if found.unit is not None and pd.api.types.is_numeric_dtype(frame[name])
    }


def _typed(values: pd.Series[Any]) -> pd.Series[Any]:
    """The values of a varied key: whole numbers, other numbers, or words."""
    words = values.dropna()
    if words.empty:
        return values
    if not bool(words.str.fullmatch(r"-?\d+(\.\d+)?").all()):
        return _category(values)
    # Each word is read once: a sweep has few values in many rows.
    if words.str.contains(".", regex=False).any():
        return values.map({word: float(word) for word in words.unique()}).astype("float64")
    return values.map({word: int(word) for word in words.unique()}).astype("Int64")


def _category(values: pd.Series[Any]) -> pd.Series[Any]:
    """Words in the order in which they occur, as cohorts do in their scenario."""
    return values.astype(pd.CategoricalDtype(list(values.dropna().unique())))
