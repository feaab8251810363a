"""The official SPARQL query evaluation tests: their manifests, data and expected results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rdflib
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, parse
from rdflib import RDF, RDFS, BNode, Namespace

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
GROUPS = (
    "aggregates", "bind", "bindings", "cast", "construct", "csv-tsv-res", "exists", "functions",
    "grouping", "json-res", "negation", "project-expression", "property-path", "subquery",
)  # fmt: skip
_TYPES = ("QueryEvaluationTest", "CSVResultFormatTest")
_FORMATS = {"ttl": RdfFormat.TURTLE, "rdf": RdfFormat.RDF_XML, "nt": RdfFormat.N_TRIPLES,
            "trig": RdfFormat.TRIG}  # fmt: skip


@dataclass(frozen=True)
class Case:
    name: str
    query: Path
    data: tuple[Path, ...]
    named: tuple[tuple[str, Path], ...]
    result: Path

    @property
    def base(self) -> str:
        return self.query.as_uri()

    def quads(self) -> Iterator[Quad]:
        for path in self.data:
            yield from _read(path, DefaultGraph(), path.as_uri())
        for iri, path in self.named:
            yield from _read(path, NamedNode(iri), path.as_uri())


def cases(group: Path) -> Iterator[Case]:
    """The evaluation tests of one group."""
    manifest = group / "manifest.ttl"
    graph = rdflib.Graph().parse(manifest, format="turtle", publicID=manifest.as_uri())
    for entries in graph.objects(None, MF.entries):
        for entry in graph.items(entries):
            if str(graph.value(entry, RDF.type)).endswith(_TYPES):
                yield _case(graph, entry)


def _case(graph: rdflib.Graph, entry: Any) -> Case:
    action = graph.value(entry, MF.action)
    named = []
    for node in graph.objects(action, QT.graphData):
        file = graph.value(node, QT.graph) or node
        name = graph.value(node, RDFS.label) if isinstance(node, BNode) else node
        named.append((str(name or file), _path(file)))
    return Case(
        str(entry).rpartition("#")[2].rpartition("/")[2],
        _path(graph.value(action, QT.query)),
        tuple(_path(x) for x in graph.objects(action, QT.data)),
        tuple(named),
        _path(graph.value(entry, MF.result)),
    )


def _path(node: Any) -> Path:
    return Path(str(node).removeprefix("file://"))


def _read(path: Path, graph: NamedNode | DefaultGraph, base: str) -> Iterator[Quad]:
    """A file's triples; blank nodes of different files stay apart."""
    suffix = f"{abs(hash((path, graph))) % 10**8}"
    mine: dict[BlankNode, BlankNode] = {}

    def own(node: Any) -> Any:
        if isinstance(node, BlankNode):
            return mine.setdefault(node, BlankNode(f"b{suffix}x{len(mine)}"))
        return node

    for quad in parse(path.read_bytes(), _FORMATS[path.suffix[1:]], base_iri=base):
        yield Quad(own(quad.subject), quad.predicate, own(quad.object), graph)


def expected(rdfterms: Any, path: Path) -> Any:
    """A result file by the comparison module's types."""
    data, base = path.read_bytes(), path.as_uri()
    readers = {
        ".srx": lambda: rdfterms.parse_xml(data, base),
        ".srj": lambda: rdfterms.parse_json(data, base),
        ".csv": lambda: rdfterms.parse_csv(data),
        ".tsv": lambda: rdfterms.parse_tsv(data, base),
    }
    if path.suffix in readers:
        return readers[path.suffix]()
    media = {".ttl": "text/turtle", ".rdf": "application/rdf+xml", ".nt": "application/n-triples"}
    rows = rdfterms.parse_rdf(data, media[path.suffix], base)
    return rdfterms.result_from_rdf(rows)
