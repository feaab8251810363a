"""Fixtures of the shape tests: the shapes, the ontology, and one validation with pySHACL."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pyshacl
import pytest
from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.term import IdentifiedNode, Node

ROOT = Path(__file__).parents[2]
SH = Namespace("http://www.w3.org/ns/shacl#")
SHAPES = URIRef("https://w3id.org/govgraph/shapes")


class Result(NamedTuple):
    """One validation result; the path is written as in SPARQL, None where there is none."""

    focus: Node
    path: str | None
    component: URIRef
    severity: URIRef
    shape: Node
    value: Node | None
    messages: tuple[str, ...]


Validate = Callable[[Graph, Graph], list[Result]]


def read(paths: Iterable[Path]) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph


def sparql_path(graph: Graph, path: Node) -> str:
    """The SHACL path (predicate, sequence or alternatives) in SPARQL, with prefixed names."""
    if isinstance(path, URIRef):
        return graph.namespace_manager.normalizeUri(path)
    alternatives = graph.value(path, SH.alternativePath)
    if alternatives is not None:
        return "(" + "|".join(sparql_path(graph, p) for p in graph.items(alternatives)) + ")"
    return "/".join(sparql_path(graph, p) for p in graph.items(path))


def reachable(graph: Graph, *starts: IdentifiedNode) -> Graph:
    """The part of a graph that can be reached from the nodes given."""
    part, todo = Graph(namespace_manager=graph.namespace_manager), list[Node](starts)
    while todo:
        node = todo.pop()
        if (node, None, None) not in part:
            for triple in graph.triples((node, None, None)):
                part.add(triple)
                todo.append(triple[2])
    return part


@pytest.fixture(scope="session")
def shapes() -> Graph:
    return read(sorted((ROOT / "shapes").glob("*.ttl")))


@pytest.fixture(scope="session")
def ontology() -> Graph:
    return read(sorted((ROOT / "ontology").glob("*.ttl")))


@pytest.fixture(scope="session")
def one_shape(shapes: Graph) -> Callable[[str], Graph]:
    """Cuts one node shape, with what it refers to and the prefixes, out of the shapes graph."""
    return lambda name: reachable(shapes, SHAPES + "#" + name, SHAPES)


@pytest.fixture(scope="session")
def judge() -> Validate:
    """Judges data as it stands by a shapes graph."""
    return _judge


@pytest.fixture(scope="session")
def validate(ontology: Graph) -> Validate:
    """Judges data, joined with the ontology and closed under subclasses, by a shapes graph."""

    def run(data: Graph, shapes: Graph) -> list[Result]:
        union = Graph()
        for triple in (*ontology, *data):
            union.add(triple)
        for node, kind in list(data.subject_objects(RDF.type)):
            for ancestor in ontology.transitive_objects(kind, RDFS.subClassOf):
                union.add((node, RDF.type, ancestor))
        return _judge(union, shapes)

    return run


def _judge(data: Graph, shapes: Graph) -> list[Result]:
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    assert isinstance(report, Graph), report
    report.namespace_manager = shapes.namespace_manager
    return [_result(report, node) for node in report.subjects(RDF.type, SH.ValidationResult)]


def _result(report: Graph, node: Node) -> Result:
    path = report.value(node, SH.resultPath)
    return Result(
        focus=report.value(node, SH.focusNode),
        path=None if path is None else sparql_path(report, path),
        component=report.value(node, SH.sourceConstraintComponent),
        severity=report.value(node, SH.resultSeverity),
        shape=report.value(node, SH.sourceShape),
        value=report.value(node, SH.value),
        messages=tuple(str(m) for m in report.objects(node, SH.resultMessage)),
    )
