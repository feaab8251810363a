"""Judge a file of triples by shapes, as peers do, without the places of cells: DATA SHAPES"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, Store

from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.validation.shacl import judge
from govgraph.validation.triples import Triples


def run(data: Path, shapes: Path) -> dict[str, Any]:
    """How many results the shapes give on a graph."""
    store = Store()
    store.bulk_load(path=data, format=RdfFormat.N_TRIPLES)
    start = time.process_time()
    results = sum(1 for _ in judge(OxigraphEngine(store), Triples.read([shapes])))
    return {"seconds": time.process_time() - start, "results": results}


if __name__ == "__main__":
    print(json.dumps(run(*map(Path, sys.argv[1:]))))
