"""Middleware that answers HEAD as GET is answered, without the body, on every route."""

from __future__ import annotations

from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """A body that would follow piece by piece is given up after its first piece."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def headers_only(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                return
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            raise _Enough

        with suppress(_Enough):  # the server's own scope has to go on saying HEAD
            await self.app({**scope, "method": "GET"}, receive, headers_only)


class _Enough(Exception):
    """The headers are out; what would follow need not be made."""
