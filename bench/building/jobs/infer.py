"""Load quads and the ontology, then add what follows from the axioms: QUADS SCRATCH"""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from bench.building import files
from govgraph.engine import merge
from govgraph.inference.run import infer
from govgraph.settings import Settings


def run(quads: Path, scratch: Path) -> dict[str, Any]:
    """How many triples follow, by families. The store is left in `scratch`."""
    shutil.rmtree(scratch, ignore_errors=True)
    store = _load(quads, scratch)
    start = time.process_time()
    counts = infer(store, [], Settings().base)
    seconds = time.process_time() - start
    return {"seconds": seconds, "inferred": sum(counts.values()), "families": counts}


def _load(quads: Path, folder: Path) -> Store:
    """A store as the build's own step makes it."""
    store = Store(str(folder))
    for path in sorted(quads.glob("*.nq")):
        merge.load(store, path, _graph(path))
    merge.extend(store, files.ontology())
    store.optimize()
    return store


def _graph(path: Path) -> str:
    """The graph that a file's quads are in."""
    with path.open("rb") as stream:
        return stream.readline().decode().rpartition("<")[2].partition(">")[0]


if __name__ == "__main__":
    print(json.dumps(run(*map(Path, sys.argv[1:]))))
