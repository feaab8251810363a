"""The SPARQL 1.1 Service Description of the scratch dataset."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Request, Response
from pyoxigraph import BlankNode, NamedNode, Triple, serialize

from govgraph.http import negotiate
from govgraph.http.description import FORMATS, INPUT_FORMATS, RESULT_FORMATS, SD
from govgraph.scratch.dataset import ScratchDataset
from govgraph.vocabulary import RDF

Node = NamedNode | BlankNode


def scratch_description(request: Request, dataset: ScratchDataset) -> Response:
    """The description of both endpoints and of the graphs there are, in an RDF format."""
    media, form = negotiate.require(negotiate.accepted(request), negotiate.GRAPHS)
    service = str(request.url.replace(query=""))
    body = serialize(_triples(service, dataset), format=form)
    return Response(body, media_type=media, headers={"Vary": "Accept"})


def _triples(endpoint: str, dataset: ScratchDataset) -> Iterator[Triple]:
    query, update = NamedNode(endpoint), NamedNode(f"{endpoint.removesuffix('/sparql')}/update")
    described, default = BlankNode("dataset"), BlankNode("default")
    for service, languages in ((query, ("SPARQL11Query",)), (update, ("SPARQL11Update",))):
        yield from _service(service, described, languages)
    for name in RESULT_FORMATS:
        yield _says(query, "resultFormat", NamedNode(FORMATS + name))
    for name in INPUT_FORMATS:
        yield _says(update, "inputFormat", NamedNode(FORMATS + name))
    yield _is_a(described, "Dataset")
    yield _says(described, "defaultGraph", default)
    yield _is_a(default, "Graph")
    for number, graph in enumerate(dataset.store.named_graphs()):
        node = BlankNode(f"graph{number}")
        yield _says(described, "namedGraph", node)
        yield _is_a(node, "NamedGraph")
        yield _says(node, "name", graph)


def _service(service: Node, described: Node, languages: tuple[str, ...]) -> Iterator[Triple]:
    yield _is_a(service, "Service")
    yield _says(service, "endpoint", service)
    yield _says(service, "feature", NamedNode(SD + "EmptyGraphs"))
    yield _says(service, "defaultDataset", described)
    for language in languages:
        yield _says(service, "supportedLanguage", NamedNode(SD + language))


def _is_a(node: Node, kind: str) -> Triple:
    return Triple(node, NamedNode(RDF + "type"), NamedNode(SD + kind))


def _says(node: Node, term: str, value: Node) -> Triple:
    return Triple(node, NamedNode(SD + term), value)
