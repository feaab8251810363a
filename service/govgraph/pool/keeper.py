"""The keeper of one worker: starts it, asks it, kills it."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
from collections.abc import AsyncIterator
from multiprocessing.process import BaseProcess
from typing import Any

from govgraph.pool.frames import frame, read
from govgraph.pool.worker import DONE, READY, WHOLE, main

#: Processes are forked from one that has everything imported, which takes a tenth of a start.
_PRELOADED = ("govgraph.app", "govgraph.pool.worker")
_context = multiprocessing.get_context("forkserver")


class WorkerLost(Exception):
    """The worker ended, or was ended, before its answer did."""


class Worker:
    """A running worker process. One request at a time; whoever ends a request early kills it."""

    def __init__(
        self, process: BaseProcess, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.process, self.reader, self.writer = process, reader, writer
        self.alive = True

    @classmethod
    async def start(cls, settings: dict[str, Any], memory: int) -> Worker:
        """Start a worker and wait until it is ready. WorkerLost if it does not come up."""
        ours, theirs = socket.socketpair()
        process = await asyncio.to_thread(_start, settings, theirs, memory)
        theirs.close()
        worker = cls(process, *await asyncio.open_connection(sock=ours))
        if await worker.hear() != (READY,):
            raise WorkerLost
        return worker

    async def ask(self, scope: dict[str, Any], body: bytes) -> AsyncIterator[tuple[Any, ...]]:
        """What the worker says of an answer: one WHOLE (status, headers, body), or a START
        (status, headers) and then CHUNKs (bytes, more). WorkerLost if the worker ends first, or if
        the application fails on the way."""
        await self.tell(scope, body)
        while (heard := await self.hear())[0] != DONE:
            yield heard
            if heard[0] == WHOLE:
                return
        if heard[1] is not None:
            raise WorkerLost(heard[1])

    async def hear(self) -> tuple[Any, ...]:
        """The next thing that the worker says."""
        try:
            heard: tuple[Any, ...] = await read(self.reader)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.kill()
            raise WorkerLost from None
        return heard

    async def tell(self, scope: dict[str, Any], body: bytes) -> None:
        try:
            self.writer.write(frame((scope, body)))
            await self.writer.drain()
        except ConnectionError:
            self.kill()
            raise WorkerLost from None

    def kill(self) -> None:
        """End the process at once; it has nothing to lose."""
        if self.alive:
            self.alive = False
            self.process.kill()
            self.writer.close()


def _start(settings: dict[str, Any], connection: socket.socket, memory: int) -> BaseProcess:
    _context.set_forkserver_preload(list(_PRELOADED))
    process = _context.Process(target=main, args=(settings, connection, memory), daemon=True)
    process.start()
    return process
