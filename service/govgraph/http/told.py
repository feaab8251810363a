"""Middleware of a worker's application: what it learns of a request, told to its keeper."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from govgraph.observed import TOLD, Observed, begin, current


class Told:
    """The route, the engine and the code of an error go along in a header that the edge takes off.
    Without a keeper the request at work is the edge's own, and hears of the route here."""

    def __init__(self, app: ASGIApp, *, keeper: bool) -> None:
        self.app, self.keeper = app, keeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self.keeper:
            begin(Observed(Headers(scope=scope).get("x-request-id", "")))

        async def telling(message: Message) -> None:
            observed = current()
            if message["type"] == "http.response.start" and observed is not None:
                observed.route = getattr(scope.get("route"), "path", "")
                if self.keeper:
                    told = (TOLD, observed.told())
                    message = {**message, "headers": [*message["headers"], told]}
            await send(message)

        await self.app(scope, receive, telling)
