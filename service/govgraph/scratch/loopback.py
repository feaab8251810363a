"""Only this machine may ask, and no page of another site through a browser on it."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from govgraph.errors import GovgraphError
from govgraph.http.errors import problem_response


def is_loopback(host: str | None) -> bool:
    """Whether a host's name or address can only be this machine's."""
    if host is None:
        return False
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class OnlyLoopback:
    """Middleware that refuses what was not meant for this machine: a `Host` of another name is how
    rebinding shows, an `Origin` elsewhere is a page that writes in its reader's name."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _is_own(Headers(scope=scope)):
            await problem_response(GovgraphError("only-loopback"))(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _is_own(headers: Headers) -> bool:
    hosts = [f"//{host}" for host in headers.getlist("host")]
    return len(hosts) == 1 and all(map(_is_here, (*hosts, *headers.getlist("origin"))))


def _is_here(text: str) -> bool:
    try:
        url = urlsplit(text)
        return is_loopback(url.hostname) and (url.port is None or url.port > 0)
    except ValueError:
        return False
