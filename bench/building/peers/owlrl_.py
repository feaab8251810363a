"""owlrl: all of OWL 2 RL, which is more than the families of rules. DATA.nt"""

import json
import sys
import time

from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import Graph

if __name__ == "__main__":
    graph = Graph().parse(sys.argv[1], format="nt")
    before, start = len(graph), time.process_time()
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "inferred": len(graph) - before}))
