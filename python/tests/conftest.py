"""What the tests have in common: results written by hand, and results that the program writes."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Callable

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def write_results(directory: Path, files: dict[str, str], **manifest: object) -> Path:
    """Writes files and the manifest that goes with them."""
    directory.mkdir(parents=True, exist_ok=True)
    scenario = "name: small\n"
    entries = []
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        entries.append({"name": name, "rows": text.count("\n") - 1, "sha256": digest})
    contents = {
        "program": "gapsim",
        "program_version": "0.1.0",
        "format_version": 2,
        "seed": 1,
        "scenario": scenario,
        "scenario_sha256": hashlib.sha256(scenario.encode()).hexdigest(),
        "files": entries,
        **manifest,
    }
    (directory / "manifest.json").write_text(json.dumps(contents))
    return directory


Run = Callable[..., Path]


@pytest.fixture(scope="session")
def program() -> str:
    """The program; tests that need it are skipped where GAPSIM does not name it."""
    path = os.environ.get("GAPSIM")
    if not path:
        pytest.skip("GAPSIM does not name the program")
    return str(Path(path).resolve())


@pytest.fixture(scope="session")
def run(program: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs a command of the program and returns its directory of results."""

    def results(command: str, scenario: str, *arguments: str) -> Path:
        directory = tmp_path_factory.mktemp("results") / "out"
        subprocess.run(
            [program, command, f"Scenarios/{scenario}.yaml", "--quiet", "-o", str(directory), *arguments],
            cwd=REPOSITORY,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return directory

    return results
