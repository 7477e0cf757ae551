"""manifest.json: what results were made from, and what is in them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from gapsim._errors import DamagedResults, NoResults, UnknownFormat

FORMATS = (1, 2)
"""The versions of the format that can be read."""


def read(directory: Path) -> dict[str, Any]:
    """The manifest of a directory of results, compared with the digest of its scenario."""
    path = directory / "manifest.json"
    if not directory.is_dir():
        kind = "this is a file" if directory.exists() else "the directory does not exist"
        raise NoResults(f"{directory}: {kind}; a directory of results is expected")
    if not path.is_file():
        raise NoResults(f"{directory}: there is no manifest.json: it is not a directory of results, or not a whole one")
    try:
        manifest = json.loads(path.read_bytes())
    except ValueError as error:
        raise DamagedResults(f"{path}: this is no JSON: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("program") != "gapsim":
        raise DamagedResults(f"{path}: this is no manifest of gapsim")
    version = manifest.get("format_version")
    if version not in FORMATS:
        raise UnknownFormat(
            f"{path}: the results have format version {version}, and this package reads versions "
            f"{FORMATS[0]} to {FORMATS[-1]}; take the package of the gapsim that wrote them"
        )
    try:
        digest = hashlib.sha256(manifest["scenario"].encode()).hexdigest()
        is_whole = digest == manifest["scenario_sha256"]
        for file in manifest["files"]:
            is_whole = is_whole and {"name", "rows", "sha256"} <= file.keys() and "/" not in file["name"]
    except (KeyError, TypeError, AttributeError) as error:
        raise DamagedResults(f"{path}: this is no manifest of gapsim: {error!r}") from error
    if not is_whole:
        raise DamagedResults(f"{path}: it was changed after it was written: its scenario does not have its SHA-256")
    return manifest


def check(directory: Path, manifest: dict[str, Any], verify: bool) -> None:
    """Raises unless each file that the manifest lists is there, and as it was written if that is to be verified."""
    for file in manifest["files"]:
        path = directory / file["name"]
        if not path.is_file():
            raise NoResults(f"{path}: the file does not exist, and manifest.json lists it")
        if verify and _sha256(path) != file["sha256"]:
            raise DamagedResults(
                f"{path}: it was changed after it was written: it does not have the SHA-256 that stands in "
                "manifest.json; run it again, or read it as it is with verify=False"
            )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
