"""/graphs of the scratch dataset: the SPARQL 1.1 Graph Store HTTP Protocol.

A graph is named by `?graph=IRI`, `?default`, or by the URL itself below /graphs/.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from govgraph.http import negotiate, protocol
from govgraph.http.common import in_thread
from govgraph.http.graphs import graph_of, new_graph
from govgraph.http.protocol import url_of
from govgraph.http.received import documents_of, update_of
from govgraph.scratch.sparql import UPLOAD, dataset_of

router = APIRouter()


@router.head("/graphs")
@router.head("/graphs/{path:path}")
@router.get("/graphs")
@router.get("/graphs/{path:path}")
async def get(request: Request, path: str = "") -> Response:
    """A graph as a document."""
    graph, parameters = graph_of(request, path), protocol.in_url(request)
    accept = negotiate.wanted(request, protocol.one(parameters, "format"))
    media, wanted = negotiate.require(accept, negotiate.GRAPHS)
    content = await in_thread(request, lambda: dataset_of(request).document(graph, wanted))
    return Response(content, media_type=media, headers={"Vary": "Accept"})


@router.put("/graphs")
@router.put("/graphs/{path:path}")
async def put(request: Request, path: str = "") -> Response:
    """Make a document all of a graph."""
    graph = graph_of(request, path)
    upload = await documents_of(request, UPLOAD)
    base = graph or url_of(request)
    new = await in_thread(request, lambda: dataset_of(request).put(graph, upload.triples(base)))
    return Response(status_code=201 if new else 204)


@router.post("/graphs")
@router.post("/graphs/{path:path}")
async def post(request: Request, path: str = "") -> Response:
    """Merge a document, or the files of a form, into a graph; without one, into a new graph."""
    made = not path and not protocol.in_url(request)
    graph = new_graph(request) if made else graph_of(request, path)
    upload = await documents_of(request, UPLOAD)
    base = graph or url_of(request)
    new = await in_thread(request, lambda: dataset_of(request).add(graph, upload.triples(base)))
    headers = {"Location": graph} if made and graph else {}
    return Response(status_code=201 if new else 204, headers=headers)


@router.delete("/graphs")
@router.delete("/graphs/{path:path}")
async def delete(request: Request, path: str = "") -> Response:
    """Take a graph away."""
    graph = graph_of(request, path)
    await in_thread(request, lambda: dataset_of(request).delete(graph))
    return Response(status_code=204)


@router.patch("/graphs")
@router.patch("/graphs/{path:path}")
async def patch(request: Request, path: str = "") -> Response:
    """Make a SPARQL update to a graph, which is the default graph to it."""
    graph = graph_of(request, path)
    text = await update_of(request, UPLOAD)
    base = graph or url_of(request)
    await in_thread(request, lambda: dataset_of(request).patch(graph, text, base))
    return Response(status_code=204)
