"""Errors as pages for those who read pages; programs get problem documents as ever."""

from __future__ import annotations

from typing import cast

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.types import ExceptionHandler

from govgraph.edge.readers import PROGRAMS
from govgraph.errors import GovgraphError
from govgraph.http import negotiate
from govgraph.pages.frame import respond
from govgraph.pages.page import Page

_OFFERED = ["application/problem+json", "text/html"]


def install(app: FastAPI) -> None:
    """Put pages before the handlers that are there for our errors and the framework's."""
    for kind in (GovgraphError, HTTPException):
        otherwise = app.exception_handlers[kind]
        app.add_exception_handler(kind, _handler(cast(ExceptionHandler, otherwise)))


def _handler(otherwise: ExceptionHandler) -> ExceptionHandler:
    async def handle(request: Request, error: Exception) -> Response:
        answer = await otherwise(request, error)  # type: ignore[misc,arg-type]
        assert isinstance(answer, Response)
        if not _reads_pages(request) or answer.status_code == 304:
            return answer
        ours = error if isinstance(error, GovgraphError) else _ours(cast(HTTPException, error))
        page = respond("error.html", Page.of(request), status=ours.status, error=ours)
        page.headers.update(
            {name: value for name, value in answer.headers.items() if name == "retry-after"}
        )
        return page

    return handle


def _reads_pages(request: Request) -> bool:
    if request.url.path.startswith(PROGRAMS) or request.query_params.get("format"):
        return False
    return negotiate.choose(negotiate.accepted(request), _OFFERED) == "text/html"


def _ours(error: HTTPException) -> GovgraphError:
    code = {404: "no-such-path", 405: "method-not-allowed"}.get(error.status_code, "internal")
    return GovgraphError(code)
