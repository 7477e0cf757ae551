"""Results that the program writes, and the exports that it makes of them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest
from conftest import Run

import gapsim

SMALL = ("--replications", "2", "--set", "file.size=200 KiB")


@pytest.fixture(scope="session")
def lab(run: Run) -> Path:
    return run("run", "late-joiners", *SMALL, "--timeline", "1 s")


@pytest.fixture(scope="session")
def ports(run: Run) -> Path:
    return run("run", "fast-ethernet-ports", *SMALL, "--timeline", "1 s", "--set", "protocol.promotion.threshold=1 KiB")


@pytest.fixture(scope="session")
def sweep(run: Run) -> Path:
    vary = ("--vary", "protocol.active_order=arrival,largest_gap", "--vary", "protocol.timeout=250ms,1s")
    return run("sweep", "late-joiners", *SMALL, "--no-plots", *vary)


@pytest.fixture(scope="session")
def tune(run: Run) -> Path:
    return run("tune", "late-joiners", "--set", "file.size=200 KiB", "--max-replications", "10", "--candidates", "2", "--no-plots")


@pytest.fixture(params=["lab", "ports", "sweep", "tune"])
def directory(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


def test_the_columns_are_those_of_the_program(program: str) -> None:
    printed = subprocess.run([program, "columns", "--json"], check=True, capture_output=True, text=True).stdout
    packaged = files("gapsim").joinpath("columns.json").read_text(encoding="utf-8")
    assert packaged == printed, "make reference writes columns.json anew"


def test_every_table_is_read_with_all_its_rows(directory: Path) -> None:
    results = gapsim.load(directory)
    listed = json.loads((directory / "manifest.json").read_text())["files"]
    assert {file["name"] for file in listed if file["name"].endswith(".csv")} == set(results._files.values()) - {"tune.json"}
    for name, frame in results.items():
        assert len(frame) > 0, name
        for column in frame.columns:
            assert str(frame[column].dtype) in {"Int64", "UInt64", "float64", "category", "string"}, column
            assert results.meaning(name, column) != ""


def test_numbers_are_those_of_the_file(lab: Path) -> None:
    results = gapsim.load(lab)
    text = pd.read_csv(lab / "devices.csv", dtype=str, keep_default_na=False)
    devices = results.devices
    assert list(devices["completed_s"].dropna()) == [float(field) for field in text["completed_s"] if field]
    assert list(devices["gap_bytes"].dropna()) == [int(field) for field in text["gap_bytes"] if field]
    assert devices["gap_bytes"].isna().sum() == (text["gap_bytes"] == "").sum() > 0


def test_a_sweep_has_its_keys_in_every_table(sweep: Path) -> None:
    results = gapsim.load(sweep)
    assert results.varied == ["protocol.active_order", "protocol.timeout_s"]
    assert list(results.points[results.varied].dtypes.astype(str)) == ["category", "float64"]
    for name, frame in results.items():
        assert set(results.varied) <= set(frame.columns), name
        joined = frame[["point"]].merge(results.points, on="point")
        assert (joined[results.varied[1]] == frame[results.varied[1]]).all()


def test_a_tuning_has_its_answer(tune: Path) -> None:
    results = gapsim.load(tune)
    assert results.answer is not None and "answer" in results.answer
    assert (results.tune["status"] == "chosen").sum() == 1


def test_a_database_has_what_the_frames_have(directory: Path, program: str, tmp_path: Path) -> None:
    path = tmp_path / "out.sqlite"
    subprocess.run([program, "export", str(directory), "--sqlite", str(path), "--quiet"], check=True)
    results = gapsim.load(directory)
    connection = sqlite3.connect(path)
    for name, frame in results.items():
        stored = pd.read_sql_query(f"SELECT * FROM {name} ORDER BY rowid", connection)
        same(frame, stored)
    units = dict(connection.execute("SELECT table_name || '.' || column_name, unit FROM columns WHERE unit IS NOT NULL"))
    assert units == {f"{name}.{column}": unit for name, all in results.units.items() for column, unit in all.items()}
    connection.close()


def test_parquet_has_what_the_frames_have(directory: Path, program: str, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "out.parquet"
    subprocess.run([program, "export", str(directory), "--parquet", str(path), "--quiet"], check=True)
    results = gapsim.load(directory)
    kinds = {"Int64": "int64", "UInt64": "uint64", "float64": "double", "category": "string", "string": "string"}
    for name, frame in results.items():
        stored = parquet.read_table(path / f"{name}.parquet")
        same(frame, stored.to_pandas(types_mapper=None, integer_object_nulls=True))
        for field in stored.schema:
            assert str(field.type) == kinds[str(frame[field.name].dtype)], field
            unit = (field.metadata or {}).get(b"unit", b"").decode() or None
            assert unit == frame.attrs["units"].get(field.name)
    about = parquet.read_table(path / "manifest.parquet").to_pylist()
    assert [row["scenario"] for row in about] == [results.scenario]
    assert (path / "manifest.json").read_bytes() == (directory / "manifest.json").read_bytes()
    listed = parquet.read_table(path / "files.parquet").to_pylist()
    assert listed == results.manifest["files"]
    written = {row["table_name"] for row in parquet.read_table(path / "columns.parquet").to_pylist()}
    assert written == set(results)
    assert {file.name for file in path.iterdir()} == {
        "manifest.json", "manifest.parquet", "columns.parquet", "files.parquet", *(f"{name}.parquet" for name in results)
    }


def same(frame: pd.DataFrame, stored: pd.DataFrame) -> None:
    """Two frames have the same values; nothing is nothing in both."""
    assert list(frame.columns) == list(stored.columns)
    for column in frame.columns:
        mine, other = frame[column], stored[column]
        assert list(mine.isna()) == list(other.isna()), column
        pairs = zip(mine.dropna(), other.dropna())
        if str(frame[column].dtype) in {"category", "string", "UInt64"}:
            assert all(str(a) == str(b) for a, b in pairs), column
        else:
            assert all(a == b for a, b in pairs), column
