"""/graphs and /update of a release: the Graph Store Protocol's reads. Releases never change, so
what would write is refused."""

from __future__ import annotations

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
@router.get("/graphs", summary="A graph of the release as a document")
async def get(request: Request) -> Response:
    """`?default` is the merge of all graphs, `?graph=IRI` one of them."""
    parameters = protocol.in_url(request)
    graph = graph_named(parameters)
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


@router.post("/update", include_in_schema=False)
@router.put("/graphs", include_in_schema=False)
@router.post("/graphs", include_in_schema=False)
@router.patch("/graphs", include_in_schema=False)
@router.delete("/graphs", include_in_schema=False)
async def refuse() -> Response:
    """No change is taken here. GovgraphError(updates-off)."""
    raise GovgraphError("updates-off")


def graph_named(parameters: protocol.Parameters) -> str | None:
    """The IRI of the one graph that a request names, None for the default graph.

    GovgraphError(which-graph, invalid-parameter)."""
    named, default = parameters.get("graph", []), parameters.get("default", [])
    if len(named) + len(default) != 1:
        raise GovgraphError("which-graph")
    return protocol.iri(named[0], "graph") if named else None
