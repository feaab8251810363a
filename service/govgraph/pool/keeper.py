"""The keeper of one worker: starts it, asks it, kills it."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import select
import signal
import socket
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from typing import Any

from govgraph.errors import GovgraphError
from govgraph.pool.body import Body
from govgraph.pool.frames import Frames, frame
from govgraph.pool.role import Role
from govgraph.pool.worker import DONE, MORE, READY, WHOLE, main

#: Bytes of a temporary folder's path to which the names of sockets can be added.
LONGEST = 60
#: Pieces of an answer that wait for a client who takes them slowly.
WAITING = 4
#: Processes are forked from one that has everything imported, which takes a tenth of a start.
_context = multiprocessing.get_context("forkserver")


class WorkerLost(Exception):
    """The worker ended, or was ended, before its answer did."""


class Line(asyncio.Protocol):
    """The keeper's end of the socket to a worker. What comes waits to be heard, unless there is a
    `listener`, which is told at once; None is the end."""

    def __init__(self) -> None:
        self.listener: Callable[[tuple[Any, ...] | None], None] | None = None
        self.lost = False
        self._frames = Frames()
        self._come: deque[tuple[Any, ...]] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        for value in self._frames.add(data):
            if self.listener:
                self.listener(value)
            else:
                self._come.append(value)
                self._wake()
        if len(self._come) > WAITING:
            self.transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.lost = True
        if self.listener:
            self.listener(None)
        self._wake()

    async def hear(self) -> tuple[Any, ...] | None:
        """The next thing that the worker says; None when it is gone."""
        while not self._come:
            if self.lost:
                return None
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        if len(self._come) > WAITING and not self.lost:
            self.transport.resume_reading()
        return self._come.popleft()

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)


class Worker:
    """A running worker process. One request at a time; whoever ends a request early kills it."""

    def __init__(self, process: BaseProcess, line: Line) -> None:
        self.process, self.line = process, line
        self._end = select.poll()
        self._end.register(process.sentinel)
        self.alive = True
        #: Whether it is at an answer; one that is left in the middle of it is of no use.
        self.answering = False
        #: When it was last given back.
        self.idle_since = 0.0

    @classmethod
    async def start(cls, role: Role) -> Worker:
        """Start a worker and wait until it is ready. WorkerLost if it does not come up."""
        ours, theirs = socket.socketpair()
        process = await asyncio.to_thread(_start, role, theirs)
        theirs.close()
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(Line, sock=ours)
        worker = cls(process, line)
        if await worker.hear() != (READY,):
            raise WorkerLost
        return worker

    async def ask(self, scope: dict[str, Any], body: Body) -> AsyncIterator[tuple[Any, ...]]:
        """What the worker says of an answer: one WHOLE (status, headers, body), or a START
        (status, headers) and then CHUNKs (bytes, more). WorkerLost if the worker ends first,
        the GovgraphError of an application that fails on the way: the worker is there for the
        next request."""
        self.answering = True
        self.tell((scope, *body.piece()))
        while (heard := await self.hear())[0] != DONE:
            if heard[0] == MORE:
                self.tell(body.piece())
                continue
            self.answering = heard[0] != WHOLE
            yield heard
            if heard[0] == WHOLE:
                return
        self.answering = False
        if heard[1] is not None:
            raise GovgraphError(heard[1], **heard[2])

    def there(self) -> bool:
        """Whether the process runs, as far as is known by now."""
        return self.alive and not self._end.poll(0)

    async def hear(self) -> tuple[Any, ...]:
        """The next thing that the worker says. WorkerLost if it is gone."""
        if (heard := await self.line.hear()) is None:
            self.kill()
            raise WorkerLost
        return heard

    def tell(self, value: tuple[Any, ...]) -> None:
        """Send the worker a request, or a piece of one, which it has asked for: no more than one
        is on its way."""
        self.line.transport.write(frame(value))

    def kill(self) -> None:
        """End the process at once."""
        if self.alive:
            self.alive = False
            if self.process.is_alive():
                self.process.kill()
            self.line.transport.close()


def prepare(roles: Iterable[Role]) -> None:
    """Start the process that workers are forked from, if there is none. It imports what the roles
    need, and lets pass what tells all processes of a service to end: its keeper is to end it."""
    _context.set_forkserver_preload([__name__, *(role.module for role in roles)])
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with _short_paths():
            forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _short_paths() -> Iterator[None]:
    """That process is spoken to through a socket in the temporary folder, and the path of a socket
    has about a hundred bytes at most: where the folder's own is long, it is the system's."""
    before = tempfile.tempdir
    if len(os.fsencode(tempfile.gettempdir())) > LONGEST:
        tempfile.tempdir = "/tmp"
    try:
        yield
    finally:
        tempfile.tempdir = before


def _start(role: Role, connection: socket.socket) -> BaseProcess:
    process = _context.Process(target=main, args=(role, connection), daemon=True)
    process.start()
    return process
