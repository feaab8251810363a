"""Conditional requests: `If-None-Match` with the answer's own ETag gets 304 and no body."""

from __future__ import annotations

import re
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: What a 304 repeats of the headers (RFC 9110 §15.4.5).
_KEPT = (b"etag", b"vary", b"cache-control", b"govgraph-release")
#: An entity tag, whose text may hold commas; weak and strong ones compare alike here.
_TAG = re.compile(r'(?:W/)?("[^"]*")|(\*)')


class NotModified:
    """Middleware that turns a 200 whose ETag the client has into a 304."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = ",".join(
            Headers(scope=scope).getlist("if-none-match") if _conditional(scope) else ()
        )
        if not known:
            await self.app(scope, receive, send)
            return
        sender = _Sender(known, send)
        with suppress(_Answered):
            await self.app(scope, receive, sender)


class _Answered(Exception):
    """A 304 is complete; what would follow need not be made."""


class _Sender:
    def __init__(self, known: str, send: Send) -> None:
        self.known, self.send = {quoted or star for quoted, star in _TAG.findall(known)}, send
        self.matched = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            tag = Headers(raw=message["headers"]).get("etag")
            self.matched = message["status"] == 200 and bool(
                tag and not self.known.isdisjoint({"*", _opaque(tag)})
            )
            if self.matched:
                kept = [pair for pair in message["headers"] if pair[0].lower() in _KEPT]
                message = {**message, "status": 304, "headers": kept}
        elif self.matched:
            await self.send({**message, "body": b"", "more_body": False})
            if message.get("more_body"):
                raise _Answered
            return
        await self.send(message)


def _conditional(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] in ("GET", "HEAD")


def _opaque(tag: str) -> str:
    """A tag without its weakness mark: If-None-Match compares weakly."""
    return tag.strip().removeprefix("W/")
