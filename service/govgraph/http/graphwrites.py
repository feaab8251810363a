"""/graphs of a release: the writes of the SPARQL 1.1 Graph Store HTTP Protocol, through the gate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from pyoxigraph import Triple

from govgraph.engine.base import Dataset
from govgraph.errors import GovgraphError
from govgraph.gate.gate import Written
from govgraph.http import negotiate, protocol
from govgraph.http.graphs import graph_of, new_graph
from govgraph.http.multipart import MULTIPART
from govgraph.http.received import UPDATE, Documents, documents_of, update_of
from govgraph.http.updates import REFUSALS, counts
from govgraph.http.writing import IF_MATCH, SCHEMES, Writing, answer_of, writing

router = APIRouter(tags=["changes"])
_NAMED = [
    {
        "name": name,
        "in": "query",
        "required": False,
        "description": says,
        "schema": {"type": "string"},
    }
    for name, says in (
        ("graph", "IRI of the graph 图的 IRI"),
        ("default", "The default graph 默认图"),
    )
]
_DOCUMENT = {
    "parameters": [*_NAMED, IF_MATCH],
    "requestBody": {
        "required": True,
        "content": {
            media: {"schema": {"type": "string"}} for media in (*negotiate.GRAPHS, MULTIPART)
        },
    },
}
_PATCH = {
    "parameters": [*_NAMED, IF_MATCH],
    "requestBody": {"required": True, "content": {UPDATE: {"schema": {"type": "string"}}}},
}
_MADE: dict[int | str, dict[str, Any]] = {201: {"description": "A new graph 新图"}}
_DONE: dict[int | str, dict[str, Any]] = {204: {"description": "Done, or nothing to do 完成"}}


@router.put("/graphs/{path:path}", include_in_schema=False)
@router.put(
    "/graphs", summary="Make a document all of a graph 以文档替换一个图", status_code=204,
    responses=REFUSALS | _MADE | _DONE, openapi_extra=_DOCUMENT, dependencies=SCHEMES,
)  # fmt: skip
async def put(request: Request, path: str = "") -> Response:
    """The default graph is the union of all graphs, which cannot be replaced. Needs a key of scope
    `write`. 默认图是并集，不能替换；需要 `write` 权限的密钥。"""
    async with writing(request, "graph-put") as write:
        graph = graph_of(request, path)
        write.tell(graph=graph)
        named = _one(graph)
        upload = await documents_of(request, write.limit)
        found = await _written(
            write, upload, named, lambda triples: write.gate.put(named, triples, write.expected)
        )
    return answer_of(found, Response(status_code=201 if found.new else 204))


@router.post("/graphs/{path:path}", include_in_schema=False)
@router.post(
    "/graphs", summary="Merge documents into a graph 把文档并入一个图", status_code=204,
    responses=REFUSALS | _MADE | _DONE, openapi_extra=_DOCUMENT, dependencies=SCHEMES,
)  # fmt: skip
async def post(request: Request, path: str = "") -> Response:
    """A document, or the files of a form. `?default` is the graph of edits; without a name a new graph
    is made, whose IRI is in `Location`. Needs a key of scope `write`.

    `?default` 写入编辑图；不指明图则新建一个，其 IRI 见 `Location`。需要 `write` 权限的密钥。"""
    async with writing(request, "graph-post") as write:
        made = not path and not {"graph", "default"} & protocol.in_url(request).keys()
        graph = new_graph(request) if made else graph_of(request, path)
        write.tell(graph=graph)
        upload = await documents_of(request, write.limit)
        found = await _written(
            write,
            upload,
            graph or protocol.url_of(request),
            lambda triples: write.gate.add(graph, triples, write.expected),
        )
    headers = {"Location": graph} if made and graph and found.new else {}
    return answer_of(found, Response(status_code=201 if found.new else 204, headers=headers))


@router.delete("/graphs/{path:path}", include_in_schema=False)
@router.delete(
    "/graphs", summary="Take a graph away 删除一个图", status_code=204,
    responses=REFUSALS | _DONE, openapi_extra={"parameters": [*_NAMED, IF_MATCH]},
    dependencies=SCHEMES,
)  # fmt: skip
async def delete(request: Request, path: str = "") -> Response:
    """All that a graph states. Needs a key of scope `write`. 删除图中的全部陈述。"""
    async with writing(request, "graph-delete") as write:
        graph = graph_of(request, path)
        write.tell(graph=graph)
        named = _one(graph)
        found = await write.made(b"", lambda: write.gate.delete(named, write.expected), counts)
    return answer_of(found, Response(status_code=204))


@router.patch("/graphs/{path:path}", include_in_schema=False)
@router.patch(
    "/graphs", summary="Make a SPARQL update to one graph 对一个图执行更新", status_code=204,
    responses=REFUSALS | _DONE, openapi_extra=_PATCH, dependencies=SCHEMES,
)  # fmt: skip
async def patch(request: Request, path: str = "") -> Response:
    """The graph is the default graph of the update, which may change no other; `?default` is the
    union of all, as for /update. Needs a key of scope `write`. 更新只能改动所指的图。"""
    async with writing(request, "graph-patch") as write:
        graph = graph_of(request, path)
        write.tell(graph=graph)
        text, url = await update_of(request, write.limit), protocol.url_of(request)

        def change() -> Written:
            if graph is None:
                return write.gate.update(text, Dataset(), url, write.expected)
            return write.gate.patch(graph, text, graph, write.expected)

        found = await write.made(text.encode(), change, counts)
    return answer_of(found, Response(status_code=204))


async def _written(
    write: Writing, upload: Documents, base: str, change: Callable[[list[Triple]], Written]
) -> Written:
    return await write.made(upload.content, lambda: change(upload.triples(base)), counts)


def _one(graph: str | None) -> str:
    """A graph by its name. GovgraphError(default-graph) for the union of all."""
    if graph is None:
        raise GovgraphError("default-graph")
    return graph
