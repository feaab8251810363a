"""Judge a release by shapes: HOME FOLDER SHAPES"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from bench.building.dataset import sources
from bench.building.jobs.engine import opened
from govgraph.governance import post_rules
from govgraph.release import Home
from govgraph.validation.coordinates import Coordinates
from govgraph.validation.shacl import validate


def run(home: Path, folder: Path, shapes: Path) -> dict[str, Any]:
    """What the shapes of a file say of the release that is current; it was built from `folder`."""
    start = time.process_time()
    release = Home(home).current()
    with opened(release.columns, release.quads) as engine:
        places = Coordinates(engine, sources(folder))
        results = validate(engine, [shapes], places, natives=post_rules.natives)
    return {"seconds": time.process_time() - start, "results": len(results)}


if __name__ == "__main__":
    print(json.dumps(run(*map(Path, sys.argv[1:]))))
