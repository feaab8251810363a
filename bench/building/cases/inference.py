"""What follows from the ontology's axioms: ours beside reasoners and a Datalog engine."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from pyoxigraph import RdfFormat, serialize
from rdflib import Graph

from bench.building import files
from bench.building.comparison import OURS, Comparison
from bench.building.datalog import program
from bench.building.participant import Run, absent
from bench.building.workspace import Unmade, Workspace, job
from bench.peers import environment

#: Those that apply all of OWL 2 RL take part up to so many communities.
MOST = {"owlrl": 100, "reasonable": 1_000}
SCRIPTS = Path(__file__).parents[1] / "peers"


def compare(work: Workspace) -> list[Comparison]:
    """Loading and inferring, each its own way."""
    try:
        data = work.asserted()
    except Unmade as why:
        return [Comparison("inference", work.communities, {OURS: absent(f"no quads: {why}")})]
    runs = {OURS: _ours(work), "nemo": _nemo(work, data)}
    for name in MOST:
        runs[name] = _reasoner(work, name, data)
    return [Comparison("inference", work.communities, runs)]


def _ours(work: Workspace) -> Run:
    """The store is not kept."""
    store = work.folder / "infer.store"
    run = work.run("infer", [*job("infer"), work.folder / "quads", store])
    shutil.rmtree(store, ignore_errors=True)
    return run


def _nemo(work: Workspace, data: Path) -> Run:
    """The same families of rules in Datalog."""
    axioms = serialize((quad.triple for quad in files.ontology()), format=RdfFormat.N_TRIPLES)
    ontology = Graph().parse(data=axioms, format="nt")
    rules, out = work.folder / "rules.rls", work.folder / "nemo"
    rules.write_text(program(ontology, data), "utf-8")
    return work.run(
        "nemo", lambda: [environment.python(work.peers, "nemo"), SCRIPTS / "nemo_.py", rules, out]
    )


def _reasoner(work: Workspace, name: str, data: Path) -> Run:
    if work.communities > MOST[name]:
        return absent(f"takes part up to {MOST[name]:,} communities")
    script = SCRIPTS / f"{name}_.py"
    if name == "owlrl":
        return work.run(name, [sys.executable, script, data])
    return work.run(name, lambda: [environment.python(work.peers, name), script, data])
