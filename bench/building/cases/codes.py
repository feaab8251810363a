"""The code table of China's divisions, 0.66 million rows: how long until it is published."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from bench.building.comparison import OURS, Comparison
from bench.building.participant import Run, absent, measure
from bench.process import Limits, disk_bytes
from govgraph import resources
from govgraph.release import Home


def compare(tables: Path, work: Path, limits: Limits) -> list[Comparison]:
    """`govgraph build` of the tables, which are not part of the project, with its metadata."""
    folder, home = work / "data" / "cn_divisions", work / "building" / "codes"
    shutil.rmtree(home, ignore_errors=True)
    if why := _gather(tables, folder):
        return [Comparison("codes", 0, {OURS: absent(why)})]
    argv = [sys.executable, "-m", "govgraph.cli", "build", folder, "--home", home]
    run = measure("build", argv, limits)
    return [Comparison("codes", 0, {OURS: run}, _about(run, home))]


def _about(run: Run, home: Path) -> dict[str, Any]:
    if run.why:
        return {}
    manifest = Home(home).current().manifest
    return {
        "rows": manifest["rows"],
        "quads": manifest["asserted"],
        "seconds": manifest["seconds"],
        "bytes": disk_bytes(home),
    }


def _gather(tables: Path, folder: Path) -> str:
    """Put the metadata and its tables into a dataset folder; what is missing, in words."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    metadata = resources.folder("data") / "cn_divisions" / "csv-metadata.json"
    shutil.copy(metadata, folder)
    for table in json.loads(metadata.read_text("utf-8"))["tables"]:
        found = [p for p in (tables / table["url"], tables / f"{table['url']}.gz") if p.is_file()]
        if not found:
            return f"{table['url']} is not in {tables}"
        shutil.copy(found[0], folder)
    return ""
