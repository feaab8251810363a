"""/sparql: the SPARQL 1.1 Protocol's query operation and the service description."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.routing import Route

from govgraph.engine.base import Answer, Formats
from govgraph.engine.explain import Explanation
from govgraph.engine.guard import guard
from govgraph.federation.allowed import Allowed
from govgraph.federation.federated import federated
from govgraph.http import negotiate, protocol
from govgraph.http.answering import answered
from govgraph.http.common import FRESH, in_thread, name_release, releases
from govgraph.http.description import service_description
from govgraph.http.protocol import Operation, operation
from govgraph.http.state import Opened
from govgraph.settings import Settings

router = APIRouter(tags=["SPARQL"])
PATH = "/sparql"
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


@router.head(PATH, include_in_schema=False)
@router.get(
    PATH,
    summary="SPARQL query, or the service description",
    responses=_ANSWERS,
    openapi_extra=_PARAMETERS,
)
async def get(request: Request) -> Response:
    """`?query=` evaluates a query; without it the service describes itself."""
    parameters = protocol.in_url(request)
    if "query" not in parameters:
        release = await in_thread(
            request, lambda: releases(request).open(protocol.one(parameters, "release"))
        )
        return service_description(request, release)
    return await _evaluate(request, operation(parameters))


@router.post(PATH, summary="SPARQL query", responses=_ANSWERS, openapi_extra=_PARAMETERS)
async def post(request: Request) -> Response:
    """A form with `query`, or the query itself as application/sparql-query."""
    return await _evaluate(request, operation(await protocol.posted(request, "query")))


def route() -> Route:
    """The path's route. Those of the router describe it; this one spares each query what the
    framework does for typed parameters."""

    async def answer(request: Request) -> Response:
        return await (post if request.method == "POST" else get)(request)

    return Route(PATH, answer, methods=["GET", "POST"], include_in_schema=False)


async def _explained(request: Request, operation: Operation) -> Response:
    """The explanation instead of the answer. A run of it is not cached by clients: no ETag."""
    accept = negotiate.wanted(request, operation.format, _SHORT)
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
_SHORT = {"json": "application/json", "text": "text/plain"}


async def _evaluate(request: Request, operation: Operation) -> Response:
    if operation.explain != "false":
        return await _explained(request, operation)
    used: list[Opened] = []
    settings: Settings = request.app.state.settings
    joined = await federated(
        operation.query, allowed(request), settings.service_seconds, settings.service_rows
    )

    def begin(formats: Formats) -> Answer:
        used.append(releases(request).open(operation.release))
        if joined is None:
            guard(operation.query)
        return used[0].engine.answer(joined or operation.query, formats, operation.dataset)

    response = await answered(request, operation.format, begin)
    if used and response.status_code == 200:
        fixed = joined is None and not FRESH.search(operation.query)
        name_release(response, used[0], str(response.media_type), fixed=fixed)
    return response


def allowed(request: Request) -> Allowed:
    """The endpoints that SERVICE may name."""
    found: Allowed = request.app.state.service_allow
    return found
