"""The same validation by pySHACL and by us, as results that compare equal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pyshacl
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, parse
from rdflib.namespace import SH

from govgraph.engine.base import Engine, Term
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.validation import paths, shapes
from govgraph.validation.findings import Finding
from govgraph.validation.reading_paths import read_path
from govgraph.validation.shacl import judge
from govgraph.validation.triples import Triples


class Result(NamedTuple):
    """What a result says, terms as written in N-Triples."""

    focus: str
    path: str
    value: str
    component: str
    severity: str
    shape: str


def by_pyshacl(data: rdflib.Graph, shape_graph: rdflib.Graph) -> Counter[Result]:
    """The report of pySHACL. RuntimeError if it gives none."""
    _, report, text = pyshacl.validate(data, shacl_graph=shape_graph, inplace=True)
    if not isinstance(report, rdflib.Graph):
        raise RuntimeError(text)
    read = Triples(quads(report))
    return Counter(
        Result(
            written(node(report, result, SH.focusNode)),
            _path(read, node(report, result, SH.resultPath)),
            written(node(report, result, SH.value)),
            node(report, result, SH.sourceConstraintComponent).value,
            node(report, result, SH.resultSeverity).value,
            written(node(report, result, SH.sourceShape)),
        )
        for result in report.objects(None, SH.result)  # not those of sh:detail
    )


def by_us(data: rdflib.Graph, shape_graph: rdflib.Graph) -> Counter[Result]:
    """The findings of the compiled shapes, on Oxigraph in memory."""
    return Counter(map(stated, judge(engine(data), Triples(quads(shape_graph)))))


def engine(data: rdflib.Graph) -> Engine:
    """The graph as the default graph of a store."""
    store = Store()
    store.extend(quads(data))
    return OxigraphEngine(store)


def quads(graph: rdflib.Graph) -> Iterator[Quad]:
    """The triples of an rdflib graph, blank nodes with their labels."""
    text = graph.serialize(format="nt", encoding="utf-8")
    return parse(input=text, format=RdfFormat.N_TRIPLES)


def stated(finding: Finding) -> Result:
    """A finding of ours as a result."""
    return Result(
        written(finding.focus),
        paths.sparql(finding.path) if finding.path else "",
        written(finding.value),
        shapes.component(finding.constraint),
        finding.shape.severity,
        written(finding.shape.term),
    )


def node(graph: rdflib.Graph, subject: rdflib.term.Node, predicate: rdflib.URIRef) -> Term | None:
    """An object in pyoxigraph's terms."""
    found = graph.value(subject, predicate)
    if isinstance(found, rdflib.BNode):
        return BlankNode(str(found))
    if isinstance(found, rdflib.URIRef):
        return NamedNode(str(found))
    if isinstance(found, rdflib.Literal):
        if found.language:
            return Literal(str(found), language=found.language)
        return Literal(str(found), datatype=NamedNode(str(found.datatype or rdflib.XSD.string)))
    return None


def written(term: Term | None) -> str:
    """A term as Oxigraph gives it back: it stores the values of numbers, not their texts."""
    if not isinstance(term, Literal):
        return str(term) if term is not None else ""
    store = Store()
    store.add(Quad(NamedNode("x:s"), NamedNode("x:p"), term))
    return str(next(iter(store)).object)


def _path(report: Triples, path: Term | None) -> str:
    return "" if path is None else paths.sparql(read_path(report, path))
