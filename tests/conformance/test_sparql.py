"""The W3C's tests of SPARQL's protocols, and that the list of known failures names tests there are.
All of its SPARQL tests run with `make conformance-sparql`; see docs/conformance.md."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import sparql_suite


def test_the_protocols_conform(shared: Path) -> None:
    options = ["--versions", "1.1", "--groups", "protocol,service-description"]
    more = ["--gsp-direct", "--gsp-post-create"]
    with sparql_suite.scratch_server() as url:
        assert sparql_suite.run(shared / "conformance", url, [*options, *more]) == 0


def test_every_known_failure_is_a_test_with_a_reason(shared: Path) -> None:
    suites = shared / "conformance/suites/rdf-tests/sparql"
    for line in sparql_suite.KNOWN.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            test, _, reason = line.partition(" # ")
            group, _, name = test.partition("#")
            assert f":{name}" in (suites / group / "manifest.ttl").read_text("utf-8"), test
            assert reason
