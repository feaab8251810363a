"""Map and check all tables, on one core, into the N-Quads files of a release: FOLDER OUT"""

from __future__ import annotations

import inspect
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from bench.building.dataset import sources
from govgraph_loaders import ingest


def run(folder: Path, out: Path) -> dict[str, Any]:
    """What was made of a dataset folder. Where the loader can use several cores, it may not."""
    tables = sources(folder)
    one: dict[str, Any] = {}
    if "workers" in inspect.signature(ingest).parameters:
        one["workers"] = 1
    shutil.rmtree(out, ignore_errors=True)
    start = time.process_time()
    done = ingest(tables, out, **one)
    seconds = time.process_time() - start
    rows = sum(table.rows_loaded for table in done.tables)
    quads = sum(table.quads for table in done.tables)
    return {"seconds": seconds, "rows": rows, "triples": quads, "problems": len(done.problems)}


if __name__ == "__main__":
    print(json.dumps(run(*map(Path, sys.argv[1:]))))
