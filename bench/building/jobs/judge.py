"""Judge a file of triples by shapes, as peers do, without the places of cells: DATA SHAPES"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.building.jobs.engine import opened
from govgraph.engine.columnar.plain import write_anywhere
from govgraph.validation.shacl import judge
from govgraph.validation.triples import Triples

GRAPH = "urn:graph"


def run(data: Path, shapes: Path) -> dict[str, Any]:
    """How many results the shapes give on a graph."""
    with TemporaryDirectory(dir=data.parent) as name:
        quads = Path(name) / "graph.nq"
        with data.open("rb") as source, quads.open("wb") as target:
            target.writelines(line.replace(b" .\n", f" <{GRAPH}> .\n".encode()) for line in source)
        write_anywhere({GRAPH: quads}, Path(name) / "columns")
        with opened(Path(name) / "columns", Path(name)) as engine:
            start = time.process_time()
            results = sum(1 for _ in judge(engine, Triples.read([shapes])))
            seconds = time.process_time() - start
    return {"seconds": seconds, "results": results}


if __name__ == "__main__":
    print(json.dumps(run(*map(Path, sys.argv[1:]))))
