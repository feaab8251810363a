"""Runs pySHACL over a store and gives its results the coordinates of their cells."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyshacl
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Store
from pyoxigraph import Literal as OxiLiteral
from rdflib import BNode, Graph, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Literal, Node

from govgraph.validation.coordinates import Coordinates
from govgraph.validation.results import SEVERITIES, ValidationResult, code_of

_CHINESE = re.compile("[\u4e00-\u9fff]")
_STRING = "http://www.w3.org/2001/XMLSchema#string"


def validate(
    store: Store, shape_files: Iterable[Path], places: Coordinates
) -> list[ValidationResult]:
    """Judge the union of all graphs of a store, inferences and ontology included.

    Results come in a stable order. RuntimeError if a shape cannot be evaluated.
    """
    shapes = Graph()
    for path in sorted(shape_files):
        shapes.parse(path)
    report = _report(_union(store), shapes)
    results = [
        _result(report, node, places) for node in report.subjects(RDF.type, SH.ValidationResult)
    ]
    return sorted(
        results,
        key=lambda r: (r.table or "", r.row or 0, r.focus, r.path or "", r.code, r.value or ""),
    )


def _union(store: Store) -> Graph:
    """The merge of all graphs as an rdflib graph."""
    graph = Graph()
    for quad in store.quads_for_pattern(None, None, None, DefaultGraph()):
        graph.add((_node(quad.subject), _node(quad.predicate), _node(quad.object)))
    return graph


def _node(term: object) -> Node:
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    assert isinstance(term, OxiLiteral)
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    # rdflib tells "x" from "x"^^xsd:string, RDF 1.1 does not
    return (
        Literal(term.value)
        if datatype == _STRING
        else Literal(term.value, datatype=URIRef(datatype))
    )


def _report(data: Graph, shapes: Graph) -> Graph:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, report, text = pyshacl.validate(
            data, shacl_graph=shapes, inference="none", advanced=False
        )
    if not isinstance(report, Graph):
        raise RuntimeError(f"the shapes could not be evaluated: {text}")
    return report


def _result(report: Graph, node: Node, places: Coordinates) -> ValidationResult:
    def one(predicate: Node) -> str | None:
        value = report.value(node, predicate)
        return None if value is None else str(value)

    focus, path, value = one(SH.focusNode) or "", one(SH.resultPath), one(SH.value)
    component = one(SH.sourceConstraintComponent) or ""
    severity = (one(SH.resultSeverity) or "").rpartition("#")[2]
    place = places.find(focus, path, value)
    if path is None and value:  # a finding about what the value names, such as an appointment
        place = places.find(value) if places.find(value).row else place
    messages = {lang: places.short(text) for lang, text in _messages(report, node)}
    return ValidationResult(
        code_of(component), SEVERITIES.get(severity, "error"), place.dataset, place.table, place.row,
        place.line, place.column, value, messages.get("zh", ""), messages.get("en", ""),
        focus, path, component, one(SH.sourceShape) or "",
    )  # fmt: skip


def _messages(report: Graph, node: Node) -> Iterator[tuple[str, str]]:
    """(language, text); pySHACL drops the tag of a message that it fills in."""
    for message in report.objects(node, SH.resultMessage):
        if isinstance(message, Literal):
            guessed = "zh" if _CHINESE.search(message) else "en"
            yield (message.language or guessed).partition("-")[0], str(message)
