"""A directory of results."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Optional, Union

import pandas as pd

from gapsim import _columns, _manifest
from gapsim._frames import read_frame
from gapsim._errors import DamagedResults


def load(directory: Union[str, os.PathLike[str]], *, verify: bool = True) -> Results:
    """Opens a directory that `gapsim run`, `sweep`, `tune`, `race` or `merge` wrote, or a live run's.

    Every file is compared with its SHA-256 in manifest.json. ``verify=False`` skips that, for results that are large or
    were changed on purpose. Frames are read when they are first asked for.

    Raises a :class:`~gapsim.ResultsError` if it is no such directory, or not as it was written.
    """
    path = Path(directory)
    manifest = _manifest.read(path)
    _manifest.check(path, manifest, verify)
    return Results(path, manifest)


class Results(Mapping[str, pd.DataFrame]):
    """The tables of a directory of results, by name: ``results.runs`` or ``results["runs"]``.

    Whole numbers are ``Int64`` (with NA), other numbers ``float64``, words ``category`` in the order in which they occur.
    In a sweep each frame has the varied keys as columns in their base units. ``frame.attrs["units"]`` has the unit of
    each column that has one, and so has :attr:`units`.
    """

    runs: pd.DataFrame
    devices: pd.DataFrame
    sessions: pd.DataFrame
    gaps: pd.DataFrame
    summary: pd.DataFrame
    timeline: pd.DataFrame
    segments: pd.DataFrame
    segments_timeline: pd.DataFrame
    points: pd.DataFrame
    cohorts: pd.DataFrame
    cohorts_summary: pd.DataFrame
    events: pd.DataFrame
    tune: pd.DataFrame

    def __init__(self, path: Path, manifest: dict[str, Any]) -> None:
        """Takes a directory whose manifest is read; use :func:`load`."""
        self.path = path
        self.manifest = manifest
        self._rows = {
            _columns.table_name(file["name"]): file["rows"]
            for file in manifest["files"]
            if file["name"].endswith(".csv")
        }
        self._files = {_columns.table_name(file["name"]): file["name"] for file in manifest["files"]}
        self._frames: dict[str, pd.DataFrame] = {}

    @property
    def scenario(self) -> str:
        """The scenario as it was run, in YAML."""
        return str(self.manifest["scenario"])

    @property
    def seed(self) -> Optional[int]:
        """The seed of all replications; None of a live run."""
        return None if "live" in self.manifest else int(self.manifest["seed"])

    @property
    def varied(self) -> list[str]:
        """The columns of the keys that a sweep varies; none of other results."""
        return [name for name in self.points.columns if name != "point"] if "points" in self else []

    @property
    def answer(self) -> Optional[dict[str, Any]]:
        """What a tuning found (tune.json); None of other results."""
        path = self.path / "tune.json"
        return dict(json.loads(path.read_bytes())) if "tune" in self else None

    @property
    def units(self) -> dict[str, dict[str, str]]:
        """The units of the columns that have one, by table. Reads every table."""
        return {name: self[name].attrs["units"] for name in self}

    def meaning(self, table: str, column: str) -> str:
        """What a column means, in one line."""
        if column not in self[table].columns:
            raise KeyError(_unknown(f"{table} has no column", column, self[table].columns))
        return _columns.column(table, column).meaning

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._rows:
            raise KeyError(self._missing(name))
        if name not in self._frames:
            self._frames[name] = self._read(name)
        return self._frames[name]

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in self._rows:
            raise AttributeError(self._missing(name))
        return self[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._rows]

    def __repr__(self) -> str:
        tables = ", ".join(f"{name} ({rows})" for name, rows in self._rows.items())
        return f"<gapsim results {str(self.path)!r}: {tables}>"

    def _read(self, name: str) -> pd.DataFrame:
        path = self.path / self._files[name]
        frame = read_frame(path, name)
        if len(frame) != self._rows[name]:
            raise DamagedResults(f"{path}: it has {len(frame)} rows, and manifest.json says {self._rows[name]}")
        return frame

    def _missing(self, name: str) -> str:
        why = {
            "timeline": "; it is written with --timeline STEP",
            "segments_timeline": "; it is written with --timeline STEP, of scenarios with segments",
            "devices": "; it is left out with --no-devices",
            "points": "; only sweeps have it",
            "events": "; only live runs have it",
            "tune": "; only tunings have it",
            "segments": "; only scenarios with segments have it",
        }
        if name in _columns.tables():
            return f"{self.path} has no table {name!r}{why.get(name, '')}"
        return _unknown(f"{self.path} has no table", name, self._rows)


def _unknown(what: str, name: str, allowed: Any) -> str:
    near = difflib.get_close_matches(name, [str(other) for other in allowed], 1)
    return f"{what} {name!r}" + (f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(allowed)}")
