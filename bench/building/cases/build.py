"""A whole build beside its floor: Oxigraph's own command loads and optimises the same quads."""

from __future__ import annotations

import shutil
from typing import Any

from bench.building.comparison import OURS, Comparison
from bench.building.participant import Run, absent
from bench.building.workspace import Unmade, Workspace
from bench.engine import Absent
from bench.peers import oxigraph_
from bench.process import disk_bytes


def compare(work: Workspace) -> list[Comparison]:
    """`govgraph build` beside `oxigraph load` and `oxigraph optimize`."""
    ours = work.build()
    runs = {OURS: ours, "oxigraph": _floor(work)}
    return [Comparison("build", work.communities, runs, {} if ours.why else _about(work))]


def _about(work: Workspace) -> dict[str, Any]:
    release = work.release()
    manifest = release.manifest
    return {
        "rows": manifest["rows"],
        "quads": manifest["asserted"],
        "inferred": sum(manifest["inferred"].values()),
        "seconds": manifest["seconds"],
        "bytes": disk_bytes(release.path),
    }


def _floor(work: Workspace) -> Run:
    """Both commands; the database is not kept."""
    database = work.folder / "oxigraph"
    try:
        command, quads = oxigraph_.command(work.peers), work.quads()
    except (Absent, Unmade) as why:
        return absent(str(why))
    argv = [command, "load", "--location", database, "--file", *quads]
    load = work.run("oxigraph-load", argv)
    argv = [command, "optimize", "--location", database]
    steps = [load] if load.why else [load, work.run("oxigraph-optimize", argv)]
    shutil.rmtree(database, ignore_errors=True)
    return Run.sum("oxigraph", steps)
