"""The service's front: it takes requests, lends each a worker, and watches the clock and the client.

Only this process listens. It parses no query and opens no release, so nothing that a request says
can end it; what a worker cannot finish in time or in its memory ends that worker.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

from govgraph import __version__
from govgraph.errors import GovgraphError
from govgraph.pool.cache import Cache, Kept
from govgraph.pool.clients import Clients, address, networks
from govgraph.pool.keeper import Worker, WorkerLost
from govgraph.pool.pool import Pool
from govgraph.pool.worker import START, WHOLE
from govgraph.release import Home
from govgraph.settings import Settings, in_bytes

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Scope = dict[str, Any]
log = logging.getLogger("govgraph")
#: Bytes that a request's body may have.
BODY = 16 << 20
#: Seconds beyond the time of queries: workers stop by themselves first, and say why.
BEYOND = 2.0
_CARRIED = ("method", "path", "query_string", "scheme", "http_version", "root_path")


class Front:
    """An ASGI application that answers with a pool of processes."""

    def __init__(self, settings: Settings) -> None:
        given = json.loads(settings.model_dump_json())
        self.settings = settings
        self.pool = Pool(
            given, settings.workers, in_bytes(settings.worker_memory), settings.queue_length
        )
        self.clients = Clients(settings.client_requests, settings.client_seconds)
        self.trusted = networks(settings.trusted_proxies)
        self.home = Home(settings.home)
        self.cache = Cache(in_bytes(settings.cache), settings.home)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        reply = _Reply(send)
        try:
            await self._answer(scope, receive, reply)
        except GovgraphError as error:
            if reply.begun:  # the server breaks off the connection of an answer without an end
                log.warning("an answer was cut: %s", error.code)
                return
            await reply.whole(*_problem(error))
        except _Gone:
            return

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.pool.start()
        except GovgraphError as error:
            await send({"type": "lifespan.startup.failed", "message": error.message_en})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.pool.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, reply: _Reply) -> None:
        if scope["path"] in ("/health", "/ready"):
            await reply.whole(*self._state(scope["path"]))
            return
        body = await _body(receive, self.settings.arrival_seconds)
        key = self.cache.key(scope, body)
        if (kept := self.cache.get(key)) is not None:
            await reply.whole(*kept)
            return
        sent = {name: scope.get(name, "") for name in _CARRIED} | {
            "type": "http",
            "raw_path": scope.get("raw_path") or scope["path"].encode(),
            "headers": [[name, value] for name, value in scope["headers"]],
            "client": list(scope["client"] or ()),
            "server": list(scope["server"] or ()),
        }
        with self.clients.working(address(scope, self.trusted)):
            async with self.pool.worker(self.settings.queue_seconds) as worker:
                answer = await self._worked(worker, sent, body, receive, reply)
        if answer is not None:
            self.cache.put(key, answer)

    def _state(self, path: str) -> Kept:
        try:
            release = self.home.current().id
        except GovgraphError:
            release = None
        ready = release is not None and bool(self.pool.idle or self.pool.busy)
        status = 200 if path == "/health" or ready else 503
        said = {"status": "ok" if status == 200 else "not ready", "version": __version__}
        body = json.dumps(said | {"release": release}).encode()
        return Kept(status, [(b"content-type", b"application/json")], body)

    async def _worked(
        self, worker: Worker, sent: Scope, body: bytes, receive: Receive, reply: _Reply
    ) -> Kept | None:
        """Pass a worker's answer on; the answer if it came in one piece. All of the worker's time
        counts, not that of a client that reads slowly; but one that takes nothing is gone."""
        watching = asyncio.ensure_future(_until_gone(receive))
        heard = worker.ask(sent, body)
        left = limit = self.settings.query_seconds + BEYOND
        try:
            while True:
                began = time.monotonic()
                item = await _next(heard, watching, left)
                left = max(0.0, left - (time.monotonic() - began))
                if item is None:
                    return None
                if item[0] == WHOLE:
                    answer = Kept(item[1], [(bytes(k), bytes(v)) for k, v in item[2]], item[3])
                    await reply.whole(*answer)
                    return answer
                await _taken((reply.start if item[0] == START else reply.chunk)(*item[1:]), limit)
        except (TimeoutError, _Gone, WorkerLost) as error:
            await _end(worker, heard)
            if not isinstance(error, _Gone):
                raise self._failure(error) from error
        except BaseException:
            worker.kill()
            raise
        finally:
            watching.cancel()
        return None

    def _failure(self, error: Exception) -> GovgraphError:
        if isinstance(error, TimeoutError):
            return GovgraphError("query-timeout", limit=f"{self.settings.query_seconds:g}")
        return GovgraphError("query-ended-worker")


class _Gone(Exception):
    """The client has hung up."""


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _next(
    heard: AsyncIterator[tuple[Any, ...]], watching: asyncio.Future[None], seconds: float
) -> tuple[Any, ...] | None:
    """What the worker says next, None at the end. TimeoutError, _Gone, WorkerLost."""
    item = asyncio.ensure_future(anext(heard, None))
    await asyncio.wait((item, watching), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    if item.done():
        return item.result()
    item.cancel()
    with contextlib.suppress(asyncio.CancelledError, WorkerLost):
        await item
    raise _Gone if watching.done() else TimeoutError


async def _taken(sending: Awaitable[None], seconds: float) -> None:
    """Send a part of an answer. _Gone if the client does not take it."""
    try:
        await asyncio.wait_for(sending, seconds)
    except TimeoutError:
        raise _Gone from None


async def _end(worker: Worker, heard: Any) -> None:
    """End what a worker is doing, and the worker with it: a new one is there in no time."""
    worker.kill()
    with contextlib.suppress(WorkerLost, RuntimeError):
        await heard.aclose()


async def _body(receive: Receive, seconds: float) -> bytes:
    """A request's body, for each part of which there are some seconds.

    GovgraphError(body-too-large, request-timeout); _Gone if the client hangs up."""
    parts: list[bytes] = []
    size = 0
    while True:
        try:
            message = await asyncio.wait_for(receive(), seconds)
        except TimeoutError:
            raise GovgraphError("request-timeout", seconds=round(seconds)) from None
        if message["type"] == "http.disconnect":
            raise _Gone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > BODY:
            raise GovgraphError("body-too-large", limit=BODY)
        if not message.get("more_body", False):
            return b"".join(parts)


class _Reply:
    """What is sent to the client."""

    def __init__(self, send: Send) -> None:
        self.send, self.begun = send, False

    async def start(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self.begun = True
        await self.send({"type": "http.response.start", "status": status, "headers": headers})

    async def chunk(self, content: bytes, more: bool = False) -> None:
        await self.send({"type": "http.response.body", "body": content, "more_body": more})

    async def whole(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        await self.start(status, headers)
        await self.chunk(body)


def _problem(error: GovgraphError) -> Kept:
    body = json.dumps(error.problem(), ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/problem+json")]
    if "seconds" in error.details and error.status in (429, 503):
        headers.append((b"retry-after", str(error.details["seconds"]).encode()))
    headers.append((b"content-length", str(len(body)).encode()))
    return Kept(error.status, headers, body)
