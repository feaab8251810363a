"""/sparql: the SPARQL 1.1 Protocol's query operation and the service description."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode

from govgraph.engine.base import Dataset
from govgraph.engine.explain import Explanation
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


def _parameter(name: str, says: str, example: str | None = None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"} | ({"examples": [example]} if example else {})
    return {"name": name, "in": "query", "required": False, "description": says, "schema": schema}


_PARAMETERS = {
    "parameters": [
        _parameter("query", "The query.", "SELECT ?p WHERE { ?p a foaf:Person } LIMIT 5"),
        _parameter("default-graph-uri", "Graph to merge into the default graph; repeatable."),
        _parameter("named-graph-uri", "Graph to see by name; repeatable."),
        _parameter("inference", "false leaves out inferred triples."),
        _parameter("release", "Id of an older release; the current one if left out."),
        _parameter("format", "json, xml, csv, tsv, turtle, … instead of Accept."),
        _parameter(
            "explain",
            "true: not the answer but how it is found, as application/json or text/plain: engine and"
            " reason, estimate, algebra, SQL, plan, times. analyze: run it too, within the limits,"
            " for actual rows and times.",
        ),
    ]
}


@dataclass(frozen=True)
class Operation:
    """A query operation as the protocol carries it."""

    query: str
    dataset: Dataset
    release: str | None
    format: str | None
    explain: Literal["false", "true", "analyze"] = "false"


@router.head("/sparql", include_in_schema=False)
@router.get(
    "/sparql",
    summary="SPARQL query, or the service description",
    responses=_ANSWERS,
    openapi_extra=_PARAMETERS,
)
async def get(request: Request) -> Response:
    """`?query=` evaluates a query; without it the service describes itself."""
    parameters = _parameters(_url_query(request))
    if "query" not in parameters:
        release = await in_thread(
            request, lambda: releases(request).open(_one(parameters, "release"))
        )
        return service_description(request, release)
    return await _evaluate(request, _operation(parameters))


@router.post("/sparql", summary="SPARQL query", responses=_ANSWERS, openapi_extra=_PARAMETERS)
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
    return Operation(
        queries[0],
        dataset,
        _one(parameters, "release"),
        _one(parameters, "format"),
        _explain(parameters),
    )


def _explain(parameters: dict[str, list[str]]) -> Literal["false", "true", "analyze"]:
    text = (_one(parameters, "explain") or "false").lower()
    if text in ("analyze", "analyse"):
        return "analyze"
    if text not in _SWITCH:
        why, why_zh = "write true, false or analyze", "应为 true、false 或 analyze"
        raise GovgraphError("invalid-parameter", name="explain", why=why, why_zh=why_zh)
    return "true" if _SWITCH[text] else "false"


_SWITCH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def _flag(parameters: dict[str, list[str]], name: str) -> bool:
    """A switch that is on unless it is turned off."""
    text = (_one(parameters, name) or "true").lower()
    if text not in _SWITCH:
        why, why_zh = "write true or false", "应为 true 或 false"
        raise GovgraphError("invalid-parameter", name=name, why=why, why_zh=why_zh)
    return _SWITCH[text]


def _iris(parameters: dict[str, list[str]], name: str) -> list[str] | None:
    values = parameters.get(name)
    for value in values or ():
        try:
            NamedNode(value)
        except ValueError as error:
            why, why_zh = str(error), "不是 IRI"
            raise GovgraphError("invalid-parameter", name=name, why=why, why_zh=why_zh) from None
    return values


async def _explained(request: Request, operation: Operation) -> Response:
    """The explanation instead of the answer. A run of it is not cached by clients: no ETag."""
    accept = negotiate.accepted(request)
    if operation.format:
        short = {"json": "application/json", "text": "text/plain"}
        if operation.format not in short:
            raise GovgraphError("not-acceptable", offered=", ".join(short))
        accept = short[operation.format]
    media, text = negotiate.require(accept, _EXPLANATIONS)

    def work() -> tuple[Opened, Explanation]:
        release = releases(request).open(operation.release)
        guard(operation.query)
        analyse = operation.explain == "analyze"
        return release, release.engine.explain(operation.query, operation.dataset, analyse=analyse)

    release, found = await in_thread(request, work)
    content = found.as_text() if text else json.dumps(found.as_dict(), ensure_ascii=False)
    headers = {"Govgraph-Release": release.release.id, "Vary": "Accept"}
    return Response(content, media_type=media, headers=headers)


_EXPLANATIONS = {"application/json": False, "text/plain": True}


async def _evaluate(request: Request, operation: Operation) -> Response:
    if operation.explain != "false":
        return await _explained(request, operation)
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
        limiters = request.app.state.limiters
        response = Streamed(first, chunks, limiters and limiters[True], media)
    name_release(response, release, media)
    return response
