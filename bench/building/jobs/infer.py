"""Encode quads and the ontology, then add what follows from the axioms: QUADS SCRATCH"""

from __future__ import annotations

import json
import shutil
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.building import files
from govgraph.engine.columnar.growing import Growing
from govgraph.engine.columnar.plain import write_anywhere
from govgraph.inference.draft import infer_draft
from govgraph.settings import Settings
from govgraph.vocabulary import ONTOLOGY_GRAPH


def run(quads: Path, scratch: Path) -> dict[str, Any]:
    """How many triples follow, by families; they are left in `scratch` as N-Quads."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    graphs = {_graph(path): path for path in sorted(quads.glob("*.nq"))}
    graphs[ONTOLOGY_GRAPH] = files.write_ontology(scratch / "ontology.nq")
    write_anywhere(graphs, scratch / "draft", draft=True)
    start = time.process_time()
    with closing(Growing(scratch / "draft")) as draft:
        counts = infer_draft(draft, [], Settings().base, scratch).counts
    seconds = time.process_time() - start
    return {"seconds": seconds, "inferred": sum(counts.values()), "families": counts}


def _graph(path: Path) -> str:
    """The graph that a file's quads are in."""
    with path.open("rb") as stream:
        return stream.readline().decode().rpartition("<")[2].partition(">")[0]


if __name__ == "__main__":
    print(json.dumps(run(*map(Path, sys.argv[1:]))))
