"""SPARQL 1.1 Service Description and VoID, made from the release's manifest."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Request, Response
from pyoxigraph import BlankNode, Literal, NamedNode, Triple, serialize

from govgraph.http import negotiate
from govgraph.http.common import name_release
from govgraph.http.state import Opened
from govgraph.vocabulary import PREFIXES, RDF

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
FORMATS = "http://www.w3.org/ns/formats/"
RESULT_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "N-Quads", "TriG", "RDF_XML", "JSON-LD",
)  # fmt: skip
Object = NamedNode | BlankNode | Literal


def service_description(request: Request, release: Opened) -> Response:
    """The description of the endpoint as it serves a release, in an RDF format."""
    media, form = negotiate.require(negotiate.accepted(request), negotiate.GRAPHS)
    endpoint = str(request.url.replace(query=""))
    body = serialize(
        _triples(endpoint, release),
        format=form,
        prefixes=PREFIXES | {"sd": SD, "void": VOID} if media == "text/turtle" else None,
    )
    assert body is not None
    response = Response(body, media_type=media)
    name_release(response, release, media)
    return response


def _triples(endpoint: str, release: Opened) -> Iterator[Triple]:
    service, dataset, default = NamedNode(endpoint), BlankNode("dataset"), BlankNode("default")
    manifest = release.release.manifest

    def say(subject: NamedNode | BlankNode, predicate: str, value: Object) -> Triple:
        return Triple(subject, NamedNode(predicate), value)

    yield say(service, RDF + "type", NamedNode(SD + "Service"))
    yield say(service, SD + "endpoint", service)
    yield say(service, SD + "supportedLanguage", NamedNode(SD + "SPARQL11Query"))
    yield say(service, SD + "feature", NamedNode(SD + "UnionDefaultGraph"))
    for name in RESULT_FORMATS:
        yield say(service, SD + "resultFormat", NamedNode(FORMATS + name))
    yield say(service, SD + "defaultDataset", dataset)
    yield say(dataset, RDF + "type", NamedNode(SD + "Dataset"))
    yield say(dataset, SD + "defaultGraph", default)
    yield say(default, RDF + "type", NamedNode(SD + "Graph"))
    yield say(default, VOID + "triples", Literal(manifest["triples"]))
    for number, graph in enumerate(manifest["graphs"]):
        node = BlankNode(f"graph{number}")
        yield say(dataset, SD + "namedGraph", node)
        yield say(node, RDF + "type", NamedNode(SD + "NamedGraph"))
        yield say(node, SD + "name", NamedNode(graph))
