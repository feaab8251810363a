"""reasonable: all of OWL 2 RL, which is more than the families of rules. DATA.nt"""

import json
import sys
import time

import reasonable

if __name__ == "__main__":
    reasoner = reasonable.PyReasoner()
    reasoner.load_file(sys.argv[1])
    before, start = len(set(reasoner.get_base_triples())), time.process_time()
    found = len(set(reasoner.reason()))
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "inferred": found - before}))
