"""Content negotiation by the Accept header, with q-values (RFC 9110 §12.5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from fastapi import Request
from pyoxigraph import QueryResultsFormat, RdfFormat

from govgraph.engine.remembered import remembered
from govgraph.errors import GovgraphError

T = TypeVar("T")

RESULTS: Mapping[str, QueryResultsFormat] = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/xml": QueryResultsFormat.XML,
    "text/xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
GRAPHS: Mapping[str, RdfFormat] = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/x-turtle": RdfFormat.TURTLE,
    "text/plain": RdfFormat.N_TRIPLES,
}
#: Short names for `format=` in a URL, and what each accepts. Some are the names of SPARQLWrapper.
SHORT = {
    "json": "application/sparql-results+json, application/ld+json",
    "xml": "application/sparql-results+xml, application/rdf+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "turtle": "text/turtle",
    "ttl": "text/turtle",
    "ntriples": "application/n-triples",
    "nt": "application/n-triples",
    "trig": "application/trig",
    "nquads": "application/n-quads",
    "nq": "application/n-quads",
    "rdfxml": "application/rdf+xml",
    "rdf": "application/rdf+xml",
    "rdf+xml": "application/rdf+xml",
    "n3": "text/turtle",
    "jsonld": "application/ld+json",
    "json-ld": "application/ld+json",
    "html": "text/html",
}


def accepted(request: Request) -> str | None:
    """The Accept header; several lines of it are one list."""
    return ",".join(request.headers.getlist("accept")) or None


def wanted(request: Request, format: str | None, short: Mapping[str, str] = SHORT) -> str | None:
    """What a client accepts: by a short name in the URL, or else by its header.

    GovgraphError(not-acceptable) for a name that is none."""
    if not format:
        return accepted(request)
    if format not in short:
        raise GovgraphError("not-acceptable", offered=", ".join(short))
    return short[format]


def choose(accept: str | None, offered: Sequence[str]) -> str | None:
    """The offered media type that the client likes best, the first of equals; None if none."""
    return _chosen(accept or "*/*", tuple(offered))


@remembered
def _chosen(accept: str, offered: tuple[str, ...]) -> str | None:
    ranges = _ranges(accept)
    best: tuple[float, int] | None = None
    for position, media in enumerate(offered):
        quality = _quality(media, ranges)
        if quality > 0 and (best is None or quality > best[0]):
            best = (quality, position)
    return offered[best[1]] if best else None


def require(accept: str | None, offered: Mapping[str, T]) -> tuple[str, T]:
    """Like choose, with what is offered under the media type. GovgraphError(not-acceptable)."""
    media = choose(accept, tuple(offered))
    if media is None:
        raise GovgraphError("not-acceptable", offered=", ".join(offered))
    return media, offered[media]


def _ranges(accept: str) -> list[tuple[str, float]]:
    parsed = []
    for part in accept.split(","):
        media, *parameters = [piece.strip() for piece in part.split(";")]
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                quality = _number(value)
        if media:
            parsed.append((media.lower(), quality))
    return parsed


def _number(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def _quality(media: str, ranges: list[tuple[str, float]]) -> float:
    """The q-value of the most specific range that covers a media type."""
    family = media.partition("/")[0] + "/*"
    for pattern in (media, family, "*/*"):
        found = [quality for candidate, quality in ranges if candidate == pattern]
        if found:
            return max(found)
    return 0.0


class _Formats(dict[str, QueryResultsFormat | RdfFormat]):
    def __init__(self, accept: str | None) -> None:
        super().__init__()
        self.accept = accept

    def __missing__(self, form: str) -> QueryResultsFormat | RdfFormat:
        if form == "graph":
            return require(self.accept, GRAPHS)[1]
        return require(self.accept, RESULTS)[1]


def formats(accept: str | None) -> _Formats:
    """The format for each query form, negotiated only for the form that a query turns out to
    have. Looking one up raises GovgraphError(not-acceptable)."""
    return _Formats(accept)
