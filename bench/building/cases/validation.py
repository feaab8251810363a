"""Validation of a release by the project's own shapes."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from bench.building import files
from bench.building.comparison import OURS, Comparison
from bench.building.participant import Run, absent
from bench.building.workspace import Unmade, Workspace, job
from bench.peers import environment
from bench.process import Command

PYSHACL_MOST = 100
SCRIPTS = Path(__file__).parents[1] / "peers"


def compare(work: Workspace) -> list[Comparison]:
    """All shapes beside pySHACL; those without SPARQL beside the crate `shacl`, which finds other
    results for some constraints in SPARQL; both on a graph with faults, if that is small."""
    try:
        data = work.merged()
    except Unmade as why:
        return [Comparison("validation", work.communities, {OURS: absent(f"no release: {why}")})]
    every = files.write_shapes(work.folder / "shapes.nt", core=False)
    core = files.write_shapes(work.folder / "core.nt", core=True)
    peers = _Peers(work)
    runs = {
        "validation": {
            OURS: _ours(work, "validate", every),
            "pyshacl": peers.pyshacl("pyshacl", data, every),
        },
        "validation-core": {
            OURS: _ours(work, "validate-core", core),
            "shacl": peers.shacl("shacl", data, core),
        },
    }
    if work.communities <= PYSHACL_MOST:
        spoiled = files.write_spoiled(data, work.folder / "spoiled.nt")
        runs["validation-spoiled"] = {
            OURS: work.run("judge", [*job("judge"), spoiled, core]),
            "pyshacl": peers.pyshacl("pyshacl-spoiled", spoiled, core),
            "shacl": peers.shacl("shacl-spoiled", spoiled, core),
        }
    return [Comparison(case, work.communities, found) for case, found in runs.items()]


def _ours(work: Workspace, name: str, shapes: Path) -> Run:
    """The release that was built, with the places of cells."""
    return work.run(name, [*job("validate"), work.home, work.nation(), shapes])


@dataclass(frozen=True)
class _Peers:
    work: Workspace

    def pyshacl(self, name: str, data: Path, shapes: Path) -> Run:
        if self.work.communities > PYSHACL_MOST:
            return absent(f"takes part up to {PYSHACL_MOST} communities")
        return self.work.run(name, [sys.executable, SCRIPTS / "pyshacl_.py", data, shapes])

    def shacl(self, name: str, data: Path, shapes: Path) -> Run:
        def argv() -> Command:
            return [
                environment.python(self.work.peers, "shacl"),
                SCRIPTS / "shacl_.py",
                data,
                shapes,
            ]

        return self.work.run(name, argv)
