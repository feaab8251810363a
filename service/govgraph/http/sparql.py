"""/sparql: the SPARQL 1.1 Protocol's query operation and the service description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode

from govgraph.engine.base import Dataset
from govgraph.engine.guard import guard
from govgraph.engine.stream import Chunks, Stopped
from govgraph.errors import GovgraphError
from govgraph.http import negotiate
from govgraph.http.common import in_thread, name_release, releases
from govgraph.http.description import service_description
from govgraph.http.state import Opened
from govgraph.http.streaming import GONE, Reading, Streamed, is_whole, while_connected

router = APIRouter(tags=["SPARQL"])
BODY_LIMIT = 1 << 20
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Solutions, a boolean or a graph, in a format that `Accept` asks for",
        "content": {media: {} for media in (*negotiate.RESULTS, *negotiate.GRAPHS)},
    }
}


@dataclass(frozen=True)
class Operation:
    """A query operation as the protocol carries it."""

    query: str
    dataset: Dataset
    release: str | None
    format: str | None


@router.head("/sparql", include_in_schema=False)
@router.get("/sparql", summary="SPARQL query, or the service description", responses=_ANSWERS)
async def get(request: Request) -> Response:
    """`?query=` evaluates a query; without it the service describes itself."""
    parameters = _parameters(_url_query(request))
    if "query" not in parameters:
        release = await in_thread(
            request, lambda: releases(request).open(_one(parameters, "release"))
        )
        return service_description(request, release)
    return await _evaluate(request, _operation(parameters))


@router.post("/sparql", summary="SPARQL query", responses=_ANSWERS)
async def post(request: Request) -> Response:
    """A form with `query`, or the query itself as application/sparql-query."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await _body(request)
    if media == FORM:
        return await _evaluate(request, _operation(_parameters(_url_query(request), body)))
    if media == QUERY:
        parameters = _parameters(_url_query(request))
        if "query" in parameters:
            raise GovgraphError("query-repeated")
        return await _evaluate(request, _operation(parameters | {"query": [body]}))
    raise GovgraphError("unsupported-media-type", given=media or "(none)")


async def _body(request: Request) -> str:
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > BODY_LIMIT:
            raise GovgraphError("body-too-large", limit=BODY_LIMIT)
    return _decoded(content)


def _url_query(request: Request) -> str:
    return _decoded(request.scope["query_string"])


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise GovgraphError("not-utf8") from None


def _parameters(*encoded: str) -> dict[str, list[str]]:
    parameters: dict[str, list[str]] = {}
    for text in encoded:
        try:
            pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
        except UnicodeDecodeError:
            raise GovgraphError("not-utf8") from None
        for name, value in pairs:
            parameters.setdefault(name, []).append(value)
    return parameters


def _one(parameters: dict[str, list[str]], name: str) -> str | None:
    values = parameters.get(name, [])
    return values[0] if values and values[0] else None


def _operation(parameters: dict[str, list[str]]) -> Operation:
    queries = parameters.get("query", [])
    if not queries:
        raise GovgraphError("query-missing")
    if len(queries) > 1:
        raise GovgraphError("query-repeated")
    default, named = (_iris(parameters, f"{kind}-graph-uri") for kind in ("default", "named"))
    dataset = Dataset(default, named, _flag(parameters, "inference"))
    return Operation(queries[0], dataset, _one(parameters, "release"), _one(parameters, "format"))


def _flag(parameters: dict[str, list[str]], name: str) -> bool:
    """A switch that is on unless it is turned off."""
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    text = (_one(parameters, name) or "true").lower()
    if text not in words:
        why, why_zh = "write true or false", "应为 true 或 false"
        raise GovgraphError("invalid-parameter", name=name, why=why, why_zh=why_zh)
    return words[text]


def _iris(parameters: dict[str, list[str]], name: str) -> list[str] | None:
    values = parameters.get(name)
    for value in values or ():
        try:
            NamedNode(value)
        except ValueError as error:
            why, why_zh = str(error), "不是 IRI"
            raise GovgraphError("invalid-parameter", name=name, why=why, why_zh=why_zh) from None
    return values


async def _evaluate(request: Request, operation: Operation) -> Response:
    accept = negotiate.accepted(request)
    if operation.format:
        if operation.format not in negotiate.SHORT:
            offered = ", ".join(negotiate.SHORT)
            raise GovgraphError("not-acceptable", offered=offered)
        accept = negotiate.SHORT[operation.format]

    reading = Reading()

    def work() -> tuple[Opened, str, bytes, Chunks]:
        release = releases(request).open(operation.release)
        guard(operation.query)
        answer = release.engine.answer(
            operation.query, negotiate.formats(accept), operation.dataset
        )
        offered: Any = negotiate.GRAPHS if answer.form == "graph" else negotiate.RESULTS
        media = negotiate.require(accept, offered)[0]
        return release, media, reading.begin(answer.chunks), answer.chunks

    try:
        release, media, first, chunks = await while_connected(
            request.receive, in_thread(request, work), reading.close
        )
    except Stopped:
        return Response(status_code=GONE)
    if is_whole(first):
        chunks.close()
        response = Response(first, media_type=media)
    else:
        response = Streamed(first, chunks, request.app.state.limiters[True], media)
    name_release(response, release, media)
    return response
