"""Keys over HTTP: what a route needs, reading on private instances, and the audit log."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.security import APIKeyHeader, HTTPBearer
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Asked

from govgraph.access.audit import Audit
from govgraph.access.authorize import authorize, authorize_read, authorize_write
from govgraph.access.key import Key, Scope
from govgraph.access.keys import Keys
from govgraph.errors import GovgraphError
from govgraph.http.common import in_thread
from govgraph.http.errors import problem_response
from govgraph.settings import Settings

router = APIRouter(prefix="/api/v1", tags=["operations"])
#: What a client is told of keys.
SCHEMES = [
    Depends(HTTPBearer(auto_error=False, description="A key of `govgraph keys add`.")),
    Depends(APIKeyHeader(name="X-Api-Key", auto_error=False, description="The same key.")),
]
Checked = Callable[[Request], Awaitable[Key]]


def require(scope: Scope) -> Checked:
    """A dependency that gives the request's key, if it has the scope.

    GovgraphError(key-missing, key-unknown, key-expired, key-scope)."""

    async def allowed(request: Request) -> Key:
        return authorize(request.scope["headers"], _keys(request), scope)

    return allowed


async def writer(request: Request) -> Key:
    """The key of a request that writes. GovgraphError(updates-off) and those of `require`."""
    settings: Settings = request.app.state.settings
    return authorize_write(request.scope["headers"], _keys(request), settings)


async def administrator(request: Request) -> Key:
    """The key of a request that changes what is served. GovgraphError as of `writer`."""
    await writer(request)
    return await require("admin")(request)


def _keys(request: Request) -> Keys:
    found: Keys = request.app.state.keys
    return found


@router.get("/audit", summary="Who changed what, the newest first", dependencies=SCHEMES)
async def audit(
    request: Request,
    _key: Annotated[Key, Depends(require("admin"))],
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    before: Annotated[
        int | None, Query(ge=1, description="Lines before this number; `next` of a page.")
    ] = None,
) -> dict[str, Any]:
    """Needs a key of scope `admin`."""
    settings: Settings = request.app.state.settings
    lines = await in_thread(request, lambda: Audit(settings.home).page(limit, before))
    more = bool(lines) and lines[-1]["number"] > 1
    return {"items": lines, "next": lines[-1]["number"] if more else None}


class PrivateReads:
    """Middleware of instances that may be read with a key only. What they answer is nobody else's:
    caches on the way are told so."""

    def __init__(self, app: ASGIApp, keys: Keys, settings: Settings) -> None:
        self.app, self.keys, self.settings = app, keys, settings

    async def __call__(self, scope: Asked, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            authorize_read(
                scope["method"], scope["path"], scope["headers"], self.keys, self.settings
            )
        except GovgraphError as error:
            await problem_response(error)(scope, receive, send)
            return

        async def private(message: Message) -> None:
            if message["type"] == "http.response.start":
                _keep_private(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, private)


def _keep_private(headers: MutableHeaders) -> None:
    said = [part.strip() for part in headers.get("Cache-Control", "").split(",")]
    kept = [part for part in said if part and part.lower() not in ("public", "private")]
    headers["Cache-Control"] = ", ".join(["private", *kept])
