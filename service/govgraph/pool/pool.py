"""A fixed number of workers, a bounded queue before them, and a time for each answer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from govgraph.errors import GovgraphError
from govgraph.pool.keeper import Worker, WorkerLost

log = logging.getLogger("govgraph")
#: Seconds before a worker that could not be started is tried again.
_AGAIN = 1.0


class Pool:
    """Workers are lent to one request at a time. A worker that is ended is replaced."""

    def __init__(self, settings: dict[str, Any], size: int, memory: int, queue: int) -> None:
        self.settings, self.size, self.memory, self.queue = settings, size, memory, queue
        self.idle: deque[Worker] = deque()
        self.waiting: deque[asyncio.Future[Worker]] = deque()
        self.busy: set[Worker] = set()
        self.replaced = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = True

    async def start(self) -> None:
        """Start all workers. GovgraphError(internal) if one does not come up."""
        try:
            for worker in await asyncio.gather(*(self._new() for _ in range(self.size))):
                self._offer(worker)
        except (OSError, WorkerLost) as error:
            raise GovgraphError("internal") from error

    async def stop(self) -> None:
        """End all workers, busy ones too."""
        self._open = False
        for task in self._tasks:
            task.cancel()
        for worker in (*self.idle, *self.busy):
            worker.kill()

    @asynccontextmanager
    async def worker(self, patience: float) -> AsyncIterator[Worker]:
        """A worker for one request. If it has been killed on leaving, another takes its place.

        GovgraphError(busy) if the queue is full, or if no worker is free in `patience` seconds."""
        worker = await self._take(patience)
        self.busy.add(worker)
        try:
            yield worker
        finally:
            self.busy.discard(worker)
            if worker.alive:
                self._offer(worker)
            else:
                self._replace()

    async def _take(self, patience: float) -> Worker:
        if self.idle:
            return self.idle.popleft()
        if len(self.waiting) >= self.queue:
            raise GovgraphError("busy", seconds=1)
        place: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self.waiting.append(place)
        try:
            return await asyncio.wait_for(place, patience)
        except TimeoutError:
            raise GovgraphError("busy", seconds=round(patience)) from None
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._offer(place.result())
            raise
        finally:
            with contextlib.suppress(ValueError):
                self.waiting.remove(place)

    def _offer(self, worker: Worker) -> None:
        while self.waiting:
            place = self.waiting.popleft()
            if not place.done():
                place.set_result(worker)
                return
        self.idle.append(worker)

    def _replace(self) -> None:
        if self._open:
            self.replaced += 1
            task = asyncio.create_task(self._renew())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _renew(self) -> None:
        while True:
            try:
                self._offer(await self._new())
                return
            except (OSError, WorkerLost):
                log.exception("a worker could not be started")
                await asyncio.sleep(_AGAIN)

    async def _new(self) -> Worker:
        worker = await Worker.start(self.settings, self.memory)
        loop = asyncio.get_running_loop()
        loop.add_reader(worker.process.sentinel, self._ended, worker)
        return worker

    def _ended(self, worker: Worker) -> None:
        """A process has ended by itself, or was killed. One at work is missed by who lent it."""
        asyncio.get_running_loop().remove_reader(worker.process.sentinel)
        worker.kill()
        if worker in self.idle:
            self.idle.remove(worker)
            self._replace()
