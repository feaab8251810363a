"""Errors as pages for those who read pages; programs get problem documents as ever."""

from __future__ import annotations

import json
from dataclasses import dataclass

from fastapi import FastAPI, Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from govgraph.edge.readers import PROGRAMS
from govgraph.edge.writes import is_form
from govgraph.http import negotiate
from govgraph.http.errors import PROBLEM_JSON
from govgraph.pages.frame import respond
from govgraph.pages.page import Page
from govgraph.pages.words import texts

_OFFERED = [PROBLEM_JSON, "text/html"]
#: Headers of a document that a page has of its own.
_OF_DOCUMENT = (b"content-type", b"content-length", b"vary")


@dataclass(frozen=True)
class Failure:
    """What a page says of an error; `sought` is the identifier of an entity that is not here."""

    status: int
    code: str
    message_zh: str
    message_en: str
    sought: str = ""

    @property
    def title(self) -> str:
        """The key of its heading: of the code, of the status, or of the kind of status."""
        keys = (f"error.title-{part}" for part in (self.code, self.status, self.status // 100))
        return next(key for key in keys if key in texts())


def install(app: FastAPI) -> None:
    """Put pages before all problem documents, also those of what nobody has foreseen. Called after
    `govgraph.http.errors.install`, so that it is around what that installs."""
    app.add_middleware(ProblemsAsPages)


class ProblemsAsPages:
    """Middleware that tells a reader of pages as a page what a program is told as a document."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _reads_pages(Request(scope)):
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, _Told(scope, receive, send))


class _Told:
    """One answer on its way; a problem document is taken in and a page goes out."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.receive, self.send = scope, receive, send
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_problem(message):
            self.start = message
        elif self.start is None:
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._page(self.start)

    async def _page(self, start: Message) -> None:
        request = Request(self.scope)
        failure = _failure(request, json.loads(self.body))
        page = respond("error.html", Page.of(request), status=failure.status, error=failure)
        page.raw_headers += [pair for pair in start["headers"] if pair[0] not in _OF_DOCUMENT]
        await page(self.scope, self.receive, self.send)


def _is_problem(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith(PROBLEM_JSON)


def _failure(request: Request, problem: dict[str, str]) -> Failure:
    named = request.url.path.startswith("/id/") and problem["code"] == "not-found"
    sought = request.url.path.removeprefix("/id/").partition("/")[2] if named else ""
    return Failure(
        int(problem["status"]),
        problem["code"],
        problem["message_zh"],
        problem["message_en"],
        sought,
    )


def _reads_pages(request: Request) -> bool:
    """Whether a page is liked best. Of two that are liked the same a program's document comes first,
    but to a form, which is answered by pages only."""
    path = request.url.path
    if path.startswith(PROGRAMS):
        return False
    offered = _OFFERED[::-1] if is_form(request.method, path) else _OFFERED
    return negotiate.choose(negotiate.accepted(request), offered) == "text/html"
