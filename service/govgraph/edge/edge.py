"""The service's outside: every request gets an id, headers of safety, a line in the log, a count.

It goes around whatever answers, so what answers need not think of it.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any, NamedTuple

from starlette.types import Message, Receive, Send

from govgraph.access.authorize import authorize
from govgraph.access.keys import Keys
from govgraph.edge.addresses import Networks, address, by_https, is_from, networks
from govgraph.edge.asked import Asked, digest
from govgraph.edge.cors import cors_headers, origins, preflight
from govgraph.edge.lines import Kind, RequestLines
from govgraph.edge.logs import requests_log
from govgraph.edge.metrics import CONTENT_TYPE, Metrics
from govgraph.edge.security import security_headers
from govgraph.errors import GovgraphError
from govgraph.observed import TOLD, Observed, begin, note
from govgraph.settings import Settings

REQUEST_ID = b"x-request-id"
_SANE = re.compile(rb"[A-Za-z0-9._-]{1,64}")
#: Nobody reads this status: the client has hung up.
GONE = 499
#: Under this name a scope's state has the time of a request that has waited before it came here.
BEGAN = "began"
Pairs = list[tuple[bytes, bytes]]
Scope = dict[str, Any]
Application = Callable[[Any, Any, Any], Awaitable[None]]


class Edge:
    """An ASGI application around another."""

    def __init__(
        self, app: Application, settings: Settings, metrics: Metrics | None = None
    ) -> None:
        self.app = app
        self.metrics = metrics or Metrics()
        self.trusted = networks(settings.trusted_proxies)
        self.watchers = networks(settings.metrics_networks)
        self.keys = Keys(settings.home)
        self.writers = origins(settings.cors_origins)

    @cached_property
    def log(self) -> RequestLines:
        """The log of requests, as it is set up when the first one is over."""
        return requests_log()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if by_https(scope, self.trusted):
            scope["scheme"] = "https"  # so that links of ours lead back the same way
        observed = Observed(given_id(scope["headers"]) or new_id())
        begin(observed)
        others = [pair for pair in scope["headers"] if pair[0] != REQUEST_ID]
        scope["headers"] = [*others, (REQUEST_ID, observed.id.encode())]
        passing = _Passing(scope, observed, self, send)
        try:
            await self._answer(scope, passing.asked.listening(receive), passing)
        except BaseException:
            passing.broken = True
            raise
        finally:
            passing.over()

    async def _answer(self, scope: Scope, receive: Receive, passing: _Passing) -> None:
        if scope["method"] == "OPTIONS":
            allowed = preflight(scope["path"], scope["headers"], self.writers)
            if allowed is not None:
                await passing.whole(204, allowed, b"")
                return
        if scope["path"] == "/metrics":
            await self._figures(scope, passing)
            return
        await self.app(scope, receive, passing)

    async def _figures(self, scope: Scope, passing: _Passing) -> None:
        try:
            if scope["method"] not in ("GET", "HEAD"):
                raise GovgraphError("method-not-allowed")
            if not is_from(scope, self.trusted, self.watchers):
                authorize(scope["headers"], self.keys, "admin")
        except GovgraphError as error:
            note(code=error.code)
            body = json.dumps(error.problem(), ensure_ascii=False).encode()
            headers = [(k.lower().encode(), v.encode()) for k, v in error.headers.items()]
            headers += _typed(b"application/problem+json", body)
            await passing.whole(error.status, headers, body)
            return
        body = self.metrics.page()
        await passing.whole(200, _typed(CONTENT_TYPE.encode(), body), body)

    def over(self, ended: Ended) -> None:
        """Count a request that is over and write its line."""
        seconds = time.perf_counter() - ended.began
        self.metrics.count(
            ended.observed, ended.scope["method"], ended.scope["path"], ended.status,
            ended.outcome, ended.size, seconds,
        )  # fmt: skip
        if self.log.wanted:
            self.log.write(_Told(ended, seconds, self.trusted))


class Ended(NamedTuple):
    """A request that is over, and how it ended."""

    scope: Scope
    observed: Observed
    asked: Asked
    began: float
    status: int
    outcome: str
    size: int
    release: bytes


class _Told(NamedTuple):
    """A request that is over, its time, and the proxies that are believed."""

    ended: Ended
    seconds: float
    trusted: Networks

    def line(self) -> tuple[Kind, dict[str, object]]:
        """What the log says of it: no parameter, no header, no body."""
        ended, observed = self.ended, self.ended.observed
        kind = Kind(
            address(ended.scope, self.trusted), ended.scope["method"], _raw(ended.scope),
            ended.status, observed.lane, ended.outcome, observed.engine,
            ended.release.decode("ascii", "replace"),
        )  # fmt: skip
        return kind, facts(self.seconds, ended.size, ended.asked.text, observed.id)


def facts(seconds: float, size: int, asked: bytes, ident: str) -> dict[str, object]:
    """What the log says of one request alone; of a query its digest."""
    said = {"seconds": round(seconds, 6), "bytes": size, **digest(asked)}
    return {**said, "request_id": ident}


class _Passing:
    """One answer on its way out."""

    def __init__(self, scope: Scope, observed: Observed, edge: Edge, send: Send) -> None:
        self.scope, self.observed, self.edge, self.send = scope, observed, edge, send
        self.method, self.path, self.asked = scope["method"], scope["path"], Asked(scope)
        self.began = scope.get("state", {}).get(BEGAN) or time.perf_counter()
        self.status = self.size = 0
        self.release = b""
        self.ended = self.broken = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": self._headers(message["headers"])}
        else:
            self.size += len(message.get("body", b""))
            self.ended = not message.get("more_body", False)
        await self.send(message)

    async def whole(self, status: int, headers: Pairs, body: bytes) -> None:
        """Send an answer of the edge's own."""
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self({"type": "http.response.body", "body": body, "more_body": False})

    def _headers(self, given: Pairs) -> Pairs:
        """An answer's headers and ours; what a worker has told is taken off."""
        kept: Pairs = []
        for pair in given:
            if pair[0] == TOLD:
                self.observed.hear(pair[1])
            else:
                kept.append(pair)
                if pair[0] == b"govgraph-release":
                    self.release = pair[1]
        kept.append((REQUEST_ID, self.observed.id.encode()))
        kept += security_headers(kept, https=self.scope["scheme"] == "https")
        if self.method != "OPTIONS":
            kept += cors_headers(self.method, self.path, self._origin(), self.edge.writers)
        return kept

    def _origin(self) -> str | None:
        found = next((v for k, v in self.scope["headers"] if k == b"origin"), None)
        return None if found is None else found.decode("latin-1")

    def over(self) -> None:
        """Count the request and write its line."""
        self.edge.over(
            Ended(
                self.scope, self.observed, self.asked, self.began, self.status or GONE,
                self._outcome(), self.size, self.release,
            )
        )  # fmt: skip

    def _outcome(self) -> str:
        if self.status and (self.broken or (self.observed.code and not self.ended)):
            return "broken"
        if not self.status or not self.ended:
            return "gone"
        if self.status < 400:
            return "not-modified" if self.status == 304 else "ok"
        return self.observed.code or "refused"


def given_id(headers: Pairs) -> str:
    """The id that a client or a proxy gave to a request, if it is sane, or else none."""
    given = [value for name, value in headers if name == REQUEST_ID]
    return given[0].decode() if len(given) == 1 and _SANE.fullmatch(given[0]) else ""


def new_id() -> str:
    """An id for a request that was given none."""
    return os.urandom(16).hex()


def _raw(scope: Scope) -> str:
    """The path as it was sent, without its parameters."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw.partition(b"?")[0].decode("ascii", "backslashreplace")


def _typed(media: bytes, body: bytes) -> Pairs:
    return [
        (b"content-type", media),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
