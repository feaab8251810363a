"""Triples of our own making, said briefly, and sent in the format that is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from fastapi import Request, Response
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from govgraph.http import negotiate
from govgraph.vocabulary import PREFIXES, RDF

Subject = NamedNode | BlankNode
Value = NamedNode | BlankNode | Literal
_PREFIXED = (RdfFormat.TURTLE, RdfFormat.RDF_XML)


def says(subject: Subject, *facts: tuple[str, Value | Iterable[Value] | None]) -> Iterator[Triple]:
    """The triples of a subject: (property, value), several values, or None for no triple."""
    for term, found in facts:
        values = [found] if isinstance(found, Value) else found or ()
        for value in values:
            yield Triple(subject, NamedNode(term), value)


def a(*classes: str) -> tuple[str, list[Value]]:
    """The fact of being of classes."""
    return RDF + "type", [NamedNode(each) for each in classes]


def number(value: int | None) -> Literal | None:
    """A count."""
    return None if value is None else Literal(value)


def document(
    request: Request,
    triples: Iterable[Triple],
    prefixes: Mapping[str, str],
    format: str | None = None,
) -> Response:
    """The response with triples. GovgraphError(not-acceptable)."""
    media, form = negotiate.require(negotiate.wanted(request, format), negotiate.GRAPHS)
    named = dict(PREFIXES) | dict(prefixes) if form in _PREFIXED else None
    return Response(serialize(triples, format=form, prefixes=named), media_type=media)
