"""Nemo runs a Datalog program and writes what it exports as `new`: PROGRAM FOLDER"""

import json
import sys
import time
from pathlib import Path

from nmo_python import NemoEngine, NemoOutputManager, load_file

if __name__ == "__main__":
    program, folder = sys.argv[1:]
    engine = NemoEngine(load_file(program))
    start = time.process_time()
    engine.reason()
    seconds = time.process_time() - start
    engine.write_result("new", NemoOutputManager(folder, overwrite=True))
    with (Path(folder) / "new.nt").open("rb") as lines:
        print(json.dumps({"seconds": seconds, "inferred": sum(1 for _ in lines)}))
