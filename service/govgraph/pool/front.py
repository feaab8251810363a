"""The service's front: it takes requests, lends each a worker, and watches the clock and the client.

Only this process listens. It runs no engine, and of queries it knows only those about one thing (see
`athand`), so nothing that a request says can end it; what a worker cannot finish in time or in its
memory ends that worker.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import TYPE_CHECKING, Any

from govgraph import __version__
from govgraph.access.authorize import authorize_form, authorize_read, authorize_write
from govgraph.access.keys import Keys
from govgraph.edge.writes import is_form
from govgraph.errors import GovgraphError
from govgraph.http.multipart import leading_fields
from govgraph.observed import note
from govgraph.pool.body import Body, ClientGone, Receive, read_body
from govgraph.pool.cache import Cache
from govgraph.pool.clients import Client, Clients, address, networks
from govgraph.pool.exchange import Exchange
from govgraph.pool.keeper import Worker, WorkerLost
from govgraph.pool.lanes import Lane, Lanes, is_write, lanes_of_releases
from govgraph.pool.plain import told
from govgraph.pool.reply import Gathered, Kept, Reply, Send
from govgraph.pool.watch import Watch, Why
from govgraph.release import Home
from govgraph.settings import Settings, in_bytes

if TYPE_CHECKING:
    from govgraph.pool.lookup import Lookup

Scope = dict[str, Any]
log = logging.getLogger("govgraph")
#: Seconds beyond the time of queries: workers stop by themselves first, and say why.
BEYOND = 2.0
#: A worker that ends in so many seconds may have been killed before, and its process not gone yet.
DYING = 0.25
#: Bytes of a form whose key may not write that are looked at.
FIELDS = 64 << 10
#: Seconds that the end of the service takes once nothing is running.
LAST = 1.0
#: Under this name a scope's state has an error that was met before the request came here.
FAILED = "failed"
#: And under this one that a worker was lost at it.
TRIED = "tried"


class Front:
    """An ASGI application that answers with two pools of processes, those of a release
    if no lanes are given."""

    def __init__(self, settings: Settings, lanes: Lanes | None = None) -> None:
        self.settings, self.lanes = settings, lanes or lanes_of_releases(settings)
        self.clients = Clients(settings.client_requests, settings.client_seconds)
        self.trusted = networks(settings.trusted_proxies)
        self.home = Home(settings.home)
        self.keys = Keys(settings.home)
        self.cache = Cache(in_bytes(settings.cache), settings.home)
        self.running: dict[asyncio.Task[Any], Watch | None] = {}
        self.lookups: set[Lookup] = set()
        self.ending = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        old = scope["http_version"] in ("1.0", "0.9")
        reply = Gathered(send, in_bytes(self.settings.upload_limit)) if old else Reply(send)
        try:
            await self._answer(scope, receive, reply)
        except ClientGone:
            log.info("%s %s: the client hung up", scope["method"], scope["path"])
        except GovgraphError as error:
            await self._fail(scope, reply, error)
        except asyncio.CancelledError:
            if not self.ending:
                raise
            await self._fail(scope, reply, _ending())
        finally:
            reply.close()

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.lanes.reads.pool.start()
        except GovgraphError as error:
            await send({"type": "lifespan.startup.failed", "message": error.message_en})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.gather(self.lanes.reads.pool.stop(), self.lanes.writes.pool.stop())
        await send({"type": "lifespan.shutdown.complete"})

    async def _fail(self, scope: Scope, reply: Reply, error: GovgraphError) -> None:
        """Say what is wrong, or break off what has begun."""
        if reply.begun:
            note(code=error.code)
            log.warning("%s %s: broken off: %s", scope["method"], scope["path"], error.code)
        else:
            await reply.whole(*told(scope, error))

    async def _answer(self, scope: Scope, receive: Receive, reply: Reply) -> None:
        if scope["path"] in ("/health", "/ready"):
            await reply.whole(*self._state(scope["path"]))
            return
        if error := _state(scope, FAILED):
            raise error
        if self.ending:
            raise _ending()
        task = asyncio.current_task()
        assert task is not None
        self.running[task] = None
        try:
            await self._asked(scope, receive, reply)
        finally:
            del self.running[task]

    async def _asked(self, scope: Scope, receive: Receive, reply: Reply) -> None:
        lane = self._admit(scope)
        seconds = self.settings.arrival_seconds
        body = await read_body(receive, scope["headers"], lane.limit, seconds)
        if is_form(scope["method"], scope["path"]) and not self._may_send(scope, body):
            lane, body = self.lanes.reads, body.cut(FIELDS)
        try:
            small = body.small
            key = None if small is None else self.cache.key(scope, small)
            if (kept := self.cache.get(key)) is not None:
                note(lane="cache")
                await reply.whole(*kept)
                return
            answer = await self._admitted(lane, Exchange(scope, body, receive, reply))
        finally:
            body.close()
        if answer is not None:
            self.cache.put(key, answer)

    def _admit(self, scope: Scope) -> Lane:
        """The lane of a request whose key may ask this. GovgraphError of `govgraph.access`."""
        method, path, headers = scope["method"], scope["path"], scope["headers"]
        write = is_write(method, path)
        if write and not (self.lanes.scratch or is_form(method, path)):
            authorize_write(headers, self.keys, self.settings)
        elif not self.lanes.scratch:
            authorize_read(method, path, headers, self.keys, self.settings)
        return self.lanes.writes if write else self.lanes.reads

    def _may_send(self, scope: Scope, body: Body) -> bool:
        """Whether the key in a form may write. One that may not takes none of the writer's time: a
        reader, who gets its first fields only, says on a page what is wrong."""
        header = dict(scope["headers"]).get(b"content-type", b"").decode("latin-1")
        secret = leading_fields(body.head(), header).get("key", "")
        try:
            authorize_form(secret, self.keys, self.settings)
        except GovgraphError:
            return False
        return True

    async def _admitted(self, lane: Lane, asked: Exchange) -> Kept | None:
        """Have a request answered, if its client may ask for more and a worker becomes free. The
        one lane of writes bounds their time for all clients together."""
        with self.clients.admitted(address(asked.scope, self.trusted)) as client:
            try:
                return await self._lent(lane, asked, client, last=bool(_state(asked.scope, TRIED)))
            except _Dying:
                return await self._lent(lane, asked, client, last=True)

    async def _lent(
        self, lane: Lane, asked: Exchange, client: Client, *, last: bool = False
    ) -> Kept | None:
        """Lend a worker. _Dying if it ended at once, and another may be tried."""
        began = time.perf_counter()
        async with lane.pool.worker(self.settings.queue_seconds) as worker:
            note(lane=lane.name, waited=time.perf_counter() - began)
            if lane.unstoppable:
                return await self._watched(lane, worker, asked, last=True)
            with self.clients.working(client):
                return await self._watched(lane, worker, asked, last=last)

    async def _watched(
        self, lane: Lane, worker: Worker, asked: Exchange, *, last: bool
    ) -> Kept | None:
        task, clock = asyncio.current_task(), asyncio.get_running_loop().time
        assert task is not None
        receive = None if lane.unstoppable else asked.receive
        watch = self.running[task] = Watch(worker, lane.seconds + BEYOND, receive)
        began = clock()
        try:
            return await asked.work(worker)
        except WorkerLost:
            if clock() - began < DYING and not (last or watch.why or asked.begun):
                raise _Dying from None
            note(ended=watch.why or "lost")
            raise failure(lane, watch.why) from None
        finally:
            self.running[task] = None
            watch.close()
            if worker.answering:
                worker.kill()

    async def drain(self) -> None:
        """Let nothing in but what asks for our health, and wait for what is running; it is ended
        in time for the service to end within `drain_seconds`."""
        self.ending = True
        await self._over(max(0, self.settings.drain_seconds - LAST))
        self.end_running()
        await self._over(LAST / 2)

    async def _over(self, seconds: float) -> None:
        """Wait until what is running has ended, but no longer than this."""
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        while self.lookups and clock() < end:
            await asyncio.sleep(0.01)
        if self.running:
            await asyncio.wait(tuple(self.running), timeout=max(0, end - clock()))

    def end_running(self) -> None:
        """End what is running. Its clients are told so, if they listen."""
        self.lanes.reads.pool.close()
        self.lanes.writes.pool.close()
        for lookup in tuple(self.lookups):
            lookup.end("ending")
        loop = asyncio.get_running_loop()
        for task, watch in tuple(self.running.items()):
            if watch:
                watch.end("ending")
            loop.call_later(LAST / 4 if watch else 0, task.cancel)

    def _state(self, path: str) -> Kept:
        try:
            release = self.home.current().id
        except GovgraphError:
            release = None
        served = release is not None or self.lanes.scratch
        ready = served and bool(self.lanes.reads.pool.workers) and not self.ending
        status = 200 if path == "/health" or ready else 503
        said = {"status": "ok" if status == 200 else "not ready", "version": __version__}
        body = json.dumps(said | {"release": release}).encode()
        return Kept(status, [(b"content-type", b"application/json")], body)


class _Dying(Exception):
    """A worker ended so soon that it may have been ending when it was lent."""


def _state(scope: Scope, name: str) -> Any:
    """What the short way has left in a request's state."""
    return scope.get("state", {}).get(name)


def _ending() -> GovgraphError:
    return GovgraphError("ending", seconds=5)


def failure(lane: Lane, why: Why | None) -> Exception:
    """What is wrong when a worker is lost that was ended for a reason, or for none."""
    if why == "gone":
        return ClientGone()
    if why == "late":
        return GovgraphError(lane.late, limit=f"{lane.seconds:g}")
    if why == "ending" and not lane.unstoppable:
        return _ending()
    return GovgraphError(lane.lost)
