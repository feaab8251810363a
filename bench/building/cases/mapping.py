"""Tables to quads: ours, with all its checks, beside mappings that check nothing."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from bench.building.comparison import OURS, Comparison
from bench.building.dataset import sources
from bench.building.participant import Run
from bench.building.plan import TriplesMap, plan
from bench.building.rml import configuration, mapping
from bench.building.workspace import Workspace
from bench.peers import environment

RDFLIB_MOST = 1_000
SCRIPT = Path(__file__).parents[1] / "peers" / "rdflib_.py"


def compare(work: Workspace) -> list[Comparison]:
    """`ingest` beside morph-kgc and rdflib by hand."""
    maps = plan(sources(work.nation()))
    runs = {OURS: work.ingest(), "morph-kgc": _morph(work, maps), "rdflib": _rdflib(work, maps)}
    return [Comparison("mapping", work.communities, runs)]


def _morph(work: Workspace, maps: list[TriplesMap]) -> Run:
    """morph-kgc on one core with a mapping of the same tables; its triples are counted after."""
    rml, settings, out = (work.folder / f"morph.{end}" for end in ("ttl", "ini", "nq"))
    rml.write_text(mapping(maps), "utf-8")
    settings.write_text(configuration(rml, out), "utf-8")
    run = work.run(
        "morph-kgc",
        lambda: [environment.python(work.peers, "morph-kgc"), "-m", "morph_kgc", settings],
    )
    if out.exists() and not run.why:
        run = replace(run, said={"triples": _lines(out)})
        work.keep("morph-kgc", run)
        out.unlink()
    return run


def _rdflib(work: Workspace, maps: list[TriplesMap]) -> Run:
    given, out = work.folder / "plan.json", work.folder / "rdflib.nt"
    given.write_text(json.dumps([one.as_dict() for one in maps]), "utf-8")
    run = work.peer("rdflib", lambda: [sys.executable, SCRIPT, given, out], RDFLIB_MOST)
    out.unlink(missing_ok=True)
    return run


def _lines(path: Path) -> int:
    with path.open("rb") as stream:
        return sum(1 for _ in stream)
