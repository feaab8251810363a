"""Every error leaves as an RFC 9457 problem document; details of ours stay in the log."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from govgraph.errors import GovgraphError
from govgraph.observed import note

PROBLEM_JSON = "application/problem+json"
log = logging.getLogger("govgraph")


def problem_response(error: GovgraphError) -> JSONResponse:
    """The response for an error of the catalogue; one that tells to wait says how long."""
    error = error.public()
    note(code=error.code)
    return JSONResponse(error.problem(), error.status, error.headers, media_type=PROBLEM_JSON)


def install(app: FastAPI) -> None:
    """Register the handlers for our errors, the framework's, and the unforeseen."""

    @app.exception_handler(GovgraphError)
    async def ours(request: Request, error: GovgraphError) -> JSONResponse:
        if error.status == 500 and error.__cause__:  # what a limit stops is no fault
            log.error("%s %s: %s", request.method, request.url.path, error.code, exc_info=error)
        return problem_response(error)

    @app.exception_handler(HTTPException)
    async def frameworks(_: Request, error: HTTPException) -> JSONResponse:
        code = {404: "no-such-path", 405: "method-not-allowed"}.get(error.status_code, "internal")
        response = problem_response(GovgraphError(code))
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    async def parameters(_: Request, error: RequestValidationError) -> JSONResponse:
        first: dict[str, Any] = dict(error.errors()[0])
        name = ".".join(str(part) for part in first["loc"][1:])
        why = str(first["msg"])
        why_zh = "缺少该参数" if first["type"] == "missing" else "取值不合要求"
        return problem_response(
            GovgraphError("invalid-parameter", name=name, why=why, why_zh=why_zh)
        )

    app.add_middleware(Unforeseen)


class Unforeseen:
    """Middleware that ends what nothing else has caught. A handler for Exception would let it go on
    to the server, which then drops the connection and with it the client's next request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            log.error("%s %s", scope["method"], scope["path"], exc_info=error)
            await problem_response(GovgraphError("internal"))(scope, receive, send)
