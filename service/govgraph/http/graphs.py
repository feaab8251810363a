"""/graphs of a release: the reads of the SPARQL 1.1 Graph Store HTTP Protocol.

A graph is named by `?graph=IRI`, `?default`, or by the URL itself below /graphs/.
"""

from __future__ import annotations

from uuid import uuid4

from fastapi import APIRouter, Request, Response

from govgraph.engine.base import EVERYTHING, Answer, Dataset, Formats
from govgraph.errors import GovgraphError
from govgraph.http import protocol
from govgraph.http.answering import answered
from govgraph.http.common import name_release, releases
from govgraph.http.state import Opened

router = APIRouter(tags=["SPARQL"])
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@router.head("/graphs", include_in_schema=False)
@router.head("/graphs/{path:path}", include_in_schema=False)
@router.get("/graphs/{path:path}", include_in_schema=False)
@router.get("/graphs", summary="A graph of the release as a document")
async def get(request: Request, path: str = "") -> Response:
    """`?default` is the merge of all graphs, `?graph=IRI` one of them."""
    parameters = protocol.in_url(request)
    graph = graph_of(request, path)
    used: list[Opened] = []

    def begin(formats: Formats) -> Answer:
        used.append(releases(request).open(protocol.one(parameters, "release")))
        engine = used[0].engine
        if graph is not None and graph not in engine.graphs():
            raise GovgraphError("unknown-graph", graph=graph)
        return engine.answer(_ALL, formats, Dataset([graph], []) if graph else EVERYTHING)

    response = await answered(request, protocol.one(parameters, "format"), begin)
    if used and response.status_code == 200:
        name_release(response, used[0], str(response.media_type))
    return response


def graph_of(request: Request, path: str) -> str | None:
    """The IRI of the one graph that a request names, None for the default graph.

    GovgraphError(which-graph, invalid-parameter)."""
    parameters = protocol.in_url(request)
    named, default = parameters.get("graph", []), parameters.get("default", [])
    if len(named) + len(default) != (0 if path else 1):
        raise GovgraphError("which-graph")
    if path:
        return protocol.iri(protocol.url_of(request), "graph")
    return protocol.iri(named[0], "graph") if named else None


def new_graph(request: Request) -> str:
    """An IRI for a new graph, which is its URL as well."""
    return protocol.iri(f"{protocol.url_of(request).rstrip('/')}/{uuid4()}", "graph")
