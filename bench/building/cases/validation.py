"""Validation of a release by the project's own shapes."""

from __future__ import annotations

import sys
from pathlib import Path

from bench.building import files
from bench.building.comparison import OURS, Comparison
from bench.building.participant import Run, absent
from bench.building.workspace import Unmade, Workspace, job
from bench.peers import environment

PYSHACL_MOST = 100
SCRIPTS = Path(__file__).parents[1] / "peers"


def compare(work: Workspace) -> list[Comparison]:
    """All shapes beside pySHACL; those without SPARQL beside the crate `shacl`, which finds other
    results for some constraints in SPARQL."""
    try:
        work.release()
    except Unmade as why:
        return [Comparison("validation", work.communities, {OURS: absent(f"no release: {why}")})]
    all_ = files.write_shapes(work.folder / "shapes.nt", core=False)
    core = files.write_shapes(work.folder / "core.nt", core=True)
    return [
        Comparison("validation", work.communities,
                   {OURS: _ours(work, "validate", all_), "pyshacl": _pyshacl(work, all_)}),
        Comparison("validation-core", work.communities,
                   {OURS: _ours(work, "validate-core", core), "shacl": _shacl(work, core)}),
    ]  # fmt: skip


def _ours(work: Workspace, name: str, shapes: Path) -> Run:
    return work.run(name, [*job("validate"), work.home, work.nation(), shapes])


def _pyshacl(work: Workspace, shapes: Path) -> Run:
    if work.communities > PYSHACL_MOST:
        return absent(f"takes part up to {PYSHACL_MOST} communities")
    argv = [sys.executable, SCRIPTS / "pyshacl_.py", work.merged(), shapes]
    return work.run("pyshacl", argv)


def _shacl(work: Workspace, shapes: Path) -> Run:
    data = work.merged()
    return work.run(
        "shacl",
        lambda: [environment.python(work.peers, "shacl"), SCRIPTS / "shacl_.py", data, shapes],
    )
