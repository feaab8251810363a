"""Middleware that tells caches what an older release is good for: the same answer for good."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Days; the program may get better at telling what a release says.
_DAYS = 30
IMMUTABLE = f"public, max-age={_DAYS * 86_400}, immutable"


class Caching:
    """An answer under `?release=ID` is fixed. One under a date is not, nor is what has no ETag."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = scope["query_string"] if scope["type"] == "http" else b""
        asked = parse_qs(query.decode("latin-1")).get("release") if b"release=" in query else None
        if not asked or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return

        async def saying(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                headers = MutableHeaders(scope=message)
                if "etag" in headers and [headers.get("govgraph-release")] == asked:
                    headers["Cache-Control"] = IMMUTABLE
            await send(message)

        await self.app(scope, receive, saying)
