"""/graphs of the scratch dataset: the SPARQL 1.1 Graph Store HTTP Protocol.

A graph is named by `?graph=IRI`, `?default`, or by the URL itself below /graphs/.
"""

from __future__ import annotations

from uuid import uuid4

from fastapi import APIRouter, Request, Response
from pyoxigraph import Triple

from govgraph.engine.uploads import ENDINGS, triples_of
from govgraph.errors import GovgraphError
from govgraph.http import negotiate, protocol
from govgraph.http.common import in_thread
from govgraph.http.graphs import graph_named
from govgraph.http.multipart import MULTIPART, Part, parts_of
from govgraph.scratch.sparql import UPLOAD, dataset_of, url_of

router = APIRouter()
UPDATE = "application/sparql-update"


@router.head("/graphs")
@router.head("/graphs/{path:path}")
@router.get("/graphs")
@router.get("/graphs/{path:path}")
async def get(request: Request, path: str = "") -> Response:
    """A graph as a document."""
    graph, parameters = _graph(request, path), protocol.in_url(request)
    accept = negotiate.wanted(request, protocol.one(parameters, "format"))
    media, wanted = negotiate.require(accept, negotiate.GRAPHS)
    content = await in_thread(request, lambda: dataset_of(request).document(graph, wanted))
    return Response(content, media_type=media, headers={"Vary": "Accept"})


@router.put("/graphs")
@router.put("/graphs/{path:path}")
async def put(request: Request, path: str = "") -> Response:
    """Make a document all of a graph."""
    graph = _graph(request, path)
    upload = await _upload(request)
    base = graph or url_of(request)
    new = await in_thread(request, lambda: dataset_of(request).put(graph, upload.triples(base)))
    return Response(status_code=201 if new else 204)


@router.post("/graphs")
@router.post("/graphs/{path:path}")
async def post(request: Request, path: str = "") -> Response:
    """Merge a document, or the files of a form, into a graph; without one, into a new graph."""
    made = not path and not protocol.in_url(request)
    graph = _new_graph(request) if made else _graph(request, path)
    upload = await _upload(request)
    base = graph or url_of(request)
    new = await in_thread(request, lambda: dataset_of(request).add(graph, upload.triples(base)))
    headers = {"Location": graph} if made and graph else {}
    return Response(status_code=201 if new else 204, headers=headers)


@router.delete("/graphs")
@router.delete("/graphs/{path:path}")
async def delete(request: Request, path: str = "") -> Response:
    """Take a graph away."""
    graph = _graph(request, path)
    await in_thread(request, lambda: dataset_of(request).delete(graph))
    return Response(status_code=204)


@router.patch("/graphs")
@router.patch("/graphs/{path:path}")
async def patch(request: Request, path: str = "") -> Response:
    """Make a SPARQL update to a graph, which is the default graph to it."""
    graph = _graph(request, path)
    media = protocol.media_type(request.headers.get("content-type"))
    if media != UPDATE:
        raise GovgraphError("unsupported-media-type", given=media or "(none)")
    text = protocol.decoded(await protocol.body(request, UPLOAD))
    base = graph or url_of(request)
    await in_thread(request, lambda: dataset_of(request).patch(graph, text, base))
    return Response(status_code=204)


def _graph(request: Request, path: str) -> str | None:
    """The IRI of the graph that a request names, None for the default graph."""
    parameters = protocol.in_url(request)
    if not path:
        return graph_named(parameters)
    if {"default", "graph"} & parameters.keys():
        raise GovgraphError("which-graph")
    return protocol.iri(url_of(request), "graph")


def _new_graph(request: Request) -> str:
    """An IRI that is the URL of the graph as well."""
    return protocol.iri(f"{url_of(request).rstrip('/')}/{uuid4()}", "graph")


class _Upload:
    """The documents of a request, not parsed yet."""

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts

    def triples(self, base: str) -> list[Triple]:
        return [
            triple for part in self.parts for triple in triples_of(part.content, _media(part), base)
        ]


async def _upload(request: Request) -> _Upload:
    header = request.headers.get("content-type")
    content = await protocol.body(request, UPLOAD)
    if protocol.media_type(header) == MULTIPART:
        return _Upload(parts_of(content, header or ""))
    return _Upload([Part("", None, header, content)])


def _media(part: Part) -> str:
    """The media type of a part: what it says, or else what its file's name says."""
    media = protocol.media_type(part.media)
    if media in ("", "application/octet-stream", "text/plain") and part.filename:
        return ENDINGS.get(part.filename.rpartition(".")[2].lower(), media)
    return media
