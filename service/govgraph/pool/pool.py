"""A fixed number of workers, a bounded queue before them, and a time for each answer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from govgraph.errors import GovgraphError
from govgraph.pool.keeper import Worker, WorkerLost
from govgraph.pool.role import Role

log = logging.getLogger("govgraph")
#: Seconds before a worker that could not be started is tried again: at first, and in the end.
_AGAIN, _AT_MOST = 0.05, 2.0
#: Seconds for which a worker may have nothing to do while others have.
IDLE = 5.0
#: Seconds that processes have to be gone in, once they are killed.
_LAST = 5.0


class Pool:
    """Up to `size` workers of a role, lent to one request at a time; `queue` requests may wait.
    Workers are started when they are first needed, or all by `start`; one that ends is replaced
    when its process is gone, so that there are never more than `size`."""

    def __init__(self, role: Role, size: int, queue: int) -> None:
        self.role, self.size, self.queue = role, size, queue
        self.workers: set[Worker] = set()
        self.idle: deque[Worker] = deque()
        self.waiting: deque[asyncio.Future[Worker]] = deque()
        self.replaced = 0
        self._coming: set[asyncio.Task[None]] = set()
        self._open = True

    async def start(self) -> None:
        """Start all workers. GovgraphError(internal) if one does not come up."""
        try:
            for worker in await asyncio.gather(*(self._new() for _ in range(self.size))):
                self.back(worker)
        except (OSError, WorkerLost) as error:
            raise GovgraphError("internal") from error

    def close(self) -> None:
        """Start no more workers."""
        self._open = False

    async def stop(self) -> None:
        """End all workers, busy ones too, and wait until they are gone."""
        self.close()
        if self._coming:
            await asyncio.wait(self._coming, timeout=_LAST)
        for worker in self.workers:
            worker.kill()
        clock = asyncio.get_running_loop().time
        end = clock() + _LAST
        while self.workers and clock() < end:
            await asyncio.sleep(0.01)

    @asynccontextmanager
    async def worker(self, patience: float) -> AsyncIterator[Worker]:
        """A worker for one request.

        GovgraphError(busy) if the queue is full, or if no worker is free in `patience` seconds."""
        worker = self.free() or await self._waited(patience)
        try:
            yield worker
        finally:
            self.back(worker)

    def free(self) -> Worker | None:
        """A worker that has nothing to do, which is lent by this: the last one that had, whose memory is
        still at hand; now and then the first one, so that each comes to see a new release."""
        while self.idle:
            first = time.monotonic() - self.idle[0].idle_since > IDLE
            worker = self.idle.popleft() if first else self.idle.pop()
            if worker.there():
                return worker
        return None

    def place(self) -> asyncio.Future[Worker]:
        """A place in the queue. GovgraphError(busy) if it is full."""
        if len(self.waiting) >= self.queue:
            raise GovgraphError("busy", seconds=1)
        self._grow()
        place: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self.waiting.append(place)
        return place

    def leave(self, place: asyncio.Future[Worker]) -> None:
        """Give a place up, and a worker that has come there."""
        if place.done() and not place.cancelled():
            self.back(place.result())
        with contextlib.suppress(ValueError):
            self.waiting.remove(place)
        place.cancel()

    def back(self, worker: Worker) -> None:
        """Take a worker back, and lend it to the next who waits. One that was killed is replaced
        when its process is gone."""
        if not worker.alive:
            return
        while self.waiting:
            place = self.waiting.popleft()
            if not place.done():
                place.set_result(worker)
                return
        worker.idle_since = time.monotonic()
        self.idle.append(worker)

    async def _waited(self, patience: float) -> Worker:
        place = self.place()
        try:
            return await asyncio.wait_for(place, patience)
        except TimeoutError:
            self.leave(place)
            raise GovgraphError("busy", seconds=round(patience)) from None
        except asyncio.CancelledError:
            self.leave(place)
            raise

    def _grow(self) -> None:
        """Have another worker come, if there may be one."""
        if self._open and len(self.workers) + len(self._coming) < self.size:
            task = asyncio.create_task(self._come())
            self._coming.add(task)
            task.add_done_callback(self._coming.discard)

    async def _come(self) -> None:
        pause = _AGAIN
        while self._open:
            try:
                self.back(await self._new())
                return
            except (OSError, WorkerLost) as error:
                log.error("a worker could not be started: %r", error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _AT_MOST)

    async def _new(self) -> Worker:
        worker = await Worker.start(self.role)
        self.workers.add(worker)
        asyncio.get_running_loop().add_reader(worker.process.sentinel, self._ended, worker)
        return worker

    def _ended(self, worker: Worker) -> None:
        """A process has ended by itself, or was killed. One at work is missed by who lent it."""
        asyncio.get_running_loop().remove_reader(worker.process.sentinel)
        worker.kill()
        self.workers.discard(worker)
        with contextlib.suppress(ValueError):
            self.idle.remove(worker)
        self.replaced += 1
        self._grow()
