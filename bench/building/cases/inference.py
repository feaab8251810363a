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
from bench.building.participant import Run
from bench.building.workspace import Workspace, job
from bench.peers import environment
from bench.process import Command

#: Up to how many communities peers take part; the last two apply all of OWL 2 RL.
MOST = {"nemo": 10_000, "reasonable": 1_000, "owlrl": 100}
SCRIPTS = Path(__file__).parents[1] / "peers"


def compare(work: Workspace) -> list[Comparison]:
    """Loading and inferring, each its own way."""
    runs = {
        OURS: _ours(work),
        "nemo": work.peer("nemo", lambda: _nemo(work), MOST["nemo"]),
        "reasonable": work.peer("reasonable", lambda: _reasonable(work), MOST["reasonable"]),
        "owlrl": work.peer("owlrl", lambda: _owlrl(work), MOST["owlrl"]),
    }
    return [Comparison("inference", work.communities, runs)]


def _ours(work: Workspace) -> Run:
    """The store is not kept."""
    work.ingest()
    store = work.folder / "infer.store"
    run = work.run("infer", [*job("infer"), work.folder / "quads", store])
    shutil.rmtree(store, ignore_errors=True)
    return run


def _nemo(work: Workspace) -> Command:
    """The same families of rules in Datalog."""
    python = environment.python(work.peers, "nemo")
    axioms = serialize((quad.triple for quad in files.ontology()), format=RdfFormat.N_TRIPLES)
    rules = work.folder / "rules.rls"
    rules.write_text(program(Graph().parse(data=axioms, format="nt"), work.asserted()), "utf-8")
    return [python, SCRIPTS / "nemo_.py", rules, work.folder / "nemo"]


def _reasonable(work: Workspace) -> Command:
    python = environment.python(work.peers, "reasonable")
    return [python, SCRIPTS / "reasonable_.py", work.asserted()]


def _owlrl(work: Workspace) -> Command:
    return [sys.executable, SCRIPTS / "owlrl_.py", work.asserted()]
