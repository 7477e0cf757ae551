"""The notebook, run as a script, one cell after the other."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from conftest import REPOSITORY

NOTEBOOK = REPOSITORY / "python/examples/completion-over-threshold.ipynb"


def test_the_notebook_runs_and_ends_with_its_picture(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("agg")
    monkeypatch.chdir(NOTEBOOK.parent)
    monkeypatch.setenv("PATH", f"{Path(program).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("RESULTS", str(tmp_path / "results"))
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    variables: dict[str, object] = {}
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell in code:
        exec("".join(cell["source"]), variables)
    axes = pyplot.gcf().axes[0]
    lines, labels = axes.get_legend_handles_labels()
    assert len(lines) == 3 and "s" in axes.get_ylabel() and "KiB" in axes.get_xlabel(), labels
    assert any("image/png" in output.get("data", {}) for output in code[-1]["outputs"])
    pyplot.close("all")
