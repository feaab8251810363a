"""Validation of a release by the project's own shapes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from bench.building import files
from bench.building.comparison import OURS, Comparison
from bench.building.participant import Run
from bench.building.workspace import Workspace, job
from bench.peers import environment
from bench.process import Command

#: Up to how many communities peers take part.
PYSHACL_MOST, SHACL_MOST = 100, 10_000
SCRIPTS = Path(__file__).parents[1] / "peers"


def compare(work: Workspace) -> list[Comparison]:
    """All shapes beside pySHACL; those without SPARQL beside the crate `shacl`, which finds other
    results for some constraints in SPARQL; both on a graph with faults, if that is small."""
    every = files.write_shapes(work.folder / "shapes.nt", core=False)
    core = files.write_shapes(work.folder / "core.nt", core=True)
    found = {
        "validation": {
            OURS: _ours(work, "validate", every),
            "pyshacl": _pyshacl(work, "pyshacl", work.merged, every),
        },
        "validation-core": {
            OURS: _ours(work, "validate-core", core),
            "shacl": _shacl(work, "shacl", work.merged, core),
        },
    }
    if work.communities <= PYSHACL_MOST:
        found["validation-spoiled"] = {
            OURS: work.run("judge", lambda: [*job("judge"), work.spoiled(), core]),
            "pyshacl": _pyshacl(work, "pyshacl-spoiled", work.spoiled, core),
            "shacl": _shacl(work, "shacl-spoiled", work.spoiled, core),
        }
    return [Comparison(case, work.communities, runs) for case, runs in found.items()]


def _ours(work: Workspace, name: str, shapes: Path) -> Run:
    """On the release, with the places of cells."""
    work.build()
    return work.run(name, [*job("validate"), work.home, work.nation(), shapes])


def _pyshacl(work: Workspace, name: str, data: Callable[[], Path], shapes: Path) -> Run:
    script = SCRIPTS / "pyshacl_.py"
    return work.peer(name, lambda: [sys.executable, script, data(), shapes], PYSHACL_MOST)


def _shacl(work: Workspace, name: str, data: Callable[[], Path], shapes: Path) -> Run:
    def argv() -> Command:
        python = environment.python(work.peers, "shacl")
        return [python, SCRIPTS / "shacl_.py", data(), shapes]

    return work.peer(name, argv, SHACL_MOST)
