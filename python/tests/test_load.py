"""Results written by hand: types, missing values, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from conftest import write_results

import gapsim

DEVICES = """\
scenario,point,replication,device,cohort,join_s,roles,gap_bytes,completed_s
small,0,1,1,wifi,0.000000000,passive>complete,,1.500000000
small,0,1,2,NA,0.100000000,passive>smart>complete,1456,
small,0,1,3,desk,0.300000000,failed,0,2.123456789
"""


@pytest.fixture
def results(tmp_path: Path) -> gapsim.Results:
    return gapsim.load(write_results(tmp_path / "a", {"devices.csv": DEVICES}))


def test_columns_have_the_types_of_what_they_are(results: gapsim.Results) -> None:
    devices = results.devices
    assert dict(devices.dtypes.astype(str)) == {
        "scenario": "category",
        "point": "Int64",
        "replication": "Int64",
        "device": "Int64",
        "cohort": "category",
        "join_s": "float64",
        "roles": "category",
        "gap_bytes": "Int64",
        "completed_s": "float64",
    }
    assert devices["completed_s"][2] == 2.123456789


def test_an_empty_field_is_missing_and_nothing_else_is(results: gapsim.Results) -> None:
    devices = results.devices
    assert list(devices["gap_bytes"].isna()) == [True, False, False]
    assert list(devices["completed_s"].isna()) == [False, True, False]
    assert list(devices["cohort"]) == ["wifi", "NA", "desk"]
    assert list(devices["cohort"].cat.categories) == ["wifi", "NA", "desk"]


def test_units_and_meanings_stand_beside_the_frames(results: gapsim.Results) -> None:
    units = {"join_s": "s", "gap_bytes": "bytes", "completed_s": "s"}
    assert results.devices.attrs["units"] == units
    assert results.units == {"devices": units}
    assert results.meaning("devices", "gap_bytes").startswith("the bytes of those")
    with pytest.raises(KeyError, match="did you mean 'gap_bytes'"):
        results.meaning("devices", "gap_byte")


def test_results_are_a_mapping_of_their_tables(results: gapsim.Results) -> None:
    assert list(results) == ["devices"] and len(results) == 1 and "devices" in results
    assert results["devices"] is results.devices
    assert results.seed == 1 and results.varied == [] and results.answer is None
    assert repr(results).endswith("a': devices (3)>") and "devices" in dir(results)


def test_a_table_that_is_not_there_is_named_with_the_reason(results: gapsim.Results) -> None:
    with pytest.raises(AttributeError, match="has no table 'timeline'; it is written with --timeline STEP"):
        _ = results.timeline
    with pytest.raises(KeyError, match="did you mean 'devices'"):
        _ = results["device"]


def test_varied_keys_are_numbers_or_words(tmp_path: Path) -> None:
    points = "point,protocol.timeout_s,server.rate_bits_per_s,cohorts[0].count,protocol.strategy,protocol.x_bytes\n"
    points += "0,0.250000000,1000,007,promotion,largest_gap\n1,1.000000000,2000,8,unicast,16\n2,,,,,\n"
    frame = gapsim.load(write_results(tmp_path / "a", {"points.csv": points})).points
    assert list(frame.dtypes.astype(str)) == ["Int64", "float64", "Int64", "Int64", "category", "category"]
    assert frame.attrs["units"] == {"protocol.timeout_s": "s", "server.rate_bits_per_s": "bit/s"}
    assert list(frame["protocol.x_bytes"][:2]) == ["largest_gap", "16"] and frame.iloc[2, 1:].isna().all()


def test_seeds_of_64_bits_are_kept(tmp_path: Path) -> None:
    text = "scenario,point,replication,seed\nsmall,0,1,18446744073709551615\n"
    assert gapsim.load(write_results(tmp_path / "a", {"runs.csv": text})).runs["seed"][0] == 2**64 - 1


def test_a_live_run_has_no_seed(tmp_path: Path) -> None:
    assert gapsim.load(write_results(tmp_path / "a", {}, live=[{"replication": 1}])).seed is None


def test_names_are_taken_as_they_stand(tmp_path: Path) -> None:
    text = 'scenario,point,"a, ""b""\nc"\n"x, ""y"" ünï 🙂",0,1\n'
    frame = gapsim.load(write_results(tmp_path / "a", {"gaps.csv": text}), verify=False)
    frame.manifest["files"][0]["rows"] = 1
    frame = gapsim.Results(frame.path, frame.manifest).gaps
    assert list(frame.columns)[2] == 'a, "b"\nc' and frame["scenario"][0] == 'x, "y" ünï 🙂'


def test_a_table_without_rows_has_its_types(tmp_path: Path) -> None:
    header = DEVICES.splitlines(keepends=True)[0]
    frame = gapsim.load(write_results(tmp_path / "a", {"devices.csv": header})).devices
    assert len(frame) == 0 and str(frame["gap_bytes"].dtype) == "Int64" and str(frame["join_s"].dtype) == "float64"


def test_what_is_no_directory_of_results_is_said(tmp_path: Path) -> None:
    with pytest.raises(gapsim.NoResults, match="the directory does not exist"):
        gapsim.load(tmp_path / "none")
    with pytest.raises(gapsim.NoResults, match="there is no manifest.json"):
        gapsim.load(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(gapsim.NoResults, match="this is a file"):
        gapsim.load(tmp_path / "file")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"program": "other"}', '{"program": "gapsim", "format_version": 2}'])
def test_a_manifest_of_another_program_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(gapsim.DamagedResults, match=r"manifest\.json: this is no"):
        gapsim.load(tmp_path)


@pytest.mark.parametrize("version", [0, 3, None, "2"])
def test_another_format_is_refused(tmp_path: Path, version: object) -> None:
    write_results(tmp_path / "a", {}, format_version=version)
    with pytest.raises(gapsim.UnknownFormat, match=f"format version {version}, and this package reads versions 1 to 2"):
        gapsim.load(tmp_path / "a")


def test_a_changed_file_is_refused_unless_asked(tmp_path: Path) -> None:
    directory = write_results(tmp_path / "a", {"devices.csv": DEVICES})
    (directory / "devices.csv").write_text(DEVICES.replace("1456", "1457"))
    with pytest.raises(gapsim.DamagedResults, match=r"devices\.csv: it was changed after it was written"):
        gapsim.load(directory)
    assert gapsim.load(directory, verify=False).devices["gap_bytes"][1] == 1457


def test_a_changed_scenario_is_refused(tmp_path: Path) -> None:
    with pytest.raises(gapsim.DamagedResults, match="its scenario does not have its SHA-256"):
        gapsim.load(write_results(tmp_path / "a", {}, scenario="name: other\n"))


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    directory = write_results(tmp_path / "a", {"devices.csv": DEVICES})
    (directory / "devices.csv").unlink()
    with pytest.raises(gapsim.NoResults, match=r"devices\.csv: the file does not exist"):
        gapsim.load(directory)


@pytest.mark.parametrize("text", [DEVICES.replace("1456", "many"), DEVICES + "1," * 12 + "\n", ""])
def test_a_file_that_cannot_be_read_as_its_types_is_named(tmp_path: Path, text: str) -> None:
    directory = write_results(tmp_path / "a", {"devices.csv": text})
    with pytest.raises(gapsim.DamagedResults, match=r"devices\.csv: "):
        _ = gapsim.load(directory).devices


def test_frames_of_two_results_can_be_joined(results: gapsim.Results, tmp_path: Path) -> None:
    other = gapsim.load(write_results(tmp_path / "b", {"devices.csv": DEVICES}))
    both = pd.concat([results.devices, other.devices], keys=["a", "b"])
    assert len(both) == 6 and both.attrs["units"]["gap_bytes"] == "bytes"
