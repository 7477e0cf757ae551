"""The columns of the tables: their types, units and meanings, as `gapsim columns --json` prints them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Optional


@dataclass(frozen=True)
class Column:
    """What there is to know of a column."""

    type: str
    """`integer`, `unsigned`, `real` or `text`; `varied` if the values say it."""
    unit: Optional[str] = None
    """None for text and for numbers that count nothing."""
    meaning: str = ""


def _read() -> dict[str, dict[str, Column]]:
    tables = json.loads(files("gapsim").joinpath("columns.json").read_text(encoding="utf-8"))
    return {
        table["table"]: {
            column["name"]: Column(column["type"], column.get("unit"), column["meaning"])
            for column in table["columns"]
            if "name" in column
        }
        for table in tables
    }


_TABLES = _read()
_SUFFIXES = (("_bits_per_s", "bit/s"), ("_bytes", "bytes"), ("_s", "s"))


def column(table: str, name: str) -> Column:
    """The column of a table. One that is not known has the name of a varied key, with its base unit at the end."""
    known = _TABLES.get(table, {}).get(name)
    if known is not None:
        return known
    for suffix, unit in _SUFFIXES:
        if name.endswith(suffix):
            return Column("varied", unit, f"the value of the key {name[: -len(suffix)]} of a scenario, in its base unit")
    return Column("varied", None, f"the value of the key {name} of a scenario")


def table_name(file: str) -> str:
    """The name of a file as that of a table: `cohorts_summary` for `cohorts-summary.csv`."""
    return re.sub(r"\.csv$", "", file).replace("-", "_")


def tables() -> list[str]:
    """The tables that there are."""
    return list(_TABLES)
