"""pySHACL: DATA.nt SHAPES.nt"""

import json
import sys
import time

from pyshacl import validate
from rdflib import RDF, SH, Graph

if __name__ == "__main__":
    data, shapes = (Graph().parse(path, format="nt") for path in sys.argv[1:])
    start = time.process_time()
    _, report, _ = validate(data, shacl_graph=shapes, inference="none")
    seconds = time.process_time() - start
    results = sum(1 for _ in report.subjects(RDF.type, SH.ValidationResult))
    print(json.dumps({"seconds": seconds, "results": results}))
