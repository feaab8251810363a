"""The W3C's tests of CSV on the Web: read from their manifests, run, and summed up.

`python csvw_suite.py FOLDER` prints what failed and, last, `N passed, M failed, K skipped`.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pyoxigraph as ox
import rdflib
from rdflib import RDF, Namespace

from govgraph_loaders.csv2rdf import Web, csv2rdf
from govgraph_loaders.node import MetadataError

BASE = "http://www.w3.org/2013/csvw/tests/"
#: What the site of the tests says at /.well-known/csvm.
SITE = "{+url}-metadata.json\ncsv-metadata.json\n{+url}.json\ncsvm.json\n"
MANIFESTS = ("rdf", "validation", "json", "nonnorm")
SKIPPED = Path(__file__).with_name("csvw_skipped.tsv")
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
CSVT = Namespace("http://www.w3.org/2013/csvw/tests/vocab#")


@dataclass(frozen=True)
class Case:
    """A test: its kind (`ToRdfTest` …), what to convert and how, and what must come of it."""

    name: str
    kind: str
    action: str
    metadata: str | None
    minimal: bool
    link: str | None
    result: str | None


def cases(suite: Path) -> Iterator[Case]:
    """All tests of all manifests."""
    for manifest in MANIFESTS:
        file = suite / f"manifest-{manifest}.ttl"
        graph = rdflib.Graph().parse(file, format="turtle", publicID=BASE)
        for entries in graph.objects(None, MF.entries):
            for entry in graph.items(entries):
                yield _case(graph, entry, manifest)


def _case(graph: rdflib.Graph, entry: rdflib.term.Node, group: str) -> Case:
    def text(node: rdflib.term.Node | None, name: rdflib.URIRef) -> str | None:
        value = graph.value(node, name) if node is not None else None
        return None if value is None else str(value)

    option = graph.value(entry, CSVT.option)
    link = text(entry, CSVT.httpLink)
    return Case(
        name=f"{group}-{str(entry).rpartition('#')[2]}",
        kind=str(graph.value(entry, RDF.type)).rpartition("#")[2],
        action=str(graph.value(entry, MF.action)),
        metadata=text(option, CSVT.metadata),
        minimal=text(option, CSVT.minimal) == "true",
        link=link[1 : link.index(">")] if link else None,
        result=text(entry, MF.result),
    )


def skipped() -> dict[str, str]:
    """Kind or name of tests that are out of scope -> the reason."""
    lines = SKIPPED.read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return dict(rows)  # type: ignore[arg-type]


class Suite:
    """The tests in a folder, served at the URLs that they expect."""

    def __init__(self, folder: Path, site: Path) -> None:
        self.folder = folder
        known = site / ".well-known" / "csvm"
        known.parent.mkdir(exist_ok=True)
        known.write_text(SITE)
        self.folders = {BASE: folder, urljoin(BASE, "/"): site}

    def verdict(self, case: Case) -> str | None:
        """None if a test passes, else what went wrong."""
        web = Web(self.folders, {case.action: case.link} if case.link else {})
        negative = case.kind.startswith("Negative")
        try:
            found = csv2rdf(case.action, web, metadata=case.metadata, minimal=case.minimal)
        except MetadataError as error:
            return None if negative else f"refused: {error}"
        if case.kind == "NegativeRdfTest":
            return "not refused"
        severities = {problem.severity for problem in found.problems}
        wanted = {
            "PositiveValidationTest": not severities,
            "NegativeValidationTest": "error" in severities,
            "WarningValidationTest": severities == {"warning"},
            "ToRdfTest": self._same(case, found.triples),
            "ToRdfTestWithWarnings": bool(severities) and self._same(case, found.triples),
        }
        if wanted[case.kind]:
            return None
        notes = "; ".join(f"{p.code} {p.message_en}" for p in found.problems) or "no problem"
        return notes if severities else f"other triples, {notes}"

    def _same(self, case: Case, triples: str) -> bool:
        """Whether the triples are those of the result, but for the names of blank nodes."""
        if case.result is None:
            return True
        path = self.folder / case.result.removeprefix(BASE)
        wanted = _graph(path.read_bytes(), ox.RdfFormat.TURTLE, case.result)
        return _graph(triples.encode(), ox.RdfFormat.N_TRIPLES) == wanted


def _graph(data: bytes, kind: ox.RdfFormat, base: str | None = None) -> ox.Dataset:
    graph = ox.Dataset(map(_plain, ox.parse(data, format=kind, base_iri=base)))
    graph.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return graph


def _plain(quad: ox.Quad) -> ox.Quad:
    """Doubles written with `e` and with `E` are one."""
    value = quad.object
    if isinstance(value, ox.Literal) and value.datatype.value.endswith(("#double", "#float")):
        value = ox.Literal(value.value.replace("e", "E"), datatype=value.datatype)
    return ox.Quad(quad.subject, quad.predicate, value)


def main(folder: Path) -> int:
    """Run everything and print the sum. 1 if a test failed."""
    outside, count = skipped(), Counter[str]()
    with tempfile.TemporaryDirectory() as site:
        suite = Suite(folder, Path(site))
        for case in cases(folder):
            skip = case.name in outside or case.kind in outside
            wrong = None if skip else suite.verdict(case)
            count["skipped" if skip else "failed" if wrong else "passed"] += 1
            if wrong:
                print(f"{case.name} {case.kind}: {wrong}"[:300])
    print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
    return 1 if count["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
